"""Takes files out of an archive that was fetched, into a folder in place of the one before."""

import shutil
import zipfile
from fnmatch import fnmatch
from pathlib import Path

from graph.errors import FetchError

MOST = 20 << 30  # bytes that an archive may hold


def unpacked(archive: Path, patterns: tuple[str, ...], checksum: str) -> tuple[Path, int]:
    """Take what fits a pattern out of a ZIP archive, unless that was done; return the folder and how many files.

    Raises:
        FetchError: the archive is damaged or too large, or holds no such file; the folder stays as it was.
    """
    folder, done = archive.with_suffix(""), archive.with_name(f".{archive.stem}.unpacked")
    wanted = " ".join((checksum, *patterns))
    if not (folder.is_dir() and done.is_file() and done.read_text(encoding="utf-8") == wanted):
        unpack(archive, patterns, folder)
        done.write_text(wanted, encoding="utf-8")
    return folder, sum(path.is_file() for path in folder.rglob("*"))


def unpack(archive: Path, patterns: tuple[str, ...], folder: Path) -> None:
    """Take what fits a pattern out of a ZIP archive into a folder, in place of what is there.

    Raises:
        FetchError: the archive is damaged or too large, or holds no such file; the folder stays as it was.
    """
    part = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        with zipfile.ZipFile(archive) as found:
            members = [each for each in found.infolist() if not each.is_dir() and _fits(each.filename, patterns)]
            if sum(each.file_size for each in members) > MOST:
                raise FetchError(f"{archive} holds more than {MOST >> 30} GB; unpack what you need of it by hand.")
            if not members:
                raise FetchError(f"{archive} holds no {' or '.join(patterns)}; look whether its layout has changed.")
            for member in members:
                found.extract(member, part)
        shutil.rmtree(folder, ignore_errors=True)
        part.rename(folder)
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError) as error:
        raise FetchError(f"{archive} cannot be unpacked: {error}; remove it and fetch it again.") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _fits(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatch(name, pattern) for pattern in patterns)
