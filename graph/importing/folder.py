"""The folder `sources/` of a version: the ledgers of each source, and the state from which the next import goes on.

    sources/index.json                        what was imported, from which files
    sources/<source>/<unit>.nq.gz             the ledger: what the source says, sorted N-Quads in the graph of it
    sources/<source>/<unit>.jsonl.gz          the records that it was made of, with the paths of their IRIs
    sources/<source>/<unit>.notices.jsonl.gz  what was corrected, merged and left out, each with its record
    sources/view/<shard>.nq.gz                the resolved view, in parts that are made again one by one
    sources/topics/<edition>.jsonl.gz         which topics the papers of an edition have
    sources/mentions/<edition>.jsonl.gz       who is named as an author where, and who that was found to be

A version takes over the files of the one before as hard links, so that no file may be changed: `write` makes a new one.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import msgspec
from isal import igzip, igzip_lib
from msgspec import Struct

from graph.errors import StoreError
from graph.importing.tally import Tally, total
from graph.sources.json_records import UNREADABLE
from graph.sources.records import Notice, Series

NAME = "sources"
CURATED = "view/curated.nq"
LEVEL = 1
R = TypeVar("R", bound=Struct)


class ImportUnit(Struct, frozen=True, omit_defaults=True):
    """One imported file: whose it is, which bytes were read by which program, and what they held."""

    source: str
    key: str
    file: str
    sha256: str
    program: str
    ledger: str
    counts: dict[str, int]
    editions: tuple[str, ...]
    lines: int = 0
    series: tuple[Series, ...] = ()
    tallies: dict[str, Tally] = {}

    @property
    def tally(self) -> Tally:
        """The tally of all records of the file."""
        return total(self.tallies.values())

    @property
    def path(self) -> str:
        """The path of its ledger without its end."""
        return f"{self.source}/{self.key}"

    @property
    def name(self) -> str:
        """The key of the unit as a source, in IRIs."""
        return f"{self.source}-{self.key}"


class ImportIndex(Struct):
    """The imported units by path, the papers of each edition in the resolved view, and what was decided of persons."""

    units: dict[str, ImportUnit] = {}
    papers: dict[str, int] = {}
    program: str = ""
    decisions: str = ""


@contextmanager
def _reading(name: str) -> Iterator[None]:
    """Read a file of ours in the block; raise StoreError if it is damaged."""
    try:
        yield
    except (igzip_lib.error, *UNREADABLE) as error:  # type: ignore[misc] # its stub says an exception, not a class
        hint = "look for a version that is whole (convocation versions verify 3), and go back to it"
        raise StoreError(f"{NAME}/{name} of the current version is damaged ({error}); {hint}.") from error


@dataclass(frozen=True)
class Folder:
    """A folder of ledgers and parts of the view; what reads raises StoreError if a file is damaged."""

    path: Path

    def index(self) -> ImportIndex:
        """Return what was imported."""
        file = self.path / "index.json"
        with _reading(file.name):
            return msgspec.json.decode(file.read_bytes(), type=ImportIndex) if file.exists() else ImportIndex()

    def set_index(self, index: ImportIndex) -> None:
        """Say what was imported."""
        self._replace("index.json", msgspec.json.format(msgspec.json.encode(index, order="sorted"), indent=1))

    def write(self, name: str, lines: Iterable[str]) -> None:
        """Write lines to a compressed file; none are no file."""
        content = "".join(f"{line}\n" for line in lines).encode()
        if content:
            self._replace(f"{name}.gz", igzip.compress(content, LEVEL, mtime=0))
        else:
            (self.path / f"{name}.gz").unlink(missing_ok=True)

    def read(self, name: str) -> bytes:
        """Return the content of a compressed file, or an empty string if there is none."""
        file = self.path / f"{name}.gz"
        with _reading(f"{name}.gz"):
            return igzip_lib.decompress(file.read_bytes(), flag=igzip_lib.DECOMP_GZIP) if file.exists() else b""

    def lines(self, name: str) -> list[str]:
        """Return the lines of a compressed file, without their ends."""
        content = self.read(name)
        with _reading(f"{name}.gz"):
            return content.decode().split("\n")[:-1]

    def write_records(self, name: str, records: Iterable[Struct]) -> None:
        """Write records as lines of JSON."""
        content = msgspec.json.Encoder().encode_lines(records)
        self._replace(f"{name}.jsonl.gz", igzip.compress(content, LEVEL, mtime=0))

    def keep_records(self, name: str, records: Sequence[Struct]) -> None:
        """Write records as lines of JSON; none are no file."""
        if records:
            self.write_records(name, records)
        else:
            (self.path / f"{name}.jsonl.gz").unlink(missing_ok=True)

    def records(self, name: str, kind: type[R]) -> list[R]:
        """Return the records of a file, of a kind that msgspec can read."""
        content = self.read(f"{name}.jsonl")
        with _reading(f"{name}.jsonl.gz"):
            return msgspec.json.Decoder(kind).decode_lines(content) if content else []

    def notices(self, path: str) -> list[Notice]:
        """Return the notices of a unit, by its path."""
        return self.records(f"{path}.notices", Notice)

    def notices_of(self, name: str) -> list[Notice]:
        """Return the notices of a unit, by the name of its source, such as paperlists-iclr-2024."""
        sources = sorted(each.name for each in self.path.glob("*/") if name.startswith(f"{each.name}-"))
        paths = (f"{each}/{name.removeprefix(f'{each}-')}" for each in sources if "/" not in name)
        return next(filter(None, map(self.notices, paths)), [])

    def shards(self) -> Iterator[str]:
        """Yield the names of the parts of the view."""
        for each in sorted((self.path / "view").glob("*.nq.gz")):
            yield f"view/{each.name.removesuffix('.gz')}"

    def _replace(self, name: str, content: bytes) -> None:
        file = self.path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        new = file.with_name(f".{file.name}")
        new.write_bytes(content)
        new.replace(file)
