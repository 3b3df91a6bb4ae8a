"""The checksums of the files of a version, written when it is published, by which it is verified later.

Derived files are not among them: they may be made again at any time. Nor are the engine's own log and lock. A file that
versions share by a hard link is not read again to be summed.
"""

import time
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import MsgspecError, Struct
from msgspec.json import Decoder, encode

from graph.errors import DamageError, VersionError
from graph.versions.derived import KINDS

if TYPE_CHECKING:
    from graph.versions.home import Version

FILE = "checksums.json"
LEFT_OUT = {FILE, "program.txt", "LOCK", *(kind.name for kind in KINDS), *(f"{kind.name}.damaged" for kind in KINDS)}
BLOCK = 1 << 22


class Summed(Struct, frozen=True):
    """A file: its path in the version, its checksum, and its identity on disk."""

    path: str
    sum: str
    size: int
    number: int
    changed: int

    @property
    def identity(self) -> tuple[int, int, int]:
        """What another file has only if it is this one, under whatever name."""
        return self.size, self.number, self.changed


DECODER = Decoder(list[Summed])


def write_sums(folder: Path, others: Iterable[Path]) -> None:
    """Write the checksums of a draft, reading no file that it shares with `others`; raise OSError on failure."""
    known = {each.identity: each.sum for other in others for each in _read(other) or ()}
    found = []
    for path in _files(folder):
        stat = path.stat()
        identity = stat.st_size, stat.st_ino, stat.st_mtime_ns
        found.append(Summed(str(path.relative_to(folder)), known.get(identity) or _sum(path), *identity))
    (folder / FILE).write_bytes(encode(found))


def verify(version: "Version", pause: float = 0.0) -> int:
    """Compare the files of a version with their checksums; return how many there are.

    `pause` is how many seconds to leave to others after each 4 MB.

    Raises:
        VersionError: it has no checksums, as an earlier program made it.
        DamageError: files are missing or not as they were published; the message names each.
    """
    summed = _read(version.folder)
    if summed is None:
        hint = "build or import again to have some"
        raise VersionError(f"Version {version.number} has no checksums that can be read; {hint}.")
    wrong = [words for each in summed if (words := _wrong(version.folder / each.path, each, pause))]
    if wrong:
        hint = "go back to another version (convocation versions rollback), or build and import again"
        raise DamageError("\n".join((*wrong, f"Version {version.number} is damaged; {hint}.")))
    return len(summed)


def _read(folder: Path) -> list[Summed] | None:
    try:
        return DECODER.decode((folder / FILE).read_bytes())
    except (OSError, MsgspecError, UnicodeDecodeError):
        return None


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name not in LEFT_OUT and not path.name.startswith("LOG"):
            yield path


def _wrong(path: Path, summed: Summed, pause: float) -> str:
    try:
        size = path.stat().st_size
        if size != summed.size:
            return f"{path} has {size:,} bytes instead of {summed.size:,}."
        return "" if _sum(path, pause) == summed.sum else f"{path} is not as it was published: its checksum differs."
    except OSError as error:
        return f"{path} cannot be read: {error.strerror}."


def _sum(path: Path, pause: float = 0.0) -> str:
    found = blake2b(digest_size=16)
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            found.update(block)
            time.sleep(pause)
    return found.hexdigest()
