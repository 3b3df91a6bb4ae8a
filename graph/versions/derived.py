"""The files that are derived from the store of a version: its search index, its long lists, its numbers, its report.

Each says which program made it. One of another program, one that is cut off and one that was found to be damaged count
as missing: nothing fails without them, and `graph/indexes/finalization.py` makes them again.
"""

import json
import logging
import os
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import sha256
from pathlib import Path

from msgspec import MsgspecError

from graph.errors import DamageError
from graph.files import ONTOLOGY, QUERIES, ROOT, SHAPES, save

DAMAGE = (sqlite3.Error, zlib.error, MsgspecError, ValueError, TypeError, LookupError, OverflowError, AssertionError)
MAGIC, HEADER = b"SQLite format 3\0", 100  # bytes at the head of a file of SQLite
PASSING = (  # what says nothing of the file: the machine has no memory or descriptors left, another process locks it
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_INTERRUPT,
    sqlite3.SQLITE_FULL,
)
LOG = logging.getLogger("convocation.derived")
_damaged = set[tuple[str, int, int]]()  # where a file could not be renamed: its path, number and time
CODE = ROOT / "graph"
PROGRAM = "program.txt"
SUFFIXES = frozenset((".py", ".rq", ".sql", ".tsv", ".yaml", ".ttl"))


@dataclass(frozen=True)
class Derived:
    """A kind of derived file: its name in the folder of a version, and the files of the program that make it."""

    name: str
    makers: tuple[Path, ...]

    @cached_property
    def format(self) -> str:
        """The identifier of the program version that wrote it."""
        return checksum(*self.makers)

    @property
    def number(self) -> int:
        """The format as SQLite keeps it, in the head of a file."""
        return int(self.format[:7], 16)

    def path(self, folder: Path) -> Path | None:
        """Return the file in the folder of a version, or None if it is missing, foreign, cut off or damaged."""
        path = folder / self.name
        try:
            with path.open("rb") as file:
                stat, head = os.fstat(file.fileno()), file.read(HEADER)
        except OSError:
            return None
        aside = (str(path), stat.st_ino, stat.st_mtime_ns) in _damaged
        return path if self._is_own(head, stat.st_size) and not aside else None

    def _is_own(self, head: bytes, size: int) -> bool:
        if not self.name.endswith(".sqlite"):
            return head.startswith(json.dumps(self.head)[:-1].encode())
        page, pages = int.from_bytes(head[16:18]), int.from_bytes(head[28:32])
        whole = size == pages * (page if page > 1 else 1 << 16)
        return head.startswith(MAGIC) and whole and int.from_bytes(head[60:64]) == self.number

    @property
    def head(self) -> dict[str, str]:
        """The first members of the JSON at the beginning of a text file."""
        return {"convocation": self.name, "format": self.format}


INDEXES = CODE / "indexes"
SEARCH = Derived(
    "search.sqlite",
    (
        QUERIES / "index",
        QUERIES / "search",
        QUERIES / "facets",
        INDEXES / "facet_writer.py",
        INDEXES / "search_writer.py",
        CODE / "names.py",
    ),
)
LISTS = Derived("lists.sqlite", (QUERIES / "lists", INDEXES / "list_writer.py", INDEXES / "lists.py"))
STATISTICS = Derived("statistics.json", (QUERIES / "statistics", INDEXES / "statistics.py"))
REPORT = Derived("report.tsv", (SHAPES, CODE / "validate", CODE / "validate" / "reports.py"))
KINDS = (STATISTICS, SEARCH, LISTS, REPORT)


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Read a derived file in the block; if that fails, set it aside if it is damaged, and raise DamageError."""
    try:
        yield
    except DAMAGE as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF not in PASSING:
            set_aside(path, error)
        raise DamageError(f"{path} cannot be read ({error}); ask again in a minute.") from error


def set_aside(path: Path, error: Exception) -> None:
    """Rename a damaged file, so that it counts as missing, and say so in the log."""
    with suppress(OSError):
        stat = path.stat()
        key = (str(path), stat.st_ino, stat.st_mtime_ns)
        if key not in _damaged:
            _damaged.add(key)
            LOG.warning("%s is damaged (%s); it is set aside, and made again in the background", path, error)
            path.replace(path.with_name(f"{path.name}.damaged"))


def missing(folder: Path) -> list[Derived]:
    """Return the kinds of which the folder of a version has no file that can be used."""
    return [kind for kind in KINDS if kind.path(folder) is None]


@cache
def checksum(*places: Path) -> str:
    """Return the checksum of files, and of the code, queries and data in folders."""
    found = sha256()
    for place in places:
        for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if path.suffix in SUFFIXES:
                found.update(path.read_bytes())
    return found.hexdigest()[:16]


def sign(folder: Path) -> None:
    """Mark all that is derived in the folder of a version as made by this program; raise StoreError on failure."""
    save(folder / PROGRAM, _whole())


def is_signed(folder: Path) -> bool:
    """Return whether this very program made all that is derived in a version, and nothing was written since."""
    try:
        return (folder / PROGRAM).read_text(encoding="utf-8") == _whole()
    except (OSError, ValueError):
        return False


def _whole() -> str:
    return checksum(CODE, SHAPES, ONTOLOGY)
