"""One import: files into ledgers, ledgers into the view, the difference into a copy of the current store, published."""

import ctypes
import gc
import resource
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import Quad

from graph.curated.decisions import decisions_digest, decisions_of
from graph.curated.documents import take_texts_along
from graph.errors import SourceError
from graph.importing.assembling import Assembly, ViewChange
from graph.importing.claims import Claims, about_things
from graph.importing.folder import CURATED, NAME, Folder, ImportIndex
from graph.importing.lines import Iris
from graph.importing.reading import FileOutcome, Options, Reader, program
from graph.importing.renaming import FormerNames, Renaming
from graph.indexes.finalization import complete, complete_small
from graph.names import Names
from graph.rules.renewal import Transition, examine
from graph.sources.file import SourceFile
from graph.sources.importer import Importer
from graph.store.embedded import EmbeddedStore
from graph.store.writable import WritableStore, let_go, quads
from graph.system.room import writing
from graph.validate.incremental import incremental
from graph.validate.reports import keep_changes, keep_report
from graph.validate.whole import judged, refuse
from graph.versions.derived import is_signed, sign
from graph.versions.home import Draft, Home, Version

Report = Callable[[str], None]
Step = Callable[[FileOutcome], None]
MUCH = 512 << 10  # kilobytes of memory; of less, looking for what is not needed takes longer than it is worth
FEW = 300_000  # quads that are copied into memory in some seconds


def release() -> None:
    """Give memory that is no longer needed back to the system, before the engine asks for some, if there was much."""
    if resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < MUCH:
        return
    gc.collect()
    with suppress(OSError, AttributeError):  # another C library than glibc
        ctypes.CDLL("libc.so.6").malloc_trim(0)


@dataclass
class ImportResult:
    """The result of an import: outcomes of files, failures with reasons, and the new version, if any."""

    outcomes: list[FileOutcome] = field(default_factory=list)
    failures: list[tuple[Path, str]] = field(default_factory=list)
    version: Version | None = None
    stages: list[tuple[str, float]] = field(default_factory=list)


@dataclass
class ImportRun:
    """An import into a home; `step` is called per file, `report` per stage; `check` may abort between stages."""

    home: Home
    base: str
    importer: Importer | None = None
    """The source of the files; none, if only decisions about who is who are to take effect."""
    options: Options = field(default_factory=Options)
    report: Report = lambda _: None
    step: Step = lambda _: None
    check: Callable[[], None] = lambda: None
    result: ImportResult = field(default_factory=ImportResult)

    def __post_init__(self) -> None:
        self.decisions = decisions_of(self.home.folder)
        self.formers = FormerNames.of(self.decisions)

    def run(self, files: Iterable[Path]) -> ImportResult:
        """Import files into the current version and publish a new one, if anything has changed.

        Raises:
            VersionError: the home has no version yet.
            ShapeError: the graph would break a shape.
            HomeError: the home cannot be written.
        """
        made = self.importer.key if self.importer else "decisions"
        with writing(self.home.folder), self.home.publishing(self.base, f"import of {made}") as draft:
            self._draft(draft, files)
        if not draft.void:
            self.result.version = self.home.version(draft.number)
        return self.result

    def dry(self, files: Iterable[Path]) -> ImportResult:
        """Read files and report their content without writing anything."""
        for path in files:
            reader = self._reader(Folder(self.home.folder), ImportIndex())
            self._try(reader.look, SourceFile(path, series=self.options.series))
        return self.result

    def _reader(self, folder: Folder, index: ImportIndex) -> Reader:
        assert self.importer  # noqa: S101 - decisions alone come without files
        return Reader(folder, index, self.importer, self._iris, self.options, self.formers)

    @property
    def _iris(self) -> Iris:
        return Iris(Names(self.base))

    def _draft(self, draft: Draft, files: Iterable[Path]) -> None:
        current = self.home.needed()
        draft.base = self.base = current.base
        draft.keep_sources(current)
        take_texts_along(current.folder, draft.folder)
        folder = Folder(draft.folder / NAME)
        index = folder.index()
        if self.importer:
            self._read(self._reader(folder, index), files)
        difference = self._assemble(folder, index, current)
        read = any(each.added or each.removed for each in self.result.outcomes)
        if difference.is_nothing and not read and index.decisions == folder.index().decisions:
            draft.void = True
            return
        folder.set_index(index)
        self._store(draft, current, folder, difference)
        draft.counts = current.counts | draft.counts | {"papers": sum(index.papers.values())}

    def _read(self, reader: Reader, files: Iterable[Path]) -> None:
        begun = time.perf_counter()
        for path in files:
            self._try(reader.read, SourceFile(path, series=self.options.series))
        self._stage("read into ledgers", begun)

    def _assemble(self, folder: Folder, index: ImportIndex, current: Version) -> ViewChange:
        begun = time.perf_counter()
        read = [each for each in self.result.outcomes if not each.unchanged]
        again = decisions_digest(self.decisions) != index.decisions
        if not read and not again:
            return ViewChange()
        renamed = Renaming(folder, index, self._iris, self.formers).run(self.report, again=again)
        claims = Claims.of(self._curated(folder, current))
        registries = any(each.counts.get("organization") for each in read)
        assembly = Assembly(folder, index, Names(self.base), claims, registries, self.decisions, self.formers)
        whole = registries or index.program != program()
        changed = assembly.editions if whole else renamed.union(*(each.editions for each in read))
        difference = assembly.make(changed, self.report)
        self._stage("resolved view", begun)
        return difference

    def _try(self, read: Callable[[SourceFile], FileOutcome], file: SourceFile) -> None:
        try:
            outcome = read(file)
        except SourceError as error:
            self.result.failures.append((file.path, str(error)))
            return
        self.result.outcomes.append(outcome)
        self.step(outcome)

    def _curated(self, folder: Folder, current: Version) -> list[str]:
        """Return the lines of the curated part of the default graph; the first import finds only that in the store."""
        lines = folder.lines(CURATED)
        if not lines:
            engine = EmbeddedStore.open(current.store)
            lines = about_things((f"{each.triple} ." for each in engine.default_quads()), Names(self.base))
            folder.write(CURATED, lines)
        return lines

    def _store(self, draft: Draft, current: Version, folder: Folder, difference: ViewChange) -> None:
        """Bring the difference into a copy of the current store, examine it and check it."""
        begun = time.perf_counter()
        store = WritableStore.copy(current.store, draft.store)
        store.change(difference.removed, difference.added)
        if difference.whole:
            store.load_lines(map(folder.read, difference.whole))
            begun = self._stage("loading", begun)
            store.optimize()
            begun = self._stage("optimizing", begun)
        changed = self._changed(current, difference)
        before = None if changed is None else EmbeddedStore.open(current.store)
        found = examine(store, Names(self.base), Transition(before, store.reading(), changed or []) if before else None)
        sign(draft.folder)
        del store
        let_go()
        begun = self._stage("running rules", begun)
        near = self._near(draft, current, folder, difference, found) if difference.whole else None
        if near:
            begun = self._stage("copying into memory", begun)
            keep_report(draft.folder, judged(near))
        else:
            self._check(draft, current, difference, found)
        begun = self._stage("validating", begun)
        if changed is None:
            complete(draft, near)
        else:
            complete_small(draft)
        self._stage("statistics and search index", begun)

    @staticmethod
    def _changed(current: Version, difference: ViewChange) -> list[Quad] | None:
        """Return the quads that come or go, if these are not many and what was derived before is this program's."""
        if difference.whole or not is_signed(current.folder):
            return None
        return [*quads(difference.removed), *quads(difference.added)]

    def _near(
        self, draft: Draft, current: Version, folder: Folder, difference: ViewChange, found: set[Quad]
    ) -> EmbeddedStore:
        """Return a copy of the store in memory: of its parts, where what was there before is little."""
        if current.counts.get("quads", FEW) >= FEW:
            return EmbeddedStore.open(draft.store).near()
        near = WritableStore.memory(EmbeddedStore.open(current.store).quads())
        near.change(difference.removed, difference.added)
        near.load_lines(map(folder.read, difference.whole))
        there = {each for each in found if each in near.engine}
        near.replace(there, found - there)
        return EmbeddedStore(near.engine)

    def _check(self, draft: Draft, current: Version, difference: ViewChange, found: set[Quad]) -> None:
        changed = [*quads(difference.removed), *quads(difference.added), *found]
        checked = incremental(EmbeddedStore.open(current.store), EmbeddedStore.open(draft.store), changed)
        refuse(checked.findings)
        keep_changes(current.folder, draft.folder, checked)

    def _stage(self, name: str, begun: float) -> float:
        now = time.perf_counter()
        self.result.stages.append((name, now - begun))
        self.report(f"{name}: {now - begun:.1f} s")
        release()  # the next stage begins with what it needs alone
        self.check()
        return now
