"""A query whose request is like an earlier one in all else is answered as the application answers it."""

import re
import time
from collections.abc import Callable
from hashlib import sha256
from urllib.parse import quote

import pytest
from conftest import Server
from test_repeats import ask, told

from server.heads import parted

FORMS = {
    "rows": "SELECT ?s ?label {{ ?s rdfs:label ?label }} ORDER BY ?s ?label LIMIT {}",
    "none": "SELECT ?s {{ ?s <x:none> {} }}",
    "truth": "ASK {{ FILTER({} = 3) }}",
    "graph": "CONSTRUCT {{ ?s ?p ?o }} {{ ?s a cvn:Edition ; ?p ?o }} ORDER BY ?s ?p ?o LIMIT {}",
}
PREFIXES = "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX cvn: <https://w3id.org/convocation/ontology#>\n"
MISTAKES = {
    "no-sparql": "SELECT",
    "services": "SELECT * { SERVICE <http://example.org/sparql> { ?s ?p ?o } }",
    "updates": "CLEAR ALL",
    "empty": " ",
    "endless": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
}


def path(text: str, more: str = "") -> str:
    return f"/sparql?query={quote(PREFIXES + text)}{more}"


def both(server: Server, first: str, second: str, more: str, **headers: str) -> list[tuple[int, object, bytes]]:
    """Return the answers to a second query by a way that was gone before, and by one that was not."""
    assert ask(server, path(first, more), 1, **headers)[0].status == 200
    alike = ask(server, path(second, more), 1, **headers)[0]
    other = ask(server, path(second, more), 1, **headers, X_Never=second[:60])[0]
    assert alike.getheader("Server-Timing") is not None or alike.status != 200
    return [told(alike), told(other)]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("more", ["", "&format=csv", "&format=xml", "&format=ttl", "&format=html", "&timeout=9"])
@pytest.mark.parametrize("coding", ["identity", "gzip", "zstd, gzip;q=0.5"])
def test_an_answer_is_that_of_the_application(server: Server, form: str, more: str, coding: str) -> None:
    if (form == "graph") == (more in ("&format=csv", "&format=xml")) and more not in ("", "&format=html", "&timeout=9"):
        pytest.skip("there is no such form")
    first, second = (FORMS[form].format(number) for number in (3, 7))
    alike, other = both(server, first, second, more, **{"Accept-Encoding": coding})
    assert alike == other


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_as_ever(serve: Callable[..., Server], name: str) -> None:
    server = serve(query_seconds="2", queries="2")
    alike, other = both(server, "ASK {}", MISTAKES[name], "&format=json")
    assert alike == other


def test_a_query_of_another_form_is_answered_in_its_own(server: Server) -> None:
    alike, other = both(server, FORMS["rows"].format(5), FORMS["graph"].format(5), "&timeout=8")
    assert alike == other


def test_a_long_answer_streams(server: Server) -> None:
    alike, other = both(server, "ASK {}", "SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 5000", "&format=tsv")
    assert [alike[0], alike[2]] == [other[0], other[2]]  # the second comes from memory, whole


def test_what_changes_is_asked_each_time(server: Server) -> None:
    for _ in range(2):
        answers = [ask(server, path("SELECT (STRUUID() AS ?x) {}", "&format=tsv"), 1)[0] for _ in range(3)]
        assert len({str(told(each)) for each in answers}) == 3


def test_each_is_logged_with_its_own_query(server: Server) -> None:
    queries = [f"SELECT (9{number} AS ?x) {{}}" for number in range(3)]
    for query in queries:
        ask(server, path(query, "&format=tsv&timeout=7"), 1)
    digests = {sha256((PREFIXES + query).encode()).hexdigest()[:16] for query in queries}
    until = time.monotonic() + 10  # a line is written when its answer was sent
    while not digests <= set(re.findall(r'"query": "(\w+)"', server.log.read_text())):
        assert time.monotonic() < until


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (b"/sparql?query=ASK+%7B%7D", "ASK {}"),
        (b"/sparql?format=csv&query=ASK+%7B%7D&timeout=2", "ASK {}"),
        (b"/sparql.csv?query=ASK", "ASK"),
        (b"/sparql?query=a?query=b", "a?query=b"),
        (b"/sparql?x=?query=b", None),
        (b"/sparql?query=%FF", None),
        (b"/sparql?query=a#b", None),
        (b"/sparql#?query=a", None),
        (b"/sparql?format=csv", None),
        (b"/sparql?update=a", None),
    ],
)
def test_the_query_of_a_head_is_found(line: bytes, text: str | None) -> None:
    found = parted(b"GET " + line + b" HTTP/1.1\r\nHost: x\r\n\r\n")
    assert (found and found[1]) == text


def test_a_client_that_holds_a_copy_is_left_to_the_application() -> None:
    assert parted(b'GET /sparql?query=a HTTP/1.1\r\nIf-None-Match: "1"\r\n\r\n') is None
