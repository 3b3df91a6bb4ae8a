"""How far an edition is known: what is stated, what is stated but not listed, what nobody says, what contradicts."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from graph.terms import CVN
from graph.vocabulary.ontology import superclasses
from server.checks.findings import FindingLine
from server.display.asking import Row, ask, remembered
from server.display.listing import Pointing, pointing
from server.display.words import number

PARTS = (CVN.edition, CVN.representedAt)
LISTS = 10  # aspects from this order on are lists of things; those before are single facts and numbers


@dataclass(frozen=True)
class Completeness:
    """The aspects of an edition by how far they are known, each in words."""

    known: tuple[str, ...]
    stated: tuple[str, ...]
    unknown: tuple[str, ...]
    contradictory: tuple[FindingLine, ...]


@remembered
def completeness(edition: NamedNode, findings: tuple[FindingLine, ...]) -> Completeness:
    """Return how far an edition is known; `findings` are those that concern it."""
    parts = [each for each in pointing(edition, 0) if each.property in PARTS]
    listed = list(_parts_by_state(ask("checks/complete", entity=edition).rows, parts))
    by_state = {
        state: tuple(words for each, words in listed if each == state) for state in ("known", "stated", "unknown")
    }
    high = tuple(each for each in findings if each.severity == "high")
    return Completeness(by_state["known"], by_state["stated"], by_state["unknown"], high)


def _parts_by_state(rows: Iterable[Row], parts: Sequence[Pointing]) -> Iterator[tuple[str, str]]:
    """Yield for each aspect how far it is known, and what it is; `parts` are those of the edition by kind."""
    for row in rows:
        aspect, listed = row["aspect"].value, int(row["listed"].value)
        if int(row["order"].value) < LISTS:
            yield ("known" if listed else "unknown", aspect)
            continue
        listed = sum(each.count for each in parts if row["kind"] in superclasses(each.kind))
        count = row["stated"].value if "stated" in row else ""
        if count and listed >= float(count):
            yield ("known", f"{aspect} ({number(count)})")
        elif count:
            yield ("stated", f"{aspect}: {number(count)} stated, {listed or 'none'} listed")
        else:
            yield ("stated", f"{aspect}: {listed} listed, not counted") if listed else ("unknown", aspect)
