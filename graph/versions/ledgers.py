"""The folder of a version that keeps what its sources say, as it moves with the version.

Its files are texts, compressed or not; those of N-Quads are sorted. In a dump they are one tar archive, which is the
same for the same files.
"""

import gzip
import io
import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path

from graph.errors import SourceError
from graph.system.streams import in_blocks, in_order, rebased

ARCHIVE = "sources.tar"
LEVEL = 1  # of gzip, as the importers write them


def pack(folder: Path, archive: Path) -> bool:
    """Write the files of a folder into an archive; return whether there are any."""
    files = list(_files(folder))
    if files:
        with tarfile.open(archive, "w", format=tarfile.PAX_FORMAT) as tar:
            for path in files:
                entry = tarfile.TarInfo(str(path.relative_to(folder)))
                entry.size = path.stat().st_size
                with path.open("rb") as file:
                    tar.addfile(entry, file)
    return bool(files)


def unpack(archive: Path, folder: Path) -> None:
    """Write the files of an archive into a folder; raise SourceError if it is no archive, or would write elsewhere."""
    try:
        with tarfile.open(archive, "r:") as tar:
            for entry in tar:
                place = folder / entry.name
                file = tar.extractfile(entry) if entry.isreg() else None
                if file is None or not place.resolve().is_relative_to(folder.resolve()):
                    raise SourceError(f"{archive} holds {entry.name!r}, which none of ours does; take another dump.")
                place.parent.mkdir(parents=True, exist_ok=True)
                with place.open("wb") as new:
                    shutil.copyfileobj(file, new)
    except tarfile.TarError as error:
        raise SourceError(f"{archive} cannot be unpacked: {error}; fetch it again, or take another dump.") from error


def move(folder: Path, new_folder: Path, old: str, new: str) -> None:
    """Write the files of a folder into another with every IRI below one base moved below another, in order."""
    for path in _files(folder):
        place = new_folder / path.relative_to(folder)
        place.parent.mkdir(parents=True, exist_ok=True)
        packed = path.suffix == ".gz"
        data = gzip.decompress(path.read_bytes()) if packed else path.read_bytes()
        blocks: Iterator[bytes] = rebased([data], old, new)
        if path.name.endswith((".nq", ".nq.gz")):
            blocks = in_blocks(in_order(blocks, place.parent))
        moved = b"".join(blocks)
        place.write_bytes(_packed(moved) if packed else moved)


def _packed(data: bytes) -> bytes:
    file = io.BytesIO()
    with gzip.GzipFile(filename="", mode="wb", compresslevel=LEVEL, fileobj=file, mtime=0) as stream:
        stream.write(data)
    return file.getvalue()


def _files(folder: Path) -> Iterator[Path]:
    yield from sorted(path for path in folder.rglob("*") if path.is_file())
