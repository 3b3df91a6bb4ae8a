"""Former names that are not to be shown: records have the present name instead, and so all that is made of them.

A file of decisions knows a former name by a hash alone, so that it is found where it is, and written nowhere.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from graph.curated.decisions import PersonDecision, PlacedDecision, former_hash
from graph.identity.mentions import Mention
from graph.importers import importer
from graph.importing.folder import Folder, ImportIndex, ImportUnit
from graph.importing.lines import Iris
from graph.importing.registry import StoredRecord
from graph.importing.statements import Statements
from graph.names import Names, digest, slug
from graph.sources.records import Author, Notice, Paper, Record, Volume

LONGEST = 6  # words of a name
WITHHELD = "mentions/.withheld"
CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")  # between the words of AdaQuill
WORD = re.compile(r"[^\W_]+")


class Withheld(Struct, frozen=True):
    """A former name by its hash, the name that is shown instead, and the units that print the former one."""

    former: str
    name: str
    units: tuple[str, ...]


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the words of a text begin and end that can be a name."""
    words = list(WORD.finditer(text))
    for size in range(min(LONGEST, len(words)), 0, -1):
        yield from ((words[at].start(), words[at + size - 1].end()) for at in range(len(words) - size + 1))


def carries(text: str, former: str) -> bool:
    """Return whether a text has a former name in it, as an address or a profile does."""
    words = slug(CAMEL.sub("-", text)).split("-")
    plain = "-".join(word.rstrip("0123456789") or word for word in words)
    return any(
        former_hash(each[begin:end]) == former for each in ("-".join(words), plain) for begin, end in spans(each)
    )


@dataclass(frozen=True)
class FormerName:
    """A former name by its hash, the present one, and where it is of that person: papers and identifiers."""

    former: str
    name: str
    references: frozenset[str]

    @cached_property
    def papers(self) -> frozenset[str]:
        """The paths of the papers."""
        return frozenset(each.rpartition("/")[0] for each in self.references if "/" in each)

    @cached_property
    def editions(self) -> frozenset[str]:
        """The keys of the editions of the papers."""
        return frozenset(each.partition("/")[0] for each in self.papers)

    @cached_property
    def ids(self) -> frozenset[str]:
        """The identifiers."""
        return frozenset(each for each in self.references if ":" in each)

    def is_of(self, author: Author | Mention, *, near: bool) -> bool:
        """Return whether an author is printed under the former name; `near` if the paper is one of the person's."""
        known = near or any(f"{each.scheme}:{each.value}" in self.ids for each in author.ids)
        return known and former_hash(author.name) == self.former

    def renamed(self, author: Author) -> Author:
        """Return an author under the present name, without identifiers and affiliations that hold the former one."""
        ids = tuple(each for each in author.ids if not carries(each.value, self.former))
        texts = ((each, " ".join((each.printed, *each.organizations))) for each in author.affiliations)
        kept = tuple(each for each, text in texts if not carries(text, self.former))
        return replace(author, name=self.name, parts=None, ids=ids, affiliations=kept)


@dataclass
class FormerNames:
    """All former names that are not to be shown; `found` are the units that print each, by its hash."""

    formers: tuple[FormerName, ...] = ()
    found: dict[str, set[str]] = field(default_factory=dict)
    restored: set[str] = field(default_factory=set)
    """The slugs of names that stood for former ones until now."""

    @classmethod
    def of(cls, decisions: Iterable[PlacedDecision]) -> "FormerNames":
        """Return the former names of decisions."""
        every = (each.decision for each in decisions)
        return cls(tuple(map(_former, (each for each in every if each.former))))

    def predicted(self, names: Names, record: Record, unit: str) -> Record:
        """Return a record whose path is not known yet with the present names, by the path that its title gives it."""
        if not self.formers or not isinstance(record, Paper):
            return record
        return self._known(names.path(names.paper(record.edition, record.title)), record, unit)

    def record(self, kept: StoredRecord, unit: str) -> StoredRecord:
        """Return a record with the present names."""
        if not self.formers or not isinstance(kept.record, Paper | Volume):
            return kept
        record = self._known(kept.path, kept.record, unit)
        return kept if record is kept.record else StoredRecord(kept.path, record)

    def _known(self, path: str, record: Paper | Volume, unit: str) -> Paper | Volume:
        for each in self.formers:
            near = path in each.papers or (isinstance(record, Volume) and record.edition in each.editions)
            record = self._renamed(record, each, unit, near=near)
        return record

    def _renamed(self, record: Paper | Volume, former: FormerName, unit: str, *, near: bool) -> Paper | Volume:
        people = record.authors if isinstance(record, Paper) else record.editors
        if not any(former.is_of(each, near=near) for each in people):
            return record
        self.found.setdefault(former.former, set()).add(unit)
        fresh = tuple(former.renamed(each) if former.is_of(each, near=near) else each for each in people)
        return replace(record, authors=fresh) if isinstance(record, Paper) else replace(record, editors=fresh)

    def notices(self, notices: list[Notice], unit: str) -> list[Notice]:
        """Return notices with the present names, of a unit that prints former ones."""
        for each in self.formers:
            if unit in self.found.get(each.former, ()):
                notices = [_said(notice, each) for notice in notices]
        return notices


def _former(decision: PersonDecision) -> FormerName:
    return FormerName(decision.former or "", decision.preferred or "", frozenset(decision.person or ()))


def _said(notice: Notice, former: FormerName) -> Notice:
    return replace(notice, place=_without(notice.place, former), detail=_without(notice.detail, former))


def _without(text: str, former: FormerName) -> str:
    for begin, end in spans(text):
        if former_hash(text[begin:end]) == former.former:
            return _without(text[:begin] + former.name + text[end:], former)
    return text


@dataclass(frozen=True)
class Renaming:
    """Brings former names into a folder of ledgers that was imported before, and notes which units print them."""

    folder: Folder
    index: ImportIndex
    iris: Iris
    formers: FormerNames

    def run(self, report: Callable[[str], None], *, again: bool) -> set[str]:
        """Return the editions that changed; `again` if the decisions are others than before."""
        before: list[Withheld] = self.folder.records(WITHHELD, Withheld)
        known = {each.former: each for each in before}
        changed = {each for unit in list(self.index.units.values()) for each in self._unit(unit)} if again else set()
        now = {each.former: self._withheld(each, known.get(each.former)) for each in self.formers.formers}
        waiting = {each.former: self._waiting(each, report, again=again) for each in before if each.former not in now}
        self.formers.restored |= {slug(each.name) for each in waiting.values() if not each.units}
        kept = [each for _, each in sorted((now | waiting).items()) if each.units]
        if kept != before:
            self.folder.keep_records(WITHHELD, kept)
        return changed

    def _unit(self, unit: ImportUnit) -> Iterator[str]:
        """Write the records of a unit with the present names, if it prints former ones; yield its editions then."""
        if not any(each.editions & {*unit.editions} or each.ids for each in self.formers.formers):
            return
        old = self.folder.records(unit.path, StoredRecord)
        kept = [self.formers.record(each, unit.path) for each in old]
        if all(one is other for one, other in zip(old, kept, strict=True)):
            return
        lines = Statements(self.iris, importer(unit.source), unit).ledger(kept)
        notices = self.formers.notices(self.folder.notices(unit.path), unit.path)
        self.folder.write_records(unit.path, kept)
        self.folder.write_records(f"{unit.path}.notices", notices)
        self.folder.write(f"{unit.path}.nq", lines)
        self.index.units[unit.path] = replace(unit, ledger=digest(*lines, length=16))
        yield from unit.editions

    def _withheld(self, former: FormerName, before: Withheld | None) -> Withheld:
        units = {*self.formers.found.get(former.former, ()), *(before.units if before else ())}
        return Withheld(former.former, former.name, tuple(sorted(units)))

    def _waiting(self, withheld: Withheld, report: Callable[[str], None], *, again: bool) -> Withheld:
        """Have the files that print a name read again with their next import, as the folder does not hold it."""
        left = []
        for unit in filter(None, map(self.index.units.get, withheld.units)):
            if again:
                self.index.units[unit.path] = replace(unit, program="")
            if again or not unit.program:
                report(f"import {unit.file} of {unit.source} again to show the name that it prints")
                left.append(unit.path)
        return replace(withheld, units=tuple(left))
