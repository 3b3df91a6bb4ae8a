"""Validates a whole store: its resolved view, the statements of its sources, and the decisions of curators."""

from collections.abc import Iterable
from functools import cache, lru_cache

from pyoxigraph import NamedNode, Quad

from graph.store.embedded import EmbeddedStore
from graph.terms import CVN, RDF
from graph.validate.check import PATTERN, Queryable, Result, template, these
from graph.validate.compile import compile_shapes
from graph.validate.conditions import Conditions
from graph.validate.run import AnyCheck, blocks, rows, run, subclasses, triples
from graph.validate.shapes import AnyTerm, Shapes, read_shapes
from graph.vocabulary import ontology

Below = dict[NamedNode, frozenset[NamedNode]]


def results(store: Queryable, shapes: Shapes | None = None) -> list[Result]:
    """Return what the shapes find in a store, each result once.

    Statements and decisions are in named graphs only; they are judged by what the default graph says of the things
    they name.

    Raises:
        UnsupportedShapeError: a shape has a part that cannot be checked.
    """
    checks = checks_of(shapes or read_shapes(), classes_below(store))
    stated = (row["this"] for row in rows(store, template("stated")))
    view = store.view() if isinstance(store, EmbeddedStore) else store
    return run(view, checks) + at_statements(store, checks, stated)


def checks_of(shapes: Shapes, below: Below) -> tuple[AnyCheck, ...]:
    """Return the checks of shapes; `below` gives the classes below each class."""
    return _checks_of(shapes, frozenset(below.items()))


@lru_cache(maxsize=8)
def _checks_of(shapes: Shapes, below: frozenset[tuple[NamedNode, frozenset[NamedNode]]]) -> tuple[AnyCheck, ...]:
    return tuple(compile_shapes(Conditions(shapes, dict(below), instances())))


def classes_below(store: Queryable) -> Below:
    """Return the classes below each class, as the ontology says and the store does, which need not hold it."""
    found = dict(_known_below())
    for above, below in subclasses(store).items():
        found[above] = found.get(above, frozenset()) | below
    return found


@cache
def _known_below() -> Below:
    return subclasses(EmbeddedStore.memory(Quad(*triple) for triple in ontology.terms()))


@cache
def instances() -> dict[NamedNode, list[NamedNode]]:
    """Return the codes of the ontology by their class."""
    found: dict[NamedNode, list[NamedNode]] = {}
    for triple in sorted(ontology.terms(), key=str):
        if triple.predicate == RDF.type and isinstance(triple.object, NamedNode) and triple.object.value in CVN:
            found.setdefault(triple.object, []).append(triple.subject)
    return found


def at_statements(store: Queryable, checks: Iterable[AnyCheck], stated: Iterable[AnyTerm]) -> list[Result]:
    """Return what checks find at statements and decisions."""
    nodes = set(stated)
    aside = EmbeddedStore.memory(
        Quad(each.subject, each.predicate, each.object)
        for block in blocks(nodes)
        for each in triples(store, template("statements").replace(PATTERN, these(block)))
    )
    return [each for each in run(aside, checks) if each.focus in nodes] if nodes else []
