"""How many things of which class point to a thing, and by which property."""

from collections import Counter
from dataclasses import dataclass

from pyoxigraph import NamedNode

from graph.ontology import superclasses
from server.asking import Row, listed, remembered

MOST = 20_000


@dataclass(frozen=True)
class Pointing:
    """How many things of one class point to a thing by one property; the things themselves where they are few."""

    property: NamedNode
    kind: NamedNode
    count: int
    things: tuple[NamedNode, ...]


@remembered
def pointing(entity: NamedNode, few: int) -> tuple[Pointing, ...]:
    """Return what points to a thing, each counted once, in its most particular class; at most 20,000 are counted."""
    rows = listed("pointing", entity)
    counts = {_key(row): int(row["count"].value) for row in rows}
    own = Counter(counts)
    for (prop, kind), count in counts.items():
        for above in superclasses(kind)[1:2]:
            own[prop, above] -= count
    return tuple(
        Pointing(*key, own[key], _things(row) if own[key] == counts[key] <= few else ())
        for row in sorted(rows, key=lambda row: (row["kind"].value, row["property"].value))
        if own[key := _key(row)] > 0
    )


def _key(row: Row) -> tuple[NamedNode, NamedNode]:
    return NamedNode(row["property"].value), NamedNode(row["kind"].value)


def _things(row: Row) -> tuple[NamedNode, ...]:
    return tuple(NamedNode(each) for each in row["things"].value.split())
