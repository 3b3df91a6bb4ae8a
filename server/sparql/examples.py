"""The queries that the SPARQL page offers: examples, views and competency questions, and the one that is shown."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask import Blueprint, request, url_for

from graph.files import QUESTIONS
from graph.query import HEADER, Query, read_queries
from server.display.asking import QUERIES
from server.views.pages import asked, view, views

bp = Blueprint("examples", __name__)


@dataclass(frozen=True)
class Example:
    """A query to begin with: what it asks, and its text."""

    title: str
    summary: str
    text: str


@bp.app_context_processor
def every_page() -> dict[str, Any]:
    """Return what the SPARQL page offers."""
    return {"examples": examples, "offered": offered, "chosen": chosen}


@cache
def examples() -> list[Query]:
    """Return the example queries, the first one first."""
    return read_queries(QUERIES / "examples")


@cache
def questions() -> list[Query]:
    """Return the competency questions of the ontology, in their order."""
    return read_queries(QUESTIONS)


def offered() -> Iterator[tuple[str, list[tuple[str, Query]]]]:
    """Yield the queries to choose from, each with the address of its form, by where they come from."""
    for what, key, queries in (
        ("Examples", "example", examples()),
        ("Views", "view", [each.query for each in views().values()]),
        ("Questions", "question", questions()),
    ):
        yield what, [(f"{url_for('sparql.endpoint')}?{key}={each.name}", each) for each in queries]


def chosen() -> Example:
    """Return the query that the request names: a view with its parameters, an example or a question; else the first.

    Raises:
        ConvocationError: there is no such view, or its parameters cannot be read.
    """
    if name := request.args.get("view", ""):
        there = view(name)
        return Example(there.title, there.summary, there.text(asked(there)))
    wanted = request.args.get("question", "") or request.args.get("example", "")
    found = next((each for each in (*questions(), *examples()) if each.name == wanted), examples()[0])
    return Example(found.header["title"], found.header["summary"], HEADER.sub("", found.text).strip() + "\n")
