"""The SPARQL endpoint speaks the protocol: forms of request, formats of answer, errors that say where."""

import json

import pytest
from flask.testing import FlaskClient
from pyoxigraph import QueryResultsFormat, RdfFormat, parse, parse_query_results

SERIES = """
PREFIX cvn: <https://w3id.org/convocation/ontology#>
SELECT ?name { ?series a cvn:ConferenceSeries ; cvn:acronym ?name } ORDER BY ?name
"""
ASK = "ASK { ?s ?p ?o }"
GRAPH = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 3"
FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"


def answers(client: FlaskClient, query: str, accept: str) -> tuple[str, bytes]:
    response = client.get("/sparql", query_string={"query": query}, headers={"Accept": accept})
    assert (response.status_code, "Accept" in response.vary) == (200, True)
    return response.headers["Content-Type"], response.data


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("application/sparql-results+json", QueryResultsFormat.JSON),
        ("application/sparql-results+xml", QueryResultsFormat.XML),
        ("text/tab-separated-values", QueryResultsFormat.TSV),
    ],
)
@pytest.mark.parametrize("query", [SERIES, ASK])
def test_results_come_in_the_format_asked_for(
    client: FlaskClient, query: str, accept: str, form: QueryResultsFormat
) -> None:
    content_type, body = answers(client, query, accept)
    assert content_type.startswith(accept)
    assert parse_query_results(body, format=form)


def test_results_come_as_csv(client: FlaskClient) -> None:
    content_type, body = answers(client, SERIES, "text/csv")
    assert (content_type, body) == ("text/csv; charset=utf-8", b"name\r\nICLR\r\nICML\r\nNeurIPS\r\n")


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("text/turtle", RdfFormat.TURTLE),
        ("application/n-triples", RdfFormat.N_TRIPLES),
        ("application/ld+json", RdfFormat.JSON_LD),
        ("application/rdf+xml", RdfFormat.RDF_XML),
    ],
)
@pytest.mark.parametrize("query", [GRAPH, "DESCRIBE <https://w3id.org/convocation/ontology#Edition>"])
def test_graphs_come_in_the_format_asked_for(client: FlaskClient, query: str, accept: str, form: RdfFormat) -> None:
    content_type, body = answers(client, query, accept)
    assert content_type.startswith(accept)
    assert len(list(parse(body, format=form))) >= 3


def test_the_better_quality_wins(client: FlaskClient) -> None:
    content_type, _ = answers(client, SERIES, "text/csv;q=0.5, application/sparql-results+xml;q=0.9")
    assert content_type == "application/sparql-results+xml"


def test_a_query_is_taken_by_get_by_form_and_as_itself(client: FlaskClient) -> None:
    by_get = client.get("/sparql", query_string={"query": SERIES})
    by_form = client.post("/sparql", data={"query": SERIES})
    by_itself = client.post("/sparql", data=SERIES, content_type=DIRECT)
    assert by_get.json == by_form.json == by_itself.json
    assert by_get.json is not None


def test_a_malformed_query_is_reported_by_its_position(client: FlaskClient) -> None:
    response = client.get("/sparql", query_string={"query": "SELECT *\nWHERE { ?s ?p }"})
    problem = json.loads(response.data)
    assert (response.status_code, response.content_type) == (400, "application/problem+json")
    assert (problem["line"], problem["status"]) == (2, 400)
    assert "line 2, column" in problem["detail"]


@pytest.mark.parametrize("accept", ["image/png", "application/pdf"])
def test_an_unknown_format_is_refused_with_those_there_are(client: FlaskClient, accept: str) -> None:
    response = client.get("/sparql", query_string={"query": SERIES}, headers={"Accept": accept})
    assert response.status_code == 406
    assert "application/sparql-results+json" in response.text


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ({"query_string": "query=ASK{}&query=ASK{}"}, 400),
        ({"method": "POST", "data": b"\xff\xfe", "content_type": DIRECT}, 400),
        ({"method": "POST", "data": "ASK {}", "content_type": "text/plain"}, 415),
        ({"query_string": {"query": "ASK {}", "default-graph-uri": "not an iri"}}, 400),
        ({"method": "DELETE"}, 405),
    ],
    ids=["two-queries", "not-utf-8", "plain-text", "no-iri", "delete"],
)
def test_a_bad_request_gets_its_status_and_a_hint(client: FlaskClient, arguments: dict[str, str], status: int) -> None:
    response = client.open("/sparql", **arguments)  # type: ignore[arg-type]
    assert response.status_code == status
    assert json.loads(response.data)["detail"]


def test_the_dataset_of_the_request_is_used(client: FlaskClient) -> None:
    graph = "http://127.0.0.1:5000/graph/source/neurips-video-notes"
    response = client.get("/sparql", query_string={"query": SERIES, "default-graph-uri": graph, "format": "csv"})
    assert response.data == b"name\r\nNeurIPS\r\n"


def test_the_answer_names_the_version(client: FlaskClient) -> None:
    assert client.get("/sparql", query_string={"query": ASK}).headers["X-Convocation-Version"] == "1"
