"""Asks the served version the questions of `server/queries/`, which are SPARQL files that run as they are.

A file may hold `LIMIT 50 OFFSET 0`, which a page replaces, and `VALUES ?thing { ... }`, which given things replace.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache, wraps
from typing import Any, ParamSpec, Self, TypeVar, cast

from flask import current_app, g, has_request_context, request
from pyoxigraph import (
    Literal,
    NamedNode,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)

from graph import store
from graph.errors import QueryError
from graph.files import ROOT
from graph.indexes.lists import Lists
from graph.policy import decide
from graph.query import Query, read_query
from graph.settings import Settings
from graph.store.embedded import EmbeddedStore
from graph.terms import Term
from server.engine.client import Engine
from server.engine.failures import EngineError
from server.engine.frames import Question
from server.engine.turns import CALLER, NOBODY, Caller
from server.http.rates import seconds_left

QUERIES = ROOT / "server" / "queries"
LIMIT = re.compile(r"LIMIT \d+ OFFSET \d+")
THINGS = re.compile(r"VALUES \?thing \{[^}]*\}")

Row = dict[str, Term]
Terms = Term | tuple[Term, ...]
P = ParamSpec("P")
T = TypeVar("T")
LARGEST = 100 << 20  # bytes of the answer to a query of a page, which this process reads whole


@dataclass(frozen=True)
class Page:
    """One page of a long list, counted from 1."""

    size: int
    number: int = 1

    @property
    def start(self) -> int:
        """How many things come before it."""
        return (self.number - 1) * self.size

    @property
    def limit(self) -> str:
        """The page in SPARQL."""
        return f"LIMIT {self.size} OFFSET {self.start}"

    def last(self, count: int) -> int:
        """Return the number of the last page of a list."""
        return max(1, -(-count // self.size))

    def within(self, count: int) -> Self:
        """Return this page of a list, or its last one if it has fewer."""
        return replace(self, number=min(self.number, self.last(count)))


@dataclass(frozen=True)
class Table:
    """The answer to a SELECT query: its columns, and rows that leave out what is unbound."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@cache
def question(name: str) -> Query:
    """Return the query of a file, by its path below `queries/` without the suffix."""
    return read_query(QUERIES / f"{name}.rq")


def ask(query: Query | str, page: Page | None = None, things: Iterable[Term] | None = None, **terms: Term) -> Table:
    """Return the answer to a SELECT query, ignoring unknown parameters; raise QueryError if it is of another form."""
    return rows_of(solutions(_text(query, page, things, terms)))


def rows_of(results: QuerySolutions) -> Table:
    """Return results as a table."""
    columns = tuple(variable.value for variable in results.variables)
    rows = tuple(
        {name: _shown(value) for name, value in zip(columns, solution, strict=True) if value is not None}
        for solution in results
    )
    return Table(columns, rows)


def _shown(value: Any) -> Any:
    """Return a term as pages show it: a triple term (RDF 1.2) by its text."""
    return Literal(str(value)) if isinstance(value, Triple) else value


def kept_lists() -> Lists | None:
    """Return the lists that are kept with the served version, if there are any."""
    return Lists.of(g.served.version.folder) if isinstance(g.served.store, EmbeddedStore) else None


def triples(query: str, page: Page | None = None, **terms: Term) -> list[Triple]:
    """Return the answer to a CONSTRUCT query; raise QueryError if the query is of another form."""
    return graph(_text(query, page, None, terms))


def _text(query: Query | str, page: Page | None, things: Iterable[Term] | None, terms: Mapping[str, Terms]) -> str:
    query = question(query) if isinstance(query, str) else query
    text = query.bind(**{name: term for name, term in terms.items() if name in query.parameters})
    if page:
        text = LIMIT.sub(page.limit, text)
    if things is not None:
        listed = " ".join(map(str, things))
        text = THINGS.sub(lambda _: f"VALUES ?thing {{ {listed} }}" if listed else "", text)
    return text


def remembered(function: Callable[P, T]) -> Callable[P, T]:
    """Keep what a function of hashable arguments returns for as long as the version is served."""
    memory: dict[tuple[str, str], Callable[P, T]] = {}

    @wraps(function)
    def asked(*args: P.args, **kwargs: P.kwargs) -> T:
        version = (str(g.served.version.folder), g.served.version.built)
        kept = memory.get(version)
        if kept is None:
            kept = cast("Callable[P, T]", lru_cache(maxsize=1024)(function))
            memory.clear()
            memory[version] = kept
        return kept(*args, **kwargs)

    return asked


@dataclass(frozen=True)
class SourceLabel:
    """The label of a source, and whether its statements have lines."""

    label: str
    by_line: bool = False


@remembered
def source_labels() -> dict[NamedNode, SourceLabel]:
    """Return the label of each source."""
    rows = ask("source/labels").rows
    named = {row["source"]: SourceLabel(row["label"].value, "lines" in row) for row in rows}
    return {source: label for source, label in named.items() if isinstance(source, NamedNode)}


def solutions(text: str) -> QuerySolutions:
    """Return the answer to a SELECT query; raise QueryError for others, LimitError beyond its time or memory."""
    if (body := _asked(text)) is None:
        return store.solutions(g.served.near, text)
    results = parse_query_results(body, format=QueryResultsFormat.JSON)
    if not isinstance(results, QuerySolutions):
        raise QueryError("Only a SELECT query gives rows.")
    return results


def graph(text: str) -> list[Triple]:
    """Return the answer to a CONSTRUCT or DESCRIBE query; raise QueryError for others, LimitError beyond its limits."""
    if (body := _asked(text)) is None:
        return list(store.construct(g.served.near, text))
    return [quad.triple for quad in parse(body, format=RdfFormat.N_TRIPLES)]


def elsewhere(text: str) -> QuerySolutions:
    """Return the answer to a SELECT query that asks other endpoints too, which only the engine may.

    Raises:
        RefusedError: it asks one that the operator does not allow.
        EngineError: there is no engine.
    """
    settings: Settings = current_app.config["SETTINGS"]
    decide(text, frozenset(settings.services.split()))
    engine = current_app.config["ENGINE"]
    if not isinstance(engine, Engine):
        raise EngineError("Other endpoints are asked by an engine of its own; start it with: convocation serve")
    results = parse_query_results(_by_engine(engine, text)[1], format=QueryResultsFormat.JSON)
    if not isinstance(results, QuerySolutions):
        raise QueryError("Only a SELECT query gives rows.")
    return results


def _asked(text: str) -> bytes | None:
    """Return the answer of the engine; None if this process is to evaluate the query itself."""
    seconds_left()
    served, engine = g.served, current_app.config["ENGINE"]
    if served.near is not served.store or not isinstance(engine, Engine):
        return None
    number, body = _by_engine(engine, text)
    return body if number == served.version.number else None  # a page shows one version


def _by_engine(engine: Engine, text: str) -> tuple[int, bytes]:
    """Return the version that the engine answers from, and its answer."""
    version = g.served.version
    question = Question(text, version.number, "json", "nt", f"{version.base}sparql", seconds_left(), size=LARGEST)
    caller: Caller = request.environ.get(CALLER, NOBODY) if has_request_context() else NOBODY
    return engine.ask(question, caller)
