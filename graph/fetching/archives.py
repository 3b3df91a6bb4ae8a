"""Takes files out of archives: of those that were fetched to stay, of others for as long as they are read."""

import lzma
import shutil
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fnmatch import fnmatch
from pathlib import Path

from graph.errors import FetchError, ImportFileError

MOST = 20 << 30  # bytes that an archive may hold
TAPES = (".tar", ".tgz", ".tar.gz", ".tar.xz", ".tar.bz2")
BROKEN = (tarfile.TarError, zipfile.BadZipFile, lzma.LZMAError, zlib.error, EOFError, NotImplementedError)


@contextmanager
def opened(path: Path, wanted: Callable[[Path], bool]) -> Iterator[Path]:
    """Yield a folder of the wanted files of an archive, else the path; raise ImportFileError if damaged or huge."""
    if not (path.name.endswith((*TAPES, ".zip")) and path.is_file()):
        yield path
        return
    with tempfile.TemporaryDirectory() as place:
        try:
            (_unzip if path.suffix == ".zip" else _untar)(path, wanted, Path(place))
        except BROKEN as error:
            raise ImportFileError(f"{path} is no whole archive ({error}); fetch it again.") from error
        except OSError as error:
            hint = "give a file you may read, and let TMPDIR name a folder with room"
            raise ImportFileError(f"{path} cannot be unpacked: {error.strerror or error}; {hint}.") from error
        yield Path(place)


def _untar(path: Path, wanted: Callable[[Path], bool], folder: Path) -> None:
    size = 0
    with tarfile.open(path) as found:
        for member in found:
            if member.isfile() and wanted(Path(member.name)):
                size = _bounded(path, size + member.size)
                found.extract(member, folder, filter="data")


def _unzip(path: Path, wanted: Callable[[Path], bool], folder: Path) -> int:
    with zipfile.ZipFile(path) as found:
        members = [each for each in found.infolist() if not each.is_dir() and wanted(Path(each.filename))]
        _bounded(path, sum(each.file_size for each in members))
        for member in members:
            found.extract(member, folder)
    return len(members)


def _bounded(path: Path, size: int) -> int:
    if size > MOST:
        raise ImportFileError(f"{path} holds more than {MOST >> 30} GB; unpack what you need of it by hand.")
    return size


def unpacked(archive: Path, patterns: tuple[str, ...], checksum: str) -> tuple[Path, int]:
    """Unpack matching files once; return folder and number; raise FetchError if damaged, too large or without any."""
    folder, done = archive.with_suffix(""), archive.with_name(f".{archive.stem}.unpacked")
    wanted = " ".join((checksum, *patterns))
    if not (folder.is_dir() and done.is_file() and done.read_text(encoding="utf-8") == wanted):
        unpack(archive, patterns, folder)
        done.write_text(wanted, encoding="utf-8")
    return folder, sum(path.is_file() for path in folder.rglob("*"))


def unpack(archive: Path, patterns: tuple[str, ...], folder: Path) -> None:
    """Replace a folder by the files of a ZIP archive that match; raise FetchError as `unpacked` does."""
    part = folder.with_name(f".{folder.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        if not _unzip(archive, lambda path: any(fnmatch(str(path), pattern) for pattern in patterns), part):
            raise FetchError(f"{archive} holds no {' or '.join(patterns)}; look whether its layout has changed.")
        shutil.rmtree(folder, ignore_errors=True)
        part.rename(folder)
    except ImportFileError as error:
        raise FetchError(str(error)) from error
    except (*BROKEN, OSError) as error:
        raise FetchError(f"{archive} cannot be unpacked: {error}; remove it and fetch it again.") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
