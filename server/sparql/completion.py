"""Requests of the query editor: whether a text is SPARQL, and the terms of the graph.

The text is parsed by the engine, in a process that can be stopped; the web process never evaluates it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask import Blueprint, Response, current_app, g, jsonify, request, url_for
from pyoxigraph import NamedNode

from graph.errors import QuerySyntaxError
from graph.files import FIRST_QUERIES, QUESTIONS
from graph.indexes.statistics import Statistics
from graph.policy import decide, local
from graph.query import HEADER, Query, read_queries
from graph.settings import Settings
from graph.terms import OWL, PREFIXES, RDF, RDFS
from graph.vocabulary.ontology import terms
from server.display.asking import QUERIES, ask, remembered
from server.engine.frames import Question
from server.http.caching import cached, tag_of
from server.sparql.description import numbers
from server.sparql.endpoint import engine
from server.views import theme
from server.views.catalog import view, views
from server.views.pages import asked

SECONDS = 2.0
OTHERS = {  # terms of other vocabularies, which the ontology does not label
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#type": "type",
    "http://www.w3.org/2000/01/rdf-schema#label": "name",
    "http://www.w3.org/2004/02/skos/core#altLabel": "other name",
    "http://www.w3.org/2004/02/skos/core#prefLabel": "name of a code",
}

bp = Blueprint("completion", __name__)


@bp.post("/sparql/check")
def check() -> Response:
    """Answer whether the body is a SPARQL query, and where not."""
    settings: Settings = current_app.config["SETTINGS"]
    text = request.get_data().decode(errors="replace")
    decide(text, frozenset(settings.services.split()))
    version = g.served.version
    question = Question(local(text), version.number, "tsv", "nt", f"{version.base}sparql", SECONDS, check=True)
    try:
        engine().ask(question)
    except QuerySyntaxError as error:
        return jsonify(ok=False, line=error.line, column=error.column, detail=str(error))
    return jsonify(ok=True)


@bp.get("/sparql/vocabulary.json")
def vocabulary() -> Response:
    """Answer with the prefixes, classes and properties of the graph, and how often each is used."""
    version = g.served.version
    counted = numbers() is not None
    tag = tag_of(version.number, version.built, "vocabulary", counted)
    return cached(tag, lambda: jsonify(_vocabulary(counted=counted)))


@remembered
def _vocabulary(*, counted: bool) -> Mapping[str, Any]:
    """Return the vocabulary, with counts where the graph is `counted`."""
    counts = (numbers() if counted else None) or Statistics(0, 0, 0)
    described = _described()
    used = _used(counts.classes)
    classes = {iri for iri, facts in described.items() if OWL.Class in facts["types"]} | set(counts.classes)
    properties = {iri for iri, facts in described.items() if facts["is_property"]} | set(counts.properties)
    return {
        "prefixes": PREFIXES,
        "classes": [_term(iri, "class", described, counts.classes) for iri in _ranked(classes, counts.classes)],
        "properties": [
            {**_term(iri, "property", described, counts.properties), "of": used.get(iri, [])}
            for iri in _ranked(properties, counts.properties)
        ],
        "theme": {"config": theme.config(), "dark": theme.DARK},
    }


def _ranked(iris: set[str], counts: Mapping[str, int]) -> list[str]:
    return sorted(iris, key=lambda iri: (-counts.get(iri, 0), iri))


def _term(iri: str, kind: str, described: Mapping[str, Any], counts: Mapping[str, int]) -> dict[str, Any]:
    facts = described.get(iri, {})
    label = facts.get("label") or OTHERS.get(iri, "")
    return {"iri": iri, "kind": kind, "label": label, "comment": facts.get("comment", ""), "count": counts.get(iri, 0)}


def _used(classes: Iterable[str]) -> dict[str, list[str]]:
    """Return the classes in whose things each property is used, as samples of them show."""
    found: dict[str, list[str]] = {}
    for iri in classes:
        for row in ask("completion/properties", kind=NamedNode(iri)).rows:
            found.setdefault(row["property"].value, []).append(iri)
    return found


def _described() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for subject, predicate, value in terms():
        facts = found.setdefault(subject.value, {"types": set(), "label": "", "comment": "", "is_property": False})
        if predicate == RDF.type:
            facts["types"].add(value)
            facts["is_property"] |= value.value.endswith("Property")
        elif predicate in (RDFS.label, RDFS.comment):
            facts["label" if predicate == RDFS.label else "comment"] = value.value
    return found


@dataclass(frozen=True)
class Example:
    """A query to begin with: what it asks, and its text."""

    title: str
    summary: str
    text: str


@bp.app_template_global()
@cache
def examples() -> list[Query]:
    """Return the example queries, the first one first."""
    return read_queries(QUERIES / "examples")


@cache
def questions() -> list[Query]:
    """Return the first queries and the competency questions of the ontology, in their order."""
    return [*read_queries(FIRST_QUERIES), *read_queries(QUESTIONS)]


@bp.app_template_global()
def offered() -> Iterator[tuple[str, list[tuple[str, Query]]]]:
    """Yield the queries to choose from, each with the address of its form, by where they come from."""
    for what, key, queries in (
        ("Examples", "example", examples()),
        ("Views", "view", [each.query for each in views().values()]),
        ("Questions", "question", questions()),
    ):
        yield what, [(f"{url_for('sparql.endpoint')}?{key}={each.name}", each) for each in queries]


@bp.app_template_global()
def chosen() -> Example:
    """Return the query that the request names, or the first; raise ConvocationError if its view cannot be read."""
    if name := request.args.get("view", ""):
        there = view(name)
        return Example(there.title, there.summary, there.text(asked(there)))
    wanted = request.args.get("question", "") or request.args.get("example", "")
    found = next((each for each in (*questions(), *examples()) if each.name == wanted), examples()[0])
    return Example(found.header["title"], found.header["summary"], HEADER.sub("", found.text).strip() + "\n")
