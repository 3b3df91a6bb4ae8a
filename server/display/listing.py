"""Long lists: all things of a group in their order, so that a page of them, or those with some words, is found at once.

The list is kept with the version or asked (`graph/indexes/lists.py`), once for each thing and version.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from graph.indexes.list_writer import FEW
from graph.indexes.lists import POINTING, ListEntry, Pointed, entries, list_query, pointed
from graph.names import slug
from graph.vocabulary.ontology import superclasses
from server.display.asking import ask, kept_lists, remembered
from server.display.tables import labels_of

MOST = 20_000


@dataclass(frozen=True)
class ListRequest:
    """A request for a list: a page, and a filter by words and mark."""

    page: int = 1
    words: str = ""
    mark: str = ""

    @property
    def sifts(self) -> bool:
        """Whether a filter is set."""
        return bool(self.words or self.mark)


FIRST = ListRequest()


@remembered
def listed(name: str, entity: NamedNode, prop: NamedNode) -> tuple[ListEntry, ...]:
    """Return the entries of a list in their order: those kept with the version, or else asked for."""
    kept = kept_lists()
    found = kept.entries(name, entity, prop) if kept else None
    return found if found is not None else entries(ask(list_query(name), entity=entity, property=prop).rows, labels_of)


def sifted(listed: Sequence[ListEntry], asked: ListRequest) -> list[ListEntry]:
    """Return the entries that have the words in their label, without regard to case and accents, and the mark."""
    words = slug(asked.words).split("-") if asked.words.strip() else []
    marked = [each for each in listed if not asked.mark or asked.mark in each.marks]
    return [each for each in marked if all(word in slug(each.label) for word in words)]


def facets(listed: Sequence[ListEntry]) -> tuple[tuple[str, int], ...]:
    """Return the number of entries by mark, the most frequent first; empty if there is one mark only."""
    counts = Counter(mark for each in listed for mark in each.marks)
    return tuple(counts.most_common(12)) if len(counts) > 1 else ()


@dataclass(frozen=True)
class Pointing:
    """Incoming links of a thing by one property from one class; the things themselves if they are few."""

    property: NamedNode
    kind: NamedNode
    count: int
    things: tuple[NamedNode, ...]


@remembered
def _pointed(entity: NamedNode) -> tuple[Pointed, ...]:
    """Return the incoming links of a thing, stored with the version or queried."""
    kept = kept_lists()
    found = kept.pointing(entity) if kept else None
    return pointed(ask(list_query(POINTING), entity=entity).rows, FEW) if found is None else found


@remembered
def pointing(entity: NamedNode, few: int) -> tuple[Pointing, ...]:
    """Return what points to a thing, each counted once, in its most particular class; at most 20,000 are counted.

    The things themselves are given if there are at most `few`.
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
