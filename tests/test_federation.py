"""A query reaches no other endpoint than those that the operator allows, however SERVICE is written."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from peers import JSON_ROWS, AnsweringHandler, serving
from pyoxigraph import Literal, NamedNode, Quad, QueryResultsFormat, QuerySolutions, RdfFormat, Store, parse

from graph.errors import QueryError, RemoteServiceError
from graph.settings import Settings
from graph.store import select
from graph.store.embedded import EmbeddedStore
from server.engine.relay import relayed


def test_the_endpoint_refuses_a_service(client: FlaskClient) -> None:
    query = "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"
    response = client.get("/sparql", query_string={"query": query})
    assert response.status_code == 403
    assert "CONVOCATION_SERVICES" in response.text


@pytest.mark.parametrize("peer", ["http://127.0.0.1:9/", "x", "file:///etc/passwd"])
def test_a_silent_service_that_is_not_allowed_is_as_one_that_fails(client: FlaskClient, peer: str) -> None:
    query = f"SELECT ?a ?s ?p ?o {{ BIND (1 AS ?a) SERVICE SILENT <{peer}> {{ ?s ?p ?o }} }}"
    response = client.get("/sparql", query_string={"query": query, "format": "csv"})
    assert (response.status_code, response.text.splitlines()) == (200, ["a,s,p,o", "1,,,"])


LABEL = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")


class Elsewhere(AnsweringHandler):
    """Another endpoint, with a graph of its own; what it was asked is kept. Some of its paths answer as none should."""

    store: Store
    asked: list[tuple[str, str, str]]

    def reply(self, body: bytes) -> None:
        query = body.decode()
        self.asked.append((self.path, self.headers["User-Agent"], query))
        match self.path:
            case "/moved":
                self.answer(307, b"", {"Location": "/sparql"})
            case "/moved-away":
                self.answer(302, b"", {"Location": "/other"})
            case "/page":
                self.answer(200, b"<html>Out of order</html>", {"Content-Type": "text/html"})
            case "/cut":
                self.answer(200, self.rows(query)[:-20], JSON_ROWS)
            case "/xml":
                rows = self.rows(query, QueryResultsFormat.XML)
                self.answer(200, rows, {"Content-Type": "application/sparql-results+xml; charset=utf-8"})
            case _:
                self.answer(200, self.rows(query), JSON_ROWS)

    def rows(self, query: str, form: QueryResultsFormat = QueryResultsFormat.JSON) -> bytes:
        found = self.store.query(query)
        assert isinstance(found, QuerySolutions)
        return found.serialize(format=form) or b""


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[str]:
    """The address of another endpoint, which knows 5,000 things by the ORCID iD of a person, two of them known here."""
    store = Elsewhere.store = Store()
    iri, same = "http://elsewhere.example/{}", NamedNode("http://elsewhere.example/orcid")
    for number in range(5000):
        store.add(Quad(NamedNode(iri.format(number)), same, Literal(f"0000-{number}")))
        store.add(Quad(NamedNode(iri.format(number)), LABEL, Literal(f"Person {number}")))
    Elsewhere.asked = []
    with serving(Elsewhere) as address:
        yield address


KNOWN = """@prefix e: <http://elsewhere.example/> .
<http://here.example/a> e:orcid "0000-7" ; e:age 7 ; e:knows <http://here.example/b> .
<http://here.example/b> e:orcid "0000-4000" ; e:age 40 .
<http://here.example/c> e:orcid "1111-1" .
"""


def federated(text: str, address: str, **changes: Any) -> tuple[list[dict[str, str]], list[str]]:
    """Return the rows of a query over a small graph, and what another endpoint was asked for it."""
    store = EmbeddedStore.memory(Quad(*each.triple) for each in parse(KNOWN, format=RdfFormat.TURTLE))
    paths = ("sparql", "moved", "moved-away", "page", "cut", "xml")
    settings = replace(
        Settings(),
        services=" ".join(f"{address}/{path}" for path in paths),
        private_hosts="127.0.0.1",
        **changes,
    )
    Elsewhere.asked.clear()
    query = f"PREFIX e: <http://elsewhere.example/> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> {text}"
    rows: list[dict[str, str]] = []
    failure: Exception | None = None
    with relayed(query.replace("{peer}", address), settings, store) as relay:
        try:
            rows = [{name: term.value for name, term in row.items()} for row in select(store, relay.text)]
        except (QueryError, OSError) as error:
            failure = relay.failure or error
    if failure:
        raise failure
    return rows, [query for _, _, query in Elsewhere.asked]


NAMED = "SERVICE <{peer}/sparql> { ?x e:orcid ?o ; rdfs:label ?l }"
CALCULATED = "BIND (IRI(CONCAT('http://elsewhere.example/', STR(?a))) AS ?x)"


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        (f"?p e:orcid ?o {NAMED}", {"Person 7", "Person 4000"}),
        (f"{NAMED} ?p e:orcid ?o .", {"Person 7", "Person 4000"}),
        (f"?p e:age ?a . FILTER (?a > 9) . ?p e:orcid ?o . {NAMED}", {"Person 4000"}),
        (f"?p e:age ?a {CALCULATED} SERVICE <{{peer}}/sparql> {{ ?x rdfs:label ?l }}", {"Person 7", "Person 40"}),
        (f"?p e:age ?a OPTIONAL {{ ?p e:orcid ?o }} {NAMED} FILTER (?a = 7)", {"Person 7"}),
        (f"?p e:age 7 ; e:orcid ?o OPTIONAL {{ ?p e:orcid ?o {NAMED} }}", {"Person 7"}),
        (f"{{ SELECT ?o {{ ?p e:orcid ?o }} ORDER BY ?o LIMIT 1 }} {NAMED.replace('sparql', 'xml')}", {"Person 4000"}),
    ],
    ids=["behind", "before", "a filter", "a calculated IRI", "an optional part", "within one", "a sub-select"],
)
def test_an_endpoint_is_asked_only_for_what_can_be_joined(elsewhere: str, pattern: str, names: set[str]) -> None:
    rows, asked = federated(f"SELECT ?l {{ {pattern} }}", elsewhere)
    assert {row["l"] for row in rows if "l" in row} == names
    assert ["VALUES" in each for each in asked] == [True]


def test_a_variable_that_is_not_always_bound_is_not_sent(elsewhere: str) -> None:
    pattern = f"?p e:age ?a OPTIONAL {{ ?p e:knows ?q . ?q e:orcid ?o }} {NAMED} FILTER (?a = 7)"
    rows, asked = federated(f"SELECT ?l {{ {pattern} }}", elsewhere)
    assert ([row["l"] for row in rows], ["VALUES" in each for each in asked]) == (["Person 4000"], [False])


def test_many_values_are_sent_in_batches(elsewhere: str) -> None:
    values = " ".join(f"'0000-{number}'" for number in range(450))
    query = f"SELECT ?l {{ VALUES ?o {{ {values} }} SERVICE <{{peer}}/sparql> {{ ?x e:orcid ?o ; rdfs:label ?l }} }}"
    rows, asked = federated(query, elsewhere)
    assert (len({row["l"] for row in rows}), len(rows), len(asked)) == (450, 450, 3)


def test_what_cannot_be_joined_is_not_asked_for(elsewhere: str) -> None:
    query = "SELECT ?l { ?p e:height ?o SERVICE <{peer}/sparql> { ?x e:orcid ?o ; rdfs:label ?l } }"
    assert federated(query, elsewhere) == ([], [])


def test_where_nothing_is_known_the_whole_pattern_is_asked_for(elsewhere: str) -> None:
    rows, asked = federated("SELECT ?l { SERVICE <{peer}/sparql> { ?x e:orcid '0000-3' ; rdfs:label ?l } }", elsewhere)
    assert ([row["l"] for row in rows], len(asked), "VALUES" in asked[0]) == (["Person 3"], 1, False)


def test_other_endpoints_learn_who_asks(elsewhere: str) -> None:
    federated(
        "SELECT * { SERVICE <{peer}/sparql> { ?x e:orcid '0000-3' } }", elsewhere, contact="https://here.example/"
    )
    assert Elsewhere.asked[0][1].startswith("Convocation/")
    assert Elsewhere.asked[0][1].endswith("; https://here.example/)")


def test_a_redirect_is_followed_to_where_the_operator_allows(elsewhere: str) -> None:
    rows, _ = federated("SELECT ?l { SERVICE <{peer}/moved> { ?x e:orcid '0000-3' ; rdfs:label ?l } }", elsewhere)
    assert ([row["l"] for row in rows], [path for path, *_ in Elsewhere.asked]) == (["Person 3"], ["/moved", "/sparql"])
    with pytest.raises(RemoteServiceError, match=r"leads to http://\S+/other \(status 302\)"):
        federated("SELECT ?l { SERVICE <{peer}/moved-away> { ?x rdfs:label ?l } }", elsewhere)


@pytest.mark.parametrize(
    ("path", "words"), [("page", "answered with text/html, which is no answer"), ("cut", "that cannot be read")]
)
def test_an_endpoint_that_answers_no_rows_is_named(elsewhere: str, path: str, words: str) -> None:
    query = f"SELECT ?l {{ SERVICE <{{peer}}/{path}> {{ ?x e:orcid '0000-3' ; rdfs:label ?l }} }}"
    with pytest.raises(RemoteServiceError, match=f"{elsewhere}/{path}.*{words}"):
        federated(query, elsewhere)
    rows, _ = federated(query.replace("SERVICE", "SERVICE SILENT"), elsewhere)
    assert rows == [{}]
