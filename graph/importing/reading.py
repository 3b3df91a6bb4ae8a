"""Reads one file into its ledger: records with their IRIs, what vanished, and the difference to before."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from msgspec.structs import replace

from graph.errors import ImportFileError, ShrinkError
from graph.importing.folder import Folder, ImportIndex, ImportUnit
from graph.importing.lines import Iris
from graph.importing.registry import Registry, StoredRecord, Tombstone
from graph.importing.renaming import FormerNames
from graph.importing.statements import Statements, volume_path
from graph.importing.tally import Tally, merged, tallies, total
from graph.names import digest, slug
from graph.sources.admission import admitted
from graph.sources.file import SourceFile
from graph.sources.importer import Importer
from graph.sources.records import Edition, Notice, Organization, Paper, Record, Series, Volume
from graph.versions.derived import CODE, checksum
from graph.vocabulary.venues import Venue

SHRINK, FEW = 0.2, 10
UNFORESEEN = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError, AssertionError)


def program() -> str:
    """Return the checksum of the program that makes ledgers; another one reads all files again."""
    return checksum(
        *(CODE / each for each in ("identity", "importers", "importing", "sources", "topics.py")),
        *sorted((CODE / "data").glob("*.yaml")),
    )


@dataclass(frozen=True)
class Options:
    """Options of reading: at most `limit` records per file (0: all), whether a file may shrink, the `series` given."""

    limit: int = 0
    allow_shrink: bool = False
    series: Venue | None = None

    @property
    def mark(self) -> str:
        """The mark of options that change what is read, for the checksum of the program."""
        return (f" limit {self.limit}" if self.limit else "") + (f" series {self.series}" if self.series else "")


@dataclass
class FileOutcome:
    """The outcome of one file: records by kind, notices, and changes of its ledger."""

    file: Path
    unit: str = ""
    counts: Counter[str] = field(default_factory=Counter)
    notices: list[Notice] = field(default_factory=list)
    added: int = 0
    removed: int = 0
    gone: int = 0
    unchanged: bool = False
    editions: set[str] = field(default_factory=set)
    tallies: dict[str, Tally] = field(default_factory=dict)

    @property
    def tally(self) -> Tally:
        """The tally of all records of the file."""
        return total(self.tallies.values())


@dataclass
class Reader:
    """Reads the files of one source into a folder of ledgers."""

    folder: Folder
    index: ImportIndex
    importer: Importer
    iris: Iris
    options: Options
    formers: FormerNames = field(default_factory=FormerNames)
    _registries: dict[str, Registry] = field(default_factory=dict)
    _known_organizations: dict[str, str] = field(default_factory=dict)
    _called: Counter[str] = field(default_factory=Counter)

    def read(self, file: SourceFile) -> FileOutcome:
        """Read a changed file into its ledger; raise ImportFileError if unreadable, ShrinkError if it lost records."""
        key = self.importer.unit(file)
        path, made = f"{self.importer.key}/{key}", program() + self.options.mark
        old, outcome = self.index.units.get(path), FileOutcome(file.path, path)
        if old and (old.sha256, old.program) == (file.sha256, made):
            outcome.unchanged, outcome.counts = True, Counter(old.counts)
            outcome.tallies, outcome.notices = old.tallies, self.folder.notices(path)
            return outcome
        records = self._records(file, outcome)
        before: list[StoredRecord] = self.folder.records(path, StoredRecord) if old else []
        kept = self._stored(before, records, outcome)
        gone = list(self._gone(before, kept))
        self._guard(file, before, gone)
        editions = {each.record.edition for each in (*kept, *gone) if isinstance(each.record, Paper | Tombstone)}
        editions |= {record.key for record in records if isinstance(record, Edition)}
        outcome.tallies = tallies(kept, outcome.notices, editions)
        unit = ImportUnit(
            source=self.importer.key,
            key=key,
            file=file.name,
            sha256=file.sha256,
            program=made,
            ledger="",
            counts=dict(sorted(outcome.counts.items())),
            editions=tuple(sorted(each for each in editions if each)),
            lines=file.line_count,
            series=tuple({each.key: each for each in records if isinstance(each, Series)}.values()),
            tallies=outcome.tallies,
        )
        outcome.editions = {*unit.editions, *(old.editions if old else ())}
        outcome.gone = _tombstones(gone) - _tombstones(before)
        self._write(unit, [*kept, *gone], outcome)
        return outcome

    def look(self, file: SourceFile) -> FileOutcome:
        """Read a file and report its content without writing anything; raise ImportFileError if it cannot be read."""
        outcome = FileOutcome(file.path, f"{self.importer.key}/{self.importer.unit(file)}")
        records = self._records(file, outcome)
        kept = self._stored([], records, outcome)
        outcome.tallies = tallies(kept, outcome.notices, {each.key for each in records if isinstance(each, Edition)})
        return outcome

    def _stored(self, before: list[StoredRecord], records: list[Record], outcome: FileOutcome) -> list[StoredRecord]:
        """Return records with their paths, and report those that are part of a paper of another record."""
        self._know_organizations(before, records)
        shown = [self.formers.predicted(self.iris.names, record, outcome.unit) for record in records]
        kept = [self.formers.record(StoredRecord(self._path(record), record), outcome.unit) for record in shown]
        outcome.notices = self.formers.notices([*outcome.notices, *merged(kept)], outcome.unit)
        return kept

    def _records(self, file: SourceFile, outcome: FileOutcome) -> list[Record]:
        """Return the records of a file; an error that the importer did not expect is reported as one of the file."""
        found: list[Record] = []
        beyond = 0
        try:
            for item in chain.from_iterable(map(admitted, self.importer.read(file))):
                if isinstance(item, Notice):
                    outcome.notices.append(item)
                elif not self.options.limit or len(found) < self.options.limit:
                    found.append(item)
                    outcome.counts[type(item).__name__.lower()] += 1
                else:
                    beyond += not isinstance(item, Series | Edition)
        except UNFORESEEN as error:
            words = f"{type(error).__name__}: {error}"
            hint = f"correct it, or report that {self.importer.key} does not understand it"
            raise ImportFileError(
                f"{file.path} cannot be read beyond record {len(found)} ({words}); {hint}."
            ) from error
        if beyond:
            kind, place = "record beyond --limit", f"after {self.options.limit:,}"
            outcome.notices.append(Notice(kind, place, f"{beyond:,} of them", "left out", beyond))
        return found

    def _path(self, record: Record) -> str:
        match record:
            case Paper():
                return self._registry(record.edition).path(self.importer.key, record)
            case Organization():
                return self._organization(record)
            case Series() | Edition():
                return record.key
            case Volume():
                return volume_path(record.edition, record.key)

    def _registry(self, edition: str) -> Registry:
        found = self._registries.get(edition)
        if found is None:
            found = self._registries[edition] = Registry(self.iris.names, edition)
            units = [unit for unit in self.index.units.values() if edition in unit.editions]
            for unit in sorted(units, key=lambda unit: unit.path):
                found.add(unit.source, self.folder.records(unit.path, StoredRecord))
        return found

    def _organization(self, record: Organization) -> str:
        """Return the path of an organization: the one it has, else its name, with its key where several have it."""
        own = slug(record.name)
        known = self._known_organizations.get(record.key)
        return known or (own if self._called[own] == 1 else f"{own}-{slug(record.key)}")

    def _know_organizations(self, before: list[StoredRecord], records: list[Record]) -> None:
        named = [each for each in records if isinstance(each, Organization)]
        self._called = Counter(slug(each.name) for each in named)
        self._known_organizations = {
            each.record.key: each.path for each in before if isinstance(each.record, Organization)
        }

    def _gone(self, before: list[StoredRecord], kept: list[StoredRecord]) -> Iterator[StoredRecord]:
        there = {_thing(each) for each in kept}
        lost = {_thing(each): each for each in reversed(before) if _thing(each) not in there}
        for each in reversed(lost.values()):
            match each.record:
                case Tombstone():
                    yield each
                case Paper() as record:
                    yield StoredRecord(each.path, Tombstone(record.title, "paper", record.edition))
                case Organization() as record:
                    yield StoredRecord(each.path, Tombstone(record.name, "org"))

    def _guard(self, file: SourceFile, before: list[StoredRecord], gone: list[StoredRecord]) -> None:
        main = sum(isinstance(each.record, Paper | Organization) for each in before)
        lost = _tombstones(gone) - _tombstones(before)
        if main >= FEW and lost > SHRINK * main and not self.options.allow_shrink:
            hint = "compare it with its source, and import it with --allow-shrink if that is right"
            raise ShrinkError(f"{file.path} no longer has {lost:,} of the {main:,} records it had; {hint}.")

    def _write(self, unit: ImportUnit, kept: list[StoredRecord], outcome: FileOutcome) -> None:
        name = f"{unit.path}.nq"
        lines = Statements(self.iris, self.importer, unit).ledger(kept)
        old = self.folder.lines(name)
        fresh, stale = set(lines), set(old)
        outcome.added, outcome.removed = len(fresh - stale), len(stale - fresh)
        self.folder.write_records(unit.path, kept)
        self.folder.write_records(f"{unit.path}.notices", outcome.notices)
        self.folder.write(name, lines)
        self.index.units[unit.path] = replace(unit, ledger=digest(*lines, length=16))


def _thing(each: StoredRecord) -> tuple[str, str]:
    record, kinds = each.record, {"Paper": "paper", "Organization": "org"}
    kind = type(record).__name__
    return record.kind if isinstance(record, Tombstone) else kinds.get(kind, kind), each.path


def _tombstones(records: Iterable[StoredRecord]) -> int:
    return sum(isinstance(each.record, Tombstone) for each in records)


def files_of(importer: Importer, paths: Iterable[Path]) -> Iterator[Path]:
    """Yield the files of a source among files and folders, each once; a file that is named is taken as it is called."""
    found: dict[Path, Path] = {}
    for path in paths:
        inside = (each for each in path.rglob("*") if each.is_file() and importer.knows(each))
        for each in sorted(inside) if path.is_dir() else [path]:
            found.setdefault(each.resolve(), each)
    yield from found.values()
