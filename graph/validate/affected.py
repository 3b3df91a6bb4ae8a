"""Finds the parameter values whose query results a change can affect."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from pyoxigraph import NamedNode, Quad

from graph.errors import UnsupportedShapeError
from graph.query import Query
from graph.store.embedded import EmbeddedStore
from graph.terms import Term, Triple
from graph.validate.paths import Step, Steps
from graph.validate.patterns import ways

FAR = 10_000  # terms above which a query is asked whole sooner


@dataclass(frozen=True)
class AffectedTerms:
    """The triples that a query reads, seen from its listed parameter.

    `ways` gives, by the property of a triple, each way that leads to it from a term that the parameter takes, and
    whether the last step goes against the property; to triples of the properties `apart` no way leads.
    """

    ways: Mapping[NamedNode, frozenset[tuple[Steps, bool]]]
    apart: frozenset[object]

    @classmethod
    def of(cls, query: Query) -> "AffectedTerms | None":
        """Return what a query reads, or None where it lists no parameter, or takes paths of any length."""
        try:
            return _focus(query.bind(), *query.listed) if query.listed else None
        except UnsupportedShapeError:
            return None

    def reached(self, stores: Iterable[EmbeddedStore], changed: Iterable[Quad]) -> frozenset[Term] | None:
        """Return the terms that added and removed quads reach, as stores before and after hold them; None for all."""
        starts: dict[Steps, set[Term]] = defaultdict(set)
        for quad in changed:
            if quad.predicate in self.apart:
                return None
            triple = Triple.of(quad)
            for before, inverse in self.ways.get(quad.predicate, ()):
                starts[before].add(triple.object if inverse else triple.subject)
        try:
            return frozenset().union(
                *(_back(store, before, nodes) for store in stores for before, nodes in starts.items())
            )
        except _FarError:
            return None


class _FarError(Exception):
    """More terms are reached than are asked one by one."""


@lru_cache(maxsize=100)
def _focus(text: str, name: str) -> AffectedTerms:
    found, waiting = ways(text, f"_{name}")
    by_property: dict[NamedNode, set[tuple[Steps, bool]]] = defaultdict(set)
    for way in found:
        last = way[-1]
        if last.predicate:
            by_property[last.predicate].add((way[:-1], last.inverse))
    apart = frozenset(NamedNode(str(each[1])) for each in waiting)
    return AffectedTerms({key: frozenset(each) for key, each in by_property.items()}, apart)


def _back(store: EmbeddedStore, way: Steps, nodes: set[Term]) -> set[Term]:
    """Return the nodes from which a way leads to others, even across graphs; raise _FarError if they are too many."""
    for step in reversed(way):
        further = set[Term]()
        for node in nodes:
            further.update(_step(store, step, node))
            if len(further) > FAR:
                raise _FarError
        nodes = further
    return nodes


def _step(store: EmbeddedStore, step: Step, node: Term) -> Iterator[Term]:
    if not step.inverse:
        yield from (quad.subject for quad in store.stating(None, step.predicate, node))
    elif isinstance(node, NamedNode):
        yield from (quad.object for quad in store.stating(node, step.predicate, None))
