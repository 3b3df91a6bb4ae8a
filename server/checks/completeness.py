"""How far an edition is known: its aspects, the records of its data files, and what the rules found about it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from graph.terms import CVN
from graph.vocabulary.ontology import superclasses
from server.checks.findings import FindingLine, findings_of
from server.display.asking import Row, ask, remembered
from server.display.listing import Pointing, pointing
from server.display.words import number

PARTS = (CVN.edition, CVN.representedAt)
LISTS = 100  # aspects from this order on are lists of things; those before are single facts and numbers


@dataclass(frozen=True)
class RecordCounts:
    """How many records data files have of an edition, and how many of them are merged or left out."""

    read: int
    merged: int
    left_out: int

    @property
    def published(self) -> int:
        """The number of published records."""
        return self.read - self.merged - self.left_out

    @property
    def lost_most(self) -> bool:
        """Whether more than half of the records are merged or left out."""
        return self.merged + self.left_out > self.published


@dataclass(frozen=True)
class Completeness:
    """The aspects of an edition by how far they are known, each in words, and the findings that concern it."""

    known: tuple[str, ...]
    partly: tuple[str, ...]
    unknown: tuple[str, ...]
    findings: tuple[FindingLine, ...]
    cautions: int
    records: RecordCounts | None = None


@remembered
def completeness(edition: NamedNode) -> Completeness:
    """Return how far an edition is known, and what the rules found about it."""
    parts = [each for each in pointing(edition, 0) if each.property in PARTS]
    listed = list(_parts_by_state(ask("checks/complete", entity=edition).rows, parts))
    by_state = {
        state: tuple(words for each, words in listed if each == state) for state in ("known", "partly", "unknown")
    }
    found = findings_of(edition)
    cautions, records = len(found.cautions), _records(edition)
    return Completeness(by_state["known"], by_state["partly"], by_state["unknown"], found.findings, cautions, records)


def _records(edition: NamedNode) -> RecordCounts | None:
    rows = ask("checks/records", entity=edition).rows
    return RecordCounts(*(int(rows[0][name].value) for name in ("read", "merged", "left"))) if rows else None


def _parts_by_state(rows: Iterable[Row], parts: Sequence[Pointing]) -> Iterator[tuple[str, str]]:
    """Yield for each aspect how far it is known, and what it is; `parts` are those of the edition by kind."""
    for row in rows:
        aspect, listed = row["aspect"].value, int(row["listed"].value)
        if int(row["order"].value) < LISTS:
            yield ("known" if listed else "unknown", aspect)
            continue
        listed = sum(each.count for each in parts if row["kind"] in superclasses(each.kind))
        count = row["stated"].value if row["stated"].value != "0" else ""
        if count and listed == float(count):
            yield ("known", f"{aspect} ({number(count)})")
        elif count:
            yield ("partly", f"{aspect}: {number(count)} stated, {f'{listed:,}' if listed else 'none'} listed")
        elif row["kind"] == CVN.Paper and row["whole"].value != "0":
            yield ("known", f"{aspect} ({listed:,} listed)")
        else:
            yield ("partly", f"{aspect}: {listed:,} listed, number not stated") if listed else ("unknown", aspect)
