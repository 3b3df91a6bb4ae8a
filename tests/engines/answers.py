"""What engines answer, in a form that can be compared: rows as text, numbers by their value."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from pyoxigraph import BlankNode, Literal, NamedNode, QueryBoolean, QuerySolutions, Triple

from engines.servers import BASE
from graph.query import read_query
from graph.remote.probes import number
from graph.terms import CVN, XSD, Term

THINGS = ("edition/neurips-2024", "series/neurips", "source/neurips-2024-fact-sheet", "person/chelsea-finn")
NUMBERS = {XSD.integer, XSD.decimal, XSD.double, XSD.float, XSD.int}
Rows = list[tuple[str, ...]]


class Engine(Protocol):
    """Whatever answers queries: a store, or a program of another engine."""

    def query(self, text: str) -> QueryBoolean | QuerySolutions | Iterator[Triple]: ...


def answer(engine: Engine, text: str) -> Rows:
    """Return the rows of an answer after the names of its columns; those of a graph are its triples."""
    results = engine.query(text)
    if isinstance(results, QueryBoolean):
        return [(str(bool(results)),)]
    if isinstance(results, QuerySolutions):
        names = tuple(each.value for each in results.variables)
        free = "GROUP_CONCAT" in text
        return [names, *(tuple(cell(term, free=free) for term in row) for row in results)]
    return [tuple(cell(term, free=False) for term in triple) for triple in set(results)]


def cell(term: Term | BlankNode | Triple | None, *, free: bool) -> str:
    """Return a term as text; the order of what GROUP_CONCAT joins is free (SPARQL 1.1, section 18.5.1.7)."""
    if isinstance(term, Literal) and term.datatype in NUMBERS:
        return number(term.value)
    text = "" if term is None else str(term)
    return " ".join(sorted(re.split(r"[,;]? ", text.strip('"')))) if free else text


def bound(path: Path) -> Iterator[str]:
    """Yield a query of the pages with terms for its parameters."""
    query = read_query(path)
    known: dict[str, NamedNode | Literal] = {
        "graph": NamedNode(f"{BASE}graph/source/neurips-2024-fact-sheet"),
        "base": Literal(f"{BASE}id/"),
        "kind": CVN.Edition,
        "name": Literal("NeurIPS 2024"),
    }
    for thing in THINGS if "entity" in query.parameters else THINGS[:1]:
        iri = NamedNode(f"{BASE}id/{thing}")
        terms = known | {"entity": iri, "thing": iri}
        yield query.bind(**{name: term for name, term in terms.items() if name in query.parameters})


def table(engine: Engine, path: Path) -> list[list[str]]:
    """Return the answer to the query of a file as CSV has it, numbers by their value."""
    results = engine.query(path.read_text(encoding="utf-8"))
    assert isinstance(results, QuerySolutions)
    rows = [["" if term is None else number(term.value) for term in row] for row in results]
    return [[each.value for each in results.variables], *rows]


def expected(path: Path) -> list[list[str]]:
    """Return the answer that is stored beside the query of a file, numbers by their value."""
    with path.with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        return [[number(value) for value in row] for row in csv.reader(file)]
