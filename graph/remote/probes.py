"""Queries with known answers, in the forms of our own: the files of `graph/queries/probes/` over `data.trig` there.

An engine is asked them before a version is published in it. The embedded engine gives the right answers.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation

import pyoxigraph
from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, QueryBoolean, QuerySolutions, RdfFormat, parse

from graph.errors import QueryError
from graph.files import QUERIES
from graph.query import Query, read_queries
from graph.store import Store
from graph.store.embedded import EmbeddedStore
from graph.terms import XSD, Triple

PROBES = QUERIES / "probes"
NUMBERS = frozenset({XSD.integer, XSD.decimal})
Answer = list[tuple[str, ...]]


def data(place: Callable[[str], NamedNode]) -> dict[NamedNode, list[Triple]]:
    """Return the triples to ask, by the graph in which the engine gets them; that of "view" is the default graph."""
    found: dict[NamedNode, list[Triple]] = {}
    for quad in parse(path=PROBES / "data.trig", format=RdfFormat.TRIG):
        name = "view" if isinstance(quad.graph_name, DefaultGraph) else "source"
        found.setdefault(place(name), []).append(Triple.of(quad))
    return found


def differing(store: Store, view: NamedNode, graphs: Mapping[NamedNode, list[Triple]]) -> list[str]:
    """Return the names of the queries that an engine answers differently over the graphs that it was given."""
    places = {name: DefaultGraph() if name == view else name for name in graphs}
    embedded = EmbeddedStore.memory(Quad(*each, places[name]) for name, triples in graphs.items() for each in triples)
    return [query.name for query in read_queries(PROBES) if not _agree(query, store, embedded)]


def _agree(query: Query, store: Store, embedded: EmbeddedStore) -> bool:
    try:
        return _answer(store, query.text) == _answer(embedded, query.text)
    except QueryError:  # the engine refuses it
        return False


def _answer(store: Store, text: str) -> Answer:
    """Return the rows of an answer after the names of its columns, in order only if the query asks for one."""
    results = store.query(text)
    if isinstance(results, QueryBoolean):
        return [(str(bool(results)),)]
    if not isinstance(results, QuerySolutions):
        return sorted({tuple(map(_cell, triple)) for triple in results})
    rows = [tuple(map(_cell, row)) for row in results]
    names = tuple(each.value for each in results.variables)
    return [names, *(rows if text.rstrip().rpartition("}")[2].strip() else sorted(rows))]


def _cell(term: NamedNode | BlankNode | Literal | pyoxigraph.Triple | None) -> str:
    """Return a term as text, a number by its value: engines write 0.5 as 0.50 too."""
    if isinstance(term, Literal) and term.datatype in NUMBERS:
        return number(term.value)
    return "" if term is None else str(term)


def number(text: str) -> str:
    """Return the text of a number that is the same however it is written, and any other text as it is."""
    try:
        return f"{Decimal(text).normalize():f}"
    except InvalidOperation:
        return text
