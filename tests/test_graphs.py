"""The Graph Store Protocol: graphs are read, put, merged, deleted and patched at their own addresses and by name."""

import json
from collections.abc import Callable
from io import BytesIO
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, parse

BASE = "http://127.0.0.1:5000/"
TURTLE = "text/turtle"
ELSEWHERE = "http://example.org/graph"
ONE = "<http://example.org/s> <http://example.org/p> 1 ."
TWO = "<http://example.org/s> <http://example.org/p> 2 ."
JSON_LD = "application/ld+json"
PATCH = "application/sparql-update"
PLACES = ["/graph/tests/one", "/store/tests/one", f"/store?graph={ELSEWHERE}"]


@pytest.fixture(scope="module")
def writer(editable: Callable[..., FlaskClient]) -> FlaskClient:
    """A client that may write, and is not checked."""
    return editable()


@pytest.fixture(params=PLACES)
def place(request: pytest.FixtureRequest, writer: FlaskClient) -> str:
    """The address of a graph that there is not, directly or by name."""
    writer.delete(request.param)
    return str(request.param)


def put(client: FlaskClient, place: str, turtle: str = ONE) -> int:
    """Put a graph in Turtle; return the status."""
    return client.put(place, data=turtle, content_type=TURTLE).status_code


def content(client: FlaskClient, place: str) -> list[str]:
    """Return the objects of a graph, in order."""
    answer = client.get(place, headers={"Accept": TURTLE})
    assert (answer.status_code, answer.mimetype) == (200, TURTLE)
    return sorted(str(quad.object)[1:2] for quad in parse(answer.data, format=RdfFormat.TURTLE))


def test_a_graph_is_made_replaced_and_deleted(writer: FlaskClient, place: str) -> None:
    assert writer.get(place, headers={"Accept": TURTLE}).status_code == 404
    assert put(writer, place) == 201
    assert content(writer, place) == ["1"]
    assert put(writer, place, TWO) == 204
    assert content(writer, place) == ["2"]
    assert [writer.delete(place).status_code for _ in range(2)] == [204, 404]
    assert writer.get(place, headers={"Accept": TURTLE}).status_code == 404


def test_head_is_get_without_its_body(writer: FlaskClient, place: str) -> None:
    assert writer.head(place, headers={"Accept": TURTLE}).status_code == 404
    put(writer, place)
    answer = writer.head(place, headers={"Accept": TURTLE})
    assert (answer.status_code, answer.content_type, answer.data) == (200, "text/turtle; charset=utf-8", b"")


def test_post_merges(writer: FlaskClient, place: str) -> None:
    statuses = [writer.post(place, data=data, content_type=TURTLE).status_code for data in (ONE, ONE, TWO)]
    assert (statuses, content(writer, place)) == ([201, 204, 204], ["1", "2"])


def test_post_merges_the_parts_of_a_form(writer: FlaskClient, place: str) -> None:
    put(writer, place)
    form = {"a": (BytesIO(TWO.encode()), "two.ttl", TURTLE), "b": (BytesIO(TWO.replace("2", "3").encode()), "three.nt")}
    form["b"] = (BytesIO(b'<http://example.org/s> <http://example.org/p> "3" .'), "three.nt", "application/n-triples")
    assert writer.post(place, data=form).status_code == 204
    assert content(writer, place) == ["1", "2", "3"]


def test_a_patch_changes_one_graph(writer: FlaskClient, place: str) -> None:
    update = "DELETE { ?s ?p 1 } INSERT { ?s ?p 2 } WHERE { ?s ?p 1 }"
    assert writer.patch(place, data=update, content_type=PATCH).status_code == 404
    put(writer, place)
    assert writer.patch(place, data=update, content_type=PATCH).status_code == 204
    assert content(writer, place) == ["2"]


@pytest.mark.parametrize(
    "update",
    ["DROP ALL", "CLEAR NAMED", "INSERT DATA { GRAPH <http://example.org/x> { <x> <x> 1 } }", "\\u0044ROP \\u0041LL"],
)
def test_a_patch_of_other_graphs_is_refused(writer: FlaskClient, place: str, update: str) -> None:
    put(writer, place)
    answer = writer.patch(place, data=update, content_type=PATCH)
    assert (answer.status_code, content(writer, place)) == (400, ["1"])
    assert "leads to other graphs" in answer.text


def test_an_empty_graph_is_a_graph(writer: FlaskClient, place: str) -> None:
    assert put(writer, place, "") == 201
    assert content(writer, place) == []


def test_the_default_graph_is_always_there(editable: Callable[..., FlaskClient]) -> None:
    client, place = editable(), "/store?default"
    assert put(client, place) == 204
    assert content(client, place) == ["1"]
    assert client.patch(place, data="DELETE WHERE { ?s ?p 1 }", content_type=PATCH).status_code == 204
    assert [client.delete(place).status_code for _ in range(2)] == [204, 204]
    assert content(client, place) == []
    assert client.get("/graph/curation", headers={"Accept": TURTLE}).status_code == 200


def test_a_new_graph_gets_a_name(writer: FlaskClient) -> None:
    answer = writer.post("/store", data="<> <http://example.org/p> 1 .", content_type=TURTLE)
    name = answer.headers["Location"]
    assert answer.status_code == 201
    assert name.startswith(BASE + "graph/")
    for place in (urlsplit(name).path, f"/store?graph={name}"):
        triples = writer.get(place, headers={"Accept": "application/n-triples"}).text
        assert triples.startswith(f"<{name}> <http://example.org/p> ")


def test_the_name_of_a_graph_keeps_its_escapes(writer: FlaskClient) -> None:
    assert put(writer, "/graph/tests/a%20b") == 201
    assert content(writer, f"/store?graph={BASE}graph/tests/a%2520b") == ["1"]
    assert content(writer, "/graph/tests/a%20b") == ["1"]


@pytest.mark.parametrize(
    "accept", ["text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml"]
)
def test_a_graph_is_read_and_written_in_every_form(writer: FlaskClient, accept: str) -> None:
    source = writer.get("/graph/curation", headers={"Accept": accept})
    assert source.mimetype == accept
    assert writer.put("/store/copy", data=source.data, content_type=accept).status_code in (201, 204)
    texts = [
        writer.get(path, headers={"Accept": "application/n-triples"}).text
        for path in ("/graph/curation", "/store/copy")
    ]
    assert sorted(texts[0].splitlines()) == sorted(texts[1].splitlines())


@pytest.mark.parametrize(
    ("place", "sent", "status"),
    [
        ("/store?graph=relative", {"method": "PUT", "data": ONE, "content_type": TURTLE}, 400),
        ("/store?graph=http://example.org/a&default", {"method": "GET"}, 400),
        ("/store?graph=http://example.org/a&graph=http://example.org/b", {"method": "GET"}, 400),
        ("/store", {"method": "GET"}, 400),
        ("/store", {"method": "PUT", "data": ONE, "content_type": TURTLE}, 400),
        ("/store/bad", {"method": "PUT", "data": "<a> <b>", "content_type": TURTLE}, 400),
        ("/store/bad", {"method": "PUT", "data": b"\xff\xfe", "content_type": TURTLE}, 400),
        ("/store/bad", {"method": "PUT", "data": ONE}, 415),
        ("/store/bad", {"method": "PUT", "data": ONE, "content_type": "application/n-quads"}, 415),
        ("/store/bad", {"method": "PUT", "data": '{"@id": "x:", "@graph": [{"x:": 1}]}', "content_type": JSON_LD}, 400),
        ("/store/bad", {"method": "PUT", "data": '{"@context": "http://127.0.0.1:9/"}', "content_type": JSON_LD}, 400),
        ("/store/bad", {"method": "POST", "data": {"a": "no file"}, "content_type": "multipart/form-data"}, 400),
        ("/store/bad", {"method": "PATCH", "data": ONE, "content_type": TURTLE}, 415),
        ("/store?default", {"method": "PATCH", "data": "INSERT", "content_type": PATCH}, 400),
        ("/store?default", {"method": "GET", "headers": {"Accept": "image/png"}}, 406),
    ],
)  # fmt: skip
def test_a_bad_request_changes_nothing(writer: FlaskClient, place: str, sent: dict[str, str], status: int) -> None:
    before = writer.get("/sparql?query=ASK{}").headers["X-Convocation-Version"]
    answer = writer.open(place, **sent)  # type: ignore[arg-type]
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert json.loads(answer.data)["detail"]
    assert writer.get("/sparql?query=ASK{}").headers["X-Convocation-Version"] == before


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
@pytest.mark.parametrize("path", ["/graph/curation", "/store/x", "/store?default", "/store"])
def test_a_write_needs_the_token(client: FlaskClient, writer: FlaskClient, method: str, path: str) -> None:
    assert client.open(path, method=method, data=ONE, content_type=TURTLE).status_code == 403
    wrong = {"Authorization": "Bearer wrong"}
    assert writer.open(path, method=method, data=ONE, content_type=TURTLE, headers=wrong).status_code == 401


def test_a_browser_still_gets_the_page_of_a_source(client: FlaskClient) -> None:
    answer = client.get("/graph/curation", headers={"Accept": "text/html"})
    assert answer.status_code == 303


@pytest.mark.parametrize(
    ("headers", "status"),
    [({"If-Match": '"foo"'}, 412), ({"If-Match": "*"}, 204), ({"If-None-Match": "*"}, 412), ({}, 204)],
)
def test_a_write_whose_condition_does_not_hold_changes_nothing(
    writer: FlaskClient, headers: dict[str, str], status: int
) -> None:
    place = "/store?graph=http://example.org/conditions"
    writer.put(place, data="<x:s> <x:p> 1 .", content_type=TURTLE)
    answer = writer.put(place, data="<x:s> <x:p> 2 .", content_type=TURTLE, headers=headers)
    assert answer.status_code == status
    assert ('"2"' in writer.get(f"{place}&format=nt").text) == (status == 204)
