"""The SPARQL 1.1 Protocol: what is a request, what is refused with which status, who may ask from where."""

import json
import re
from typing import Any

import pytest
from flask.testing import FlaskClient

FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
NOTES = "http://127.0.0.1:5000/graph/source/neurips-video-notes"
RELEASE = "http://127.0.0.1:5000/graph/source/neurips-2024-press-release"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
EVERYWHERE = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"


def number(client: FlaskClient, query: str, **more: Any) -> int:
    response = client.get("/sparql", query_string={"query": query, "format": "csv", **more})
    assert response.status_code == 200, response.text
    return int(response.text.split()[1])


@pytest.mark.parametrize(
    ("status", "arguments"),
    [
        (400, {"query_string": "query=ASK{}&query=ASK{}"}),
        (400, {"query_string": "query="}),
        (400, {"query_string": "query=%20%0A"}),
        (400, {"query_string": "query=%FF"}),
        (400, {"query_string": "update=CLEAR%20ALL"}),
        (400, {"query_string": "query=CLEAR%20ALL"}),
        (400, {"query_string": {"query": "ASK {}", "default-graph-uri": "no iri"}}),
        (400, {"query_string": {"query": "ASK {}", "named-graph-uri": "relative"}}),
        (400, {"query_string": {"query": "ASK {}", "version": "3.0"}}),
        (400, {"query_string": {"query": "ASK {}", "timeout": "soon"}}),
        (400, {"method": "POST", "data": b"\xff\xfe", "content_type": DIRECT}),
        (400, {"method": "POST", "data": b"", "content_type": DIRECT}),
        (400, {"method": "POST", "data": "ASK {}", "content_type": DIRECT, "query_string": "query=ASK{}"}),
        (400, {"method": "POST", "data": "query=ASK{}&query=ASK{}", "content_type": FORM}),
        (400, {"method": "POST", "data": "other=1", "content_type": FORM}),
        (400, {"method": "POST", "data": "query=%FF", "content_type": FORM}),
        (406, {"query_string": {"query": "ASK {}"}, "headers": {"Accept": "text/turtle"}}),
        (406, {"query_string": {"query": "ASK {}", "format": "parquet"}}),
        (415, {"method": "POST", "data": "ASK {}", "content_type": "text/plain"}),
        (415, {"method": "POST", "data": "ASK {}"}),
        (415, {"method": "POST", "data": "ASK {}", "content_type": f"{DIRECT}; charset=utf-16"}),
        (415, {"method": "POST", "data": "query=ASK{}", "content_type": f"{FORM}; charset=latin-1"}),
        (405, {"method": "DELETE"}),
        (405, {"method": "PATCH"}),
    ],
)
def test_a_bad_request_gets_its_status_and_a_hint(client: FlaskClient, status: int, arguments: dict[str, Any]) -> None:
    response = client.open("/sparql", **arguments)
    assert (response.status_code, response.content_type) == (status, "application/problem+json")
    assert json.loads(response.data)["detail"]
    assert response.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("method", ["POST", "QUERY"])
@pytest.mark.parametrize("content_type", [DIRECT, f"{DIRECT}; charset=UTF-8", f"{DIRECT};version=1.2"])
def test_a_query_is_taken_as_the_body(client: FlaskClient, method: str, content_type: str) -> None:
    response = client.open("/sparql", method=method, data='ASK { FILTER("é" = "\\u00E9") }', content_type=content_type)
    assert response.json == {"head": {}, "boolean": True}


@pytest.mark.parametrize("content_type", [FORM, f"{FORM}; charset=UTF-8", "Application/X-WWW-Form-URLencoded"])
def test_a_query_is_taken_from_a_form(client: FlaskClient, content_type: str) -> None:
    data = "query=SELECT+%28%22a%2Bb+%C3%A9%22+AS+%3Fx%29+%7B%7D&format=csv"
    assert client.post("/sparql", data=data, content_type=content_type).text == "x\r\na+b é\r\n"


def test_the_dataset_of_the_request_wins_over_from(client: FlaskClient) -> None:
    query = COUNT.replace("{ ?s", f"FROM <{RELEASE}> {{ ?s")
    alone = number(client, COUNT, **{"default-graph-uri": NOTES})
    assert number(client, query, **{"default-graph-uri": NOTES}) == alone != number(client, query)


def test_a_request_that_names_default_graphs_has_no_named_ones(client: FlaskClient) -> None:
    assert number(client, EVERYWHERE, **{"default-graph-uri": NOTES}) == 0


def test_a_request_that_names_named_graphs_has_an_empty_default_graph(client: FlaskClient) -> None:
    assert number(client, COUNT, **{"named-graph-uri": NOTES}) == 0
    assert number(client, EVERYWHERE, **{"named-graph-uri": NOTES}) > 0


def test_an_unknown_graph_is_empty(client: FlaskClient) -> None:
    assert number(client, COUNT, **{"default-graph-uri": "http://example.org/nothing"}) == 0


def test_overlapping_default_graphs_count_a_triple_once(client: FlaskClient) -> None:
    graphs = [NOTES, RELEASE]
    union = "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT ?s ?p ?o { VALUES ?g { <%s> <%s> } GRAPH ?g { ?s ?p ?o } } }"
    expected = number(client, union % tuple(graphs))
    assert expected < sum(number(client, COUNT, **{"default-graph-uri": graph}) for graph in graphs)
    assert number(client, COUNT, **{"default-graph-uri": [*graphs, NOTES]}) == expected
    assert number(client, COUNT.replace("{ ?s", f"FROM <{NOTES}> FROM <{RELEASE}> {{ ?s")) == expected


def test_a_head_request_is_a_get_without_a_body(client: FlaskClient) -> None:
    arguments = {"query": COUNT, "format": "csv"}
    get, head = client.get("/sparql", query_string=arguments), client.head("/sparql", query_string=arguments)
    assert (head.status_code, head.data) == (200, b"")
    for name in ("Content-Type", "Content-Length", "ETag", "Vary"):
        assert head.headers[name] == get.headers[name]


def test_head_requests_of_large_answers_give_their_turns_back(client: FlaskClient) -> None:
    for _ in range(16):
        response = client.head("/sparql", query_string={"query": "SELECT * { ?s ?p ?o }"})
        assert (response.status_code, response.data) == (200, b"")


@pytest.mark.parametrize("path", ["/sparql", "/sparql.csv", "/.well-known/void", "/ontology", "/"])
def test_options_are_reported_without_a_body(client: FlaskClient, path: str) -> None:
    response = client.options(path, headers={"Origin": "https://example.org", "Access-Control-Request-Method": "POST"})
    assert (response.status_code, response.data) == (204, b"")
    assert {"GET", "HEAD", "OPTIONS"} <= set(re.split(", *", response.headers["Allow"]))
    assert response.headers["Access-Control-Allow-Methods"] == response.headers["Allow"]
    assert "Content-Type" in response.headers["Access-Control-Allow-Headers"]


@pytest.mark.parametrize("path", ["/sparql?query=ASK{}", "/sparql?query=ASK{", "/void", "/nowhere", "/data/none.ttl"])
def test_every_answer_may_be_read_by_pages_of_other_sites(client: FlaskClient, path: str) -> None:
    response = client.get(path, headers={"Origin": "https://example.org"})
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "X-Convocation-Version" in response.headers["Access-Control-Expose-Headers"]
    assert "Access-Control-Allow-Credentials" not in response.headers


def test_a_wrong_method_is_reported_the_right_ones(client: FlaskClient) -> None:
    assert client.delete("/sparql").headers["Allow"] == "GET, HEAD, OPTIONS, POST, QUERY"
