"""Bad input gets its status and words, or is dropped; the server goes on as before."""

import json
import os
import re
import socket
import struct
import time
from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest
from conftest import Server

ASK = "ASK { ?s ?p ?o }"
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
DEEP = 10_000
HEAD = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n"
QUERY = {"Content_Type": "application/sparql-query"}


@pytest.fixture(autouse=True)
def _goes_on(server: Server) -> Iterator[None]:
    """Ask the server an ordinary question after each test."""
    yield
    status, _, body = server.ask(ASK)
    assert (status, json.loads(body)["boolean"]) == (200, True)


def problem(answer: tuple[int, dict[str, str], bytes]) -> dict[str, object]:
    status, headers, body = answer
    found: dict[str, object] = json.loads(body)
    assert headers["content-type"] == "application/problem+json"
    assert found["status"] == status
    assert found["detail"]
    return found


def running(server: Server) -> float:
    counts = server.open("/metrics")[2].decode()
    return float(re.findall(r"^convocation_queries_running (\S+)", counts, re.MULTILINE)[0])


def idle(server: Server) -> bool:
    """Return whether no query runs any more, at last."""
    return soon(lambda: running(server) == 0)


def soon(holds: Callable[[], bool]) -> bool:
    """Return whether something holds within ten seconds."""
    for _ in range(200):
        if holds():
            return True
        time.sleep(0.05)
    return False


def test_what_is_not_sparql_is_refused(server: Server) -> None:
    assert problem(server.ask("Who won the best paper award?"))["status"] == 400


def test_two_queries_at_once_are_refused(server: Server) -> None:
    twice = f"/sparql?query={quote(ASK)}&query={quote(ASK)}"
    assert problem(server.open(twice))["status"] == 400
    assert problem(server.ask(f"{ASK} {ASK}"))["status"] == 400


def test_an_update_sent_as_a_query_is_refused(server: Server) -> None:
    assert problem(server.ask("INSERT DATA { <x:s> <x:p> <x:o> }"))["status"] == 400


@pytest.mark.parametrize("size", [1, 1000, 100_000])
def test_binary_noise_is_refused(server: Server, size: int) -> None:
    noise = b"\x00\xff" + os.urandom(size)
    assert problem(server.open("/sparql", "POST", noise, **QUERY))["status"] == 400


def test_noise_that_is_no_http_is_refused(server: Server) -> None:
    with server.connect() as peer:
        peer.sendall(b"\x16\x03\x01\x00\xff\x00 \r\n\r\n")
        assert peer.recv(100).startswith(b"HTTP/1.1 400 ")


def test_a_query_of_5_mb_is_too_large(server: Server) -> None:
    query = f"SELECT * {{ VALUES ?x {{ {'1 ' * 2_500_000} }} }}".encode()
    found = problem(server.open("/sparql", "POST", query, **QUERY))
    assert (found["status"], found["limit"], found["value"]) == (413, "CONVOCATION_BODY_SIZE", "2 MB")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * " + "{" * DEEP + " ?s ?p ?o " + "}" * DEEP,
        "SELECT * " + "{" * DEEP,
        "SELECT * { FILTER (" + "(" * DEEP + "1" + ")" * DEEP + ") }",
        "SELECT * { FILTER (" + "!" * DEEP + "true) }",
        "SELECT * { FILTER (1" + "+1" * DEEP * 10 + ") }",
        "SELECT * { {} " + "UNION {} " * DEEP * 5 + "}",
        "SELECT * { " + "OPTIONAL { " * DEEP + "}" * DEEP + "}",
    ],
    ids=["braces", "open braces", "parentheses", "negations", "sum", "unions", "optionals"],
)
def test_deep_nesting_is_refused_with_words(server: Server, query: str) -> None:
    found = problem(server.ask(query))
    assert found["status"] == 400
    assert "nested too deeply" in str(found["detail"])


@pytest.mark.parametrize("encoded", [b"ASK { ?s ?p '\xe9' }", b"\xff\xfeA\x00S\x00K\x00"])
def test_invalid_utf8_is_refused(server: Server, encoded: bytes) -> None:
    assert problem(server.open("/sparql", "POST", encoded, **QUERY))["status"] == 400
    assert problem(server.open(f"/sparql?query={quote(encoded)}"))["status"] == 400


def test_an_unknown_graph_is_empty(server: Server) -> None:
    status, _, body = server.ask(ASK, **{"default-graph-uri": "http://example.org/no-such-graph"})
    assert (status, json.loads(body)["boolean"]) == (200, False)


@pytest.mark.parametrize("accept", ["image/png", "text/csv;q=0, application/pdf", "*/*;q=0"])
def test_an_accept_that_nothing_meets_is_refused(server: Server, accept: str) -> None:
    assert problem(server.open(f"/sparql?query={quote(ASK)}", Accept=accept))["status"] == 406


@pytest.mark.parametrize("accept", ["text/csv;q=x", ",,;;", "application/json;q=-1", "\x7f", "a" * 4000])
def test_an_accept_that_is_invalid_does_no_harm(server: Server, accept: str) -> None:
    assert server.open(f"/sparql?query={quote(ASK)}", Accept=accept)[0] in (200, 400, 406)


def test_a_timeout_that_is_invalid_is_refused(server: Server) -> None:
    assert problem(server.ask(ASK, timeout="soon"))["status"] == 400


@pytest.mark.parametrize("length", [65_100, 66_000])
def test_an_address_that_is_too_long_is_refused(server: Server, length: int) -> None:
    assert server.open("/sparql?query=" + "a" * length)[0] == 414


@pytest.mark.parametrize("path", ["/sparql/../../etc/passwd", "/%00", "/id/%ff", "/static/../web.py", "/page/a/b"])
def test_a_strange_address_is_not_found(server: Server, path: str) -> None:
    assert server.open(path)[0] in (308, 400, 404)


@pytest.mark.slow
@pytest.mark.parametrize(
    "head", [b"GET /spa", HEAD + b"Content-Type: application/sparql-query\r\n\r\nA", HEAD + b"\r\nA"]
)
def test_a_client_that_sends_a_byte_a_second_is_dropped(server: Server, head: bytes) -> None:
    with server.connect() as peer:
        peer.sendall(head)
        peer.settimeout(1)
        for _ in range(12):
            try:
                if peer.recv(1000) == b"":
                    return
            except TimeoutError:
                peer.send(b"x")
            except OSError:
                return
    pytest.fail("the connection was kept")


@pytest.mark.slow
def test_a_client_that_reads_a_byte_a_second_is_dropped(server: Server) -> None:
    with server.connect() as peer:
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        query = quote("SELECT * { ?a ?b ?c . ?d ?e ?f }")
        peer.sendall(f"GET /sparql?timeout=4&query={query} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        for _ in range(10):
            time.sleep(1)
            try:
                peer.recv(1)
            except OSError:
                break
        assert idle(server)
    assert "Traceback" not in server.log.read_text()


@pytest.mark.parametrize("reset", [False, True])
def test_a_client_that_disconnects_frees_its_worker(server: Server, reset: bool) -> None:  # noqa: FBT001
    with server.connect() as peer:
        peer.sendall(f"GET /sparql?query={quote(RUNAWAY)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        for _ in range(500):
            if running(server):
                break
            time.sleep(0.02)
        assert running(server) == 1
        if reset:
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    assert idle(server)
    assert soon(lambda: 'workers_ended_total{reason="disconnection"}' in server.open("/metrics")[2].decode())


def test_a_client_that_disconnects_within_its_request_does_no_harm(server: Server) -> None:
    for part in (b"", b"GET", b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\nquery="):
        with server.connect() as peer:
            peer.sendall(part)


def test_a_bad_request_is_no_fault_of_the_server(server: Server) -> None:
    counts = server.open("/metrics")[2].decode()
    assert not re.findall(r'status="500"', counts)
    assert "Traceback" not in server.log.read_text()
