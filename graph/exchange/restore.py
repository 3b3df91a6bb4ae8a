"""Makes a version of a dump: its checksum is checked, then its shapes, and only then it is published."""

import gzip
import io
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from pyoxigraph import Literal, RdfFormat, parse

from graph.curated.documents import take_texts_along
from graph.errors import HomeError, PayloadError, SourceError
from graph.exchange.dump import DESCRIPTION, GRAPH, SUMS, sha256
from graph.indexes.finalization import complete
from graph.store import open_store
from graph.store.embedded import EmbeddedStore
from graph.system.progress import Step, nothing
from graph.system.room import writing
from graph.system.streams import BLOCK, Body, rebased
from graph.terms import VOID
from graph.validate.reports import keep_report
from graph.validate.whole import judged
from graph.versions.home import Draft, Home, Version
from graph.versions.ledgers import ARCHIVE, move, unpack


@dataclass(frozen=True)
class Dump:
    """A dump that was checked: its quads, the base of their IRIs, what it is called, and what its sources say."""

    graph: Path
    base: str
    name: str
    ledgers: Path | None = None

    @classmethod
    def open(cls, path: Path, base: str) -> "Dump":
        """Return a dump, with a base for one that has no description; raise SourceError if it is not an intact dump."""
        try:
            if path.is_dir():
                ledgers = path / ARCHIVE if ARCHIVE in _checked(path) else None
                return cls(path / GRAPH, _base(path / DESCRIPTION), path.resolve().name, ledgers)
            if not path.name.endswith((".nq", ".nq.gz")):
                hint = "give the folder of a dump, or a file .nq or .nq.gz"
                raise SourceError(f"{path} is no dump: {hint}.")
            with path.open("rb"):
                return cls(path, base, path.name)
        except OSError as error:
            raise SourceError(f"{path} cannot be read: {error.strerror}; give the path of a dump.") from error

    def blocks(self, step: Step = nothing) -> Iterator[bytes]:
        """Yield the quads, reporting the bytes that were read; raise SourceError if the file is cut off or damaged."""
        with self.graph.open("rb") as raw:
            file = gzip.GzipFile(fileobj=raw, mode="rb") if self.graph.suffix == ".gz" else raw
            done = 0
            try:
                while block := file.read(BLOCK):
                    yield block
                    step(raw.tell() - done)
                    done = raw.tell()
            except (EOFError, zlib.error, gzip.BadGzipFile) as error:
                words = f"{self.graph} breaks off or is damaged ({error}), so nothing was published"
                raise SourceError(f"{words}; fetch it again, or take another dump.") from error


def restore(home: Home, dump: Dump, base: str, *, checked: bool = True, step: Step = nothing) -> Version:
    """Publish a dump under a base; raise SourceError if it is damaged or not N-Quads, and otherwise as `publish`."""
    blocks = dump.blocks(step)
    lines = rebased(blocks, dump.base, base) if base != dump.base else blocks

    def more(draft: Draft) -> None:
        if dump.ledgers and base == dump.base:
            unpack(dump.ledgers, draft.ledgers)
        elif dump.ledgers:
            with TemporaryDirectory(dir=draft.folder) as folder:
                unpack(dump.ledgers, Path(folder))
                move(Path(folder), draft.ledgers, dump.base, base)

    return publish(home, Making(base, f"restore of {dump.name}", more, checked=checked), lines)


@dataclass(frozen=True)
class Making:
    """How to make a version: base, description, files next to the store; `of` must still be the current version."""

    base: str
    words: str
    more: Callable[[Draft], None]
    checked: bool = True
    of: int | None = None


def publish(home: Home, making: Making, blocks: Iterable[bytes]) -> Version:
    """Publish N-Quads; raise SourceError if invalid or under another base, ShapeError, or HomeError if not writable."""
    with writing(home.folder), home.publishing(making.base, making.words) as draft:
        if making.of not in (None, current := home.current_number()):
            raise HomeError(f"Version {current} came while this waited for it; run the command again.")
        _load(draft, blocks)
        if making.checked:
            keep_report(draft.folder, judged(EmbeddedStore.open(draft.store)))
        making.more(draft)
        complete(draft)
    return home.version(draft.number)


def _load(draft: Draft, blocks: Iterable[bytes]) -> None:
    start, seen = f"<{draft.base}".encode(), False

    def looked() -> Iterator[bytes]:
        nonlocal seen
        last = b""
        for block in blocks:
            seen = seen or start in last[-len(start) :] + block
            last = block
            yield block

    try:
        EmbeddedStore.load(draft.store, io.BufferedReader(Body(looked()), BLOCK))
    except PayloadError as error:
        raise SourceError(f"{error} Nothing was published; take another dump.") from error
    if not seen:
        hint = "set CONVOCATION_BASE to where they begin"
        raise SourceError(f"No IRI begins with {draft.base}, so nothing was published; {hint}.")


def _checked(folder: Path) -> dict[str, str]:
    """Return the checksums of the files of a dump; raise SourceError if a file is missing or has changed."""
    missing = [name for name in (GRAPH, DESCRIPTION, SUMS) if not (folder / name).is_file()]
    if missing:
        hint = "give a folder that `convocation dump` made, whole"
        raise SourceError(f"{folder} is no dump: it has no {missing[0]}; {hint}.")
    sums = dict(line.split()[::-1] for line in (folder / SUMS).read_text("ascii", "replace").splitlines() if line)
    for name in {GRAPH, DESCRIPTION, *sums}:
        if "/" in name or sums.get(name) != sha256(folder / name):
            hint = "fetch it again, or take another dump"
            raise SourceError(f"{folder / name} is not the file that was dumped: its checksum is another; {hint}.")
    return sums


def _base(path: Path) -> str:
    quads = parse(path.read_bytes(), format=RdfFormat.TURTLE, base_iri="file:///here/")
    for quad in quads:
        if quad.predicate == VOID.uriSpace and isinstance(quad.object, Literal):
            return quad.object.value
    raise SourceError(f"{path} does not state the base of the IRIs (void:uriSpace); take another dump.")


def rebase(home: Home, before: Version, new: str, *, checked: bool = True, step: Step = nothing) -> Version:
    """Publish a version with all IRIs, also in its ledgers, under a new base; raise StoreError, or as `publish`."""
    store = open_store(before.store)
    lines = _counted(rebased(store.blocks(), before.base, new), step)

    def more(draft: Draft) -> None:
        move(before.ledgers, draft.ledgers, before.base, new)
        take_texts_along(before.folder, draft.folder)

    return publish(home, Making(new, f"rebase from {before.base}", more, checked=checked, of=before.number), lines)


def _counted(blocks: Iterator[bytes], step: Step) -> Iterator[bytes]:
    for block in blocks:
        yield block
        step(block.count(b"\n"))
