"""How many things of which class point to a thing, and by which property."""

from collections import Counter
from dataclasses import dataclass

from pyoxigraph import NamedNode

from graph.indexes.list_writer import FEW
from graph.indexes.lists import POINTING, Pointed, list_query, pointed
from graph.vocabulary.ontology import superclasses
from server.display.asking import ask, kept_lists, remembered

MOST = 20_000


@dataclass(frozen=True)
class Pointing:
    """How many things of one class point to a thing by one property; the things themselves where they are few."""

    property: NamedNode
    kind: NamedNode
    count: int
    things: tuple[NamedNode, ...]


@remembered
def _pointed(entity: NamedNode) -> tuple[Pointed, ...]:
    """Return what points to a thing: what is kept with the version, or else asked for."""
    kept = kept_lists()
    found = kept.pointing(entity) if kept else None
    return pointed(ask(list_query(POINTING), entity=entity).rows, FEW) if found is None else found


@remembered
def pointing(entity: NamedNode, few: int) -> tuple[Pointing, ...]:
    """Return what points to a thing, each counted once, in its most particular class; at most 20,000 are counted.

    The things themselves are told where they are at most `few`.
    """
    found = _pointed(entity)
    counts = {(each.property, each.kind): each.count for each in found}
    own = Counter(counts)
    for (prop, kind), count in counts.items():
        for above in superclasses(NamedNode(kind))[1:2]:
            own[prop, above.value] -= count
    return tuple(
        Pointing(
            NamedNode(each.property),
            NamedNode(each.kind),
            own[key],
            tuple(map(NamedNode, each.things)) if own[key] == counts[key] <= few else (),
        )
        for each in found
        if own[key := (each.property, each.kind)] > 0
    )
