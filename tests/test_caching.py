"""Repeated questions: the cache holds little and the latest, a tag saves the transfer, what changes is not kept."""

import pytest
from flask.testing import FlaskClient

from graph.settings import Settings
from server.application import create_app
from server.http.caching import SHARE, Cache, CachedAnswer, tag_of

QUERY = "SELECT ?s { ?s a ?kind } ORDER BY ?s LIMIT 7"


@pytest.fixture
def client(settings: Settings, engine: str) -> FlaskClient:
    """A client of an application of its own, which has answered nothing yet."""
    return create_app(settings, engine).test_client()


def answer(size: int) -> CachedAnswer:
    return CachedAnswer(is_graph=False, body=b"x" * size, rows=1)


def test_the_answer_used_longest_ago_is_dropped_first() -> None:
    cache = Cache(10_000)
    for name in "abcdefgh":
        cache.put(name, answer(600))
        cache.get("a")
    assert cache.used == sum(each is not None for each in map(cache.get, "abcdefgh")) * 1101
    for name in "ijkl":
        cache.put(name, answer(600))
        cache.get("a")
    assert cache.get("a")
    assert cache.get("b") is None
    assert cache.used <= cache.size


def test_a_large_answer_is_not_kept() -> None:
    cache = Cache(16_000)
    cache.put("large", answer(16_000 // SHARE + 1))
    assert (cache.get("large"), cache.used) == (None, 0)


def test_a_cache_of_nothing_keeps_nothing() -> None:
    cache = Cache(0)
    cache.put("small", answer(10))
    assert (cache.get("small"), cache.used) == (None, 0)


def test_tags_differ_by_version_and_by_every_fact() -> None:
    tags = {tag_of(1, "a", "b"), tag_of(2, "a", "b"), tag_of(1, "ab", ""), tag_of(1, "a"), tag_of(1, None, "a")}
    assert len(tags) == 5


def test_a_repeated_query_is_answered_from_memory(client: FlaskClient) -> None:
    first, second = (client.get("/sparql", query_string={"query": QUERY}) for _ in range(2))
    assert "cache" not in first.headers["Server-Timing"]
    assert "cache" in second.headers["Server-Timing"]
    assert first.data == second.data
    for name in ("Content-Type", "ETag", "X-Convocation-Rows", "X-Convocation-Version", "Vary"):
        assert first.headers[name] == second.headers[name]


@pytest.mark.parametrize("other", [{"format": "csv"}, {"named-graph-uri": "http://example.org/"}])
def test_another_format_or_dataset_is_another_answer(client: FlaskClient, other: dict[str, str]) -> None:
    first = client.get("/sparql", query_string={"query": QUERY})
    second = client.get("/sparql", query_string={"query": QUERY, **other})
    assert first.headers["ETag"] != second.headers["ETag"]
    assert first.data != second.data


def test_a_streamed_answer_is_kept_when_it_came_whole(client: FlaskClient) -> None:
    query = {"query": "SELECT * { ?s ?p ?o } LIMIT 900"}
    first, second = (client.get("/sparql", query_string=query, buffered=True) for _ in range(2))
    assert "cache" in second.headers["Server-Timing"]
    assert first.data == second.data


def test_what_changes_is_asked_again_and_not_stored(client: FlaskClient) -> None:
    query = {"query": "SELECT (RAND() AS ?x) {}"}
    first, second = (client.get("/sparql", query_string=query) for _ in range(2))
    assert first.data != second.data
    assert (first.headers["Cache-Control"], first.headers.get("ETag")) == ("no-store", None)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_client_that_holds_the_answer_is_reported_so(client: FlaskClient, method: str) -> None:
    tag = client.get("/sparql", query_string={"query": QUERY}).headers["ETag"]
    headers = {"If-None-Match": f'"other", {tag}'}
    response = client.open("/sparql", method=method, query_string={"query": QUERY}, headers=headers)
    assert (response.status_code, response.data, response.headers["ETag"]) == (304, b"", tag)
    assert response.headers["Vary"] == "Accept, Accept-Encoding"


def test_a_post_is_answered_whatever_the_client_holds(client: FlaskClient) -> None:
    tag = client.get("/sparql", query_string={"query": QUERY}).headers["ETag"]
    response = client.post("/sparql", data={"query": QUERY}, headers={"If-None-Match": tag})
    assert (response.status_code, "ETag" in response.headers) == (200, False)


def test_an_error_is_not_kept(client: FlaskClient) -> None:
    for _ in range(2):
        response = client.get("/sparql", query_string={"query": "ASK {"})
        assert (response.status_code, "ETag" in response.headers) == (400, False)


def test_without_a_cache_the_engine_answers_each_time(settings: Settings, engine: str) -> None:
    client = create_app(settings.changed(cache="0"), engine).test_client()
    for _ in range(2):
        response = client.get("/sparql", query_string={"query": QUERY})
        assert "cache" not in response.headers["Server-Timing"]
