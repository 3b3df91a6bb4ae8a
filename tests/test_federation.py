"""A query reaches no other endpoint than those that the operator allows, however SERVICE is written."""

import pytest
from flask.testing import FlaskClient


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
