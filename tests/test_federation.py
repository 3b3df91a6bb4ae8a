"""A query reaches no other endpoint than those that the operator allows, however SERVICE is written."""

import pytest
from flask.testing import FlaskClient

from graph.errors import QueryError
from graph.federation import check_services, services

PEER = "https://query.example.org/sparql"


@pytest.mark.parametrize(
    "query",
    [
        f"SELECT * {{ SERVICE <{PEER}> {{ ?s ?p ?o }} }}",
        f"PREFIX peer: <{PEER}> SELECT * {{ service silent peer: {{ ?s ?p ?o }} }}",
        "SELECT * { BIND (<http://127.0.0.1/> AS ?e) SERVICE SILENT ?e { ?s ?p ?o } }",
        f"SELECT * {{ SERVICE SILENT <x:a> {{ ?s ?p ?o }} SERVICE <{PEER}> {{ ?s ?p ?o }} }}",
        f"SELECT * {{ SERVICE SILENT <x:a> {{ ?s ?p ?o }} {{ SELECT * {{ {{ SERVICE <{PEER}> {{ }} }} }} }} }}",
        f"ASK {{ FILTER NOT EXISTS {{ GRAPH ?g {{ SERVICE/**/<{PEER}> {{ ?s ?p ?o }} }} }} }}",
        f"SELECT * {{ SERVICE \r# SILENT\r <{PEER}> {{ ?s ?p ?o }} }}",
        f"SELECT * {{ \\U00000053ERVICE SILENT <{PEER}> {{ ?s ?p ?o }} }}",
        f"BASE <{PEER}> SELECT * {{ SERVICE <> {{ ?s ?p ?o }} }}",
        f'SELECT * {{ ?s ?p """a\\""""SERVICE <{PEER}> {{ ?s ?p ?o }} }}',
        f"PREFIX peer: <{PEER}> SELECT * {{ SERVICE peer: {{ ?s ?p ?o }} }}",
        "SELECT * { BIND (<http://127.0.0.1/> AS ?e) SERVICE ?e { ?s ?p ?o } }",
        f"SELECT * {{ SERVICE # a comment\n <{PEER}> {{ ?s ?p ?o }} }}",
        f"SELECT * {{ \\u0053ERVICE <{PEER}> {{ ?s ?p ?o }} }}",
        f"SELECT * {{ FILTER('it''s' = \"#\") SERVICE<{PEER}>{{?s ?p ?o}} }}",
        f"SELECT * {{ FILTER(?a<?b) SERVICE <{PEER}> {{ ?s ?p ?o }} }}",
        f"SELECT * {{ SERVICESILENT<{PEER}> {{ ?s ?p ?o }} }}",
        f"SELECT * {{ ?s ?p 1SERVICE <{PEER}> {{ ?s ?p ?o }} }}",
        f"SELECT * {{ ?s ?p 1.SERVICE<{PEER}>{{ ?s ?p ?o }} }}",
        f"SELECT * {{ ?s ?p trueSERVICE <{PEER}> {{ ?s ?p ?o }} }}",
        f"PREFIX ex: <x:> SELECT * {{ ?s ?p ex:.SERVICE <{PEER}> {{ ?s ?p ?o }} }}",
        f"PREFIX e: <{PEER}> SELECT * {{ SERVICEe: {{ ?s ?p ?o }} }}",
        f"PREFIX e: <{PEER}> SELECT * {{ SERVICESILENTe: {{ ?s ?p ?o }} }}",
        "SELECT * { SERVICESILENT?e { ?s ?p ?o } }",
    ],
)
def test_a_service_is_refused_unless_allowed(query: str) -> None:
    with pytest.raises(QueryError, match="CONVOCATION_SERVICES"):
        check_services(query)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?service { ?service a <http://example.org/SERVICE> }",
        'SELECT * { ?s ?p "SERVICE <http://example.org/>" } # SERVICE <http://example.org/>',
        "PREFIX service: <http://example.org/> SELECT * { ?s service:SERVICE 'x'@service }",
        "SELECT * { ?s ?p '''it's SERVICE <x>''' }",
        "PREFIX service: <x:> SELECT * { GRAPH service:g { ?s service:p ?o } OPTIONAL { ?s service:q ?r } }",
        "PREFIX web-service: <x:> SELECT * { ?s web-service:p ?o . FILTER EXISTS { ?o ?q ?services } }",
    ],
)
def test_the_word_alone_is_no_service(query: str) -> None:
    assert list(services(query)) == []
    check_services(query)


@pytest.mark.parametrize(
    "query", [f"SELECT * {{ service silent <{PEER}> {{}} }}", "ASK { SERVICE # so\n SILENT <g> {} }"]
)
def test_a_service_that_is_silent_may_fail(query: str) -> None:
    check_services(query)


def test_an_allowed_endpoint_may_be_asked() -> None:
    check_services(f"SELECT * {{ SERVICE <{PEER}> {{ ?s ?p ?o }} }}", frozenset({PEER}))


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
