"""Runs checks on a store."""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, islice

from pyoxigraph import BlankNode, NamedNode, QuerySolutions, QueryTriples

from graph.validate.check import CompiledCheck, Queryable, Result, merged, template
from graph.validate.constraints import QueryCheck
from graph.validate.shapes import AnyTerm

AnyCheck = CompiledCheck | QueryCheck
THREADS = 2
BLOCK = 300  # nodes in one query: the engine joins many badly


def subclasses(store: Queryable) -> dict[NamedNode, frozenset[NamedNode]]:
    """Return the classes below each class of the ontology that a store holds."""
    found: dict[NamedNode, set[NamedNode]] = {}
    for row in rows(store, template("subclasses")):
        if row["class"] != row["above"]:
            found.setdefault(row["above"], set()).add(row["class"])
    return {above: frozenset(below) for above, below in found.items()}


def run(store: Queryable, checks: Iterable[AnyCheck]) -> list[Result]:
    """Return what checks find in the whole store, each result once; the engine answers two of them at once."""
    queries = [each for each in checks if isinstance(each, QueryCheck)]
    whole: Sequence[AnyCheck] = [*merged(each for each in checks if isinstance(each, CompiledCheck)), *queries]
    with ThreadPoolExecutor(THREADS) as threads:
        found = threads.map(lambda check: list(check.results(rows(store, check.text()))), whole)
        return list(dict.fromkeys(chain.from_iterable(found)))


def run_at(store: Queryable, checks: Sequence[AnyCheck], nodes: Iterable[AnyTerm]) -> Iterator[Result]:
    """Yield what the checks of one target find at some of its nodes."""
    for block in blocks(nodes):
        for check in checks:
            yield from check.results(rows(store, check.text(block)))


def blocks(nodes: Iterable[AnyTerm]) -> Iterator[list[AnyTerm]]:
    """Yield nodes that a query can name, in blocks."""
    named: Iterator[AnyTerm] = (node for node in nodes if not isinstance(node, BlankNode))
    while block := list(islice(named, BLOCK)):
        yield block


def rows(store: Queryable, text: str) -> QuerySolutions:
    """Return the answer to a SELECT query."""
    found = store.query(text)
    assert isinstance(found, QuerySolutions)  # noqa: S101 - it is of that form
    return found


def triples(store: Queryable, text: str) -> QueryTriples:
    """Return the answer to a CONSTRUCT query."""
    found = store.query(text)
    assert isinstance(found, QueryTriples)  # noqa: S101 - it is of that form
    return found
