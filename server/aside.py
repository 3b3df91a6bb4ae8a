"""Asks what reads much of the graph: of a large graph in the engine's processes, which are stopped at their limits."""

from flask import current_app, g
from pyoxigraph import QueryResultsFormat, parse_query_results

from graph.settings import Settings
from server.asking import Table, rows_of
from server.engine.client import Engine
from server.engine.wire import Question


def large(text: str) -> Table:
    """Return the answer to a SELECT query.

    Raises:
        LimitError: it passed the time or the memory that a query may take.
        QueryError: the query is of another form, or not SPARQL.
    """
    served, engine = g.served, current_app.config["ENGINE"]
    if served.near is not served.store or not isinstance(engine, Engine):
        return rows_of(served.near.query(text))
    settings: Settings = current_app.config["SETTINGS"]
    question = Question(
        text, served.version.number, "json", None, f"{served.version.base}sparql", settings.query_seconds
    )
    body = b"".join(engine.ask(question).body)
    return rows_of(parse_query_results(body, format=QueryResultsFormat.JSON))
