"""Evaluates the queries of pages within the time of the request.

A small graph is asked in this process, where nothing is faster. A large one is asked in the engine, whose workers are
stopped at the deadline, at their limit of memory, and when the client leaves.
"""

from collections.abc import Iterable

from flask import current_app, g, has_request_context, request
from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)

from graph.errors import QueryError
from server.engine.caller import CALLER, NOBODY, Caller
from server.engine.client import Engine
from server.engine.frames import Question
from server.http.deadline import seconds_left

LARGEST = 100 << 20  # bytes of the answer to a query of a page, which this process reads whole


def solutions(text: str) -> QuerySolutions:
    """Return the answer to a SELECT query.

    Raises:
        QueryError: it is of another form, or not SPARQL.
        LimitError: it passed the time or the memory that it may take.
    """
    body = _asked(text)
    results = g.served.near.query(text) if body is None else parse_query_results(body, format=QueryResultsFormat.JSON)
    if not isinstance(results, QuerySolutions):
        raise QueryError("Only a SELECT query gives rows.")
    return results


def graph(text: str) -> list[Triple]:
    """Return the answer to a CONSTRUCT or DESCRIBE query.

    Raises:
        QueryError: it is of another form, or not SPARQL.
        LimitError: it passed the time or the memory that it may take.
    """
    body = _asked(text)
    if body is not None:
        return [quad.triple for quad in parse(body, format=RdfFormat.N_TRIPLES)]
    results: Iterable[Triple] | QueryBoolean | QuerySolutions | QueryTriples = g.served.near.query(text)
    if isinstance(results, QueryBoolean | QuerySolutions):
        raise QueryError("Only a CONSTRUCT query gives triples.")
    return list(results)


def _asked(text: str) -> bytes | None:
    """Return the answer of the engine; None if this process is to evaluate the query itself."""
    seconds, served, engine = seconds_left(), g.served, current_app.config["ENGINE"]
    if served.near is not served.store or not isinstance(engine, Engine):
        return None
    question = Question(
        text, served.version.number, "json", "nt", f"{served.version.base}sparql", seconds, size=LARGEST
    )
    caller: Caller = request.environ.get(CALLER, NOBODY) if has_request_context() else NOBODY
    number, body = engine.ask(question, caller)
    return body if number == served.version.number else None  # a page shows one version
