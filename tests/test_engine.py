"""The engine's parts: rows counted from bytes, frames, endpoints asked through a relay."""

import io
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from peers import JSON_ROWS, AnsweringHandler, serving
from pyoxigraph import QueryResultsFormat, QuerySolutions, Store

from graph.errors import RemoteServiceError
from graph.federation.outbound import OutboundLimits, OutboundRequest, call
from graph.settings import Settings
from server.application import create_app
from server.engine.__main__ import why
from server.engine.frames import CRASH, DATA, receive, send
from server.engine.rows import counter
from server.supervisor import EngineProcess

FORMATS = {
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
}
ROWS = [
    ("VALUES ?x { }", 0),
    ("VALUES ?x { 1 2 3 }", 3),
    ("VALUES (?x ?y) { (1 UNDEF) (UNDEF UNDEF) (UNDEF 2) }", 3),
    ("VALUES () { () () }", 2),
    (r"""VALUES ?x { "a\nb" "\"" "\\" "\\\"" ",{" "[{" "<result>" "\r\n,\"" "\t" "{\"a\":{" }""", 10),
    ('VALUES ?x { <x:a> "a"@en "1"^^<x:d> } VALUES ?y { 1 2 }', 6),
    ('VALUES ?x { <<( <x:s> <x:p> "," )>> <<( <x:s> <x:p> <<( <x:s> <x:p> 1 )>> )>> }', 2),
]
BODY = b'{"head":{"vars":["a"]},"results":{"bindings":[{"a":{"type":"literal","value":"from the peer"}}]}}'


class File(io.BytesIO):
    """A file that hands what is written to it to a function."""

    def __init__(self, take: Callable[[bytes], None]) -> None:
        super().__init__()
        self.take = take

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self.take(bytes(data))
        return len(data)


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize(("pattern", "expected"), ROWS)
@pytest.mark.parametrize("step", [1, 2, 7, 100_000])
def test_rows_are_counted_from_their_bytes(suffix: str, pattern: str, expected: int, step: int) -> None:
    rows, results = counter(suffix), Store().query(f"SELECT * {{ {pattern} }}")
    assert isinstance(results, QuerySolutions)
    data = results.serialize(format=FORMATS[suffix])
    assert data is not None
    for place in range(0, len(data), step):
        rows.add(data[place : place + step])
    assert rows.count == expected


def test_the_rows_of_the_whole_graph_are_counted(client: FlaskClient) -> None:
    query = "SELECT * { ?s ?p ?o }"
    found = set()
    for suffix in FORMATS:
        rows = counter(suffix)
        rows.add(client.get("/sparql", query_string={"query": query, "format": suffix}).data)
        found.add(rows.count)
    assert len(found) == 1
    assert found.pop() > 5000


def test_frames_arrive_as_they_were_sent_and_half_a_frame_does_not() -> None:
    here, there = socket.socketpair()
    with here, there:
        send(here, DATA, b"x" * 3000)
        here.sendall(b"D\x00\x00\x00\x09half")
        here.close()
        assert list(receive(there)) == [(DATA, b"x" * 3000)]


def test_the_last_words_of_a_worker_are_reported() -> None:
    here, there = socket.socketpair()
    with here, there:
        here.sendall(b"Fatal Python error: Segmentation fault\n\n")
        here.close()
        ((kind, words),) = receive(there)
    assert (kind, b"Segmentation" in words) == (CRASH, True)


@pytest.mark.parametrize(
    ("status", "reason"),
    [(0, "renewal"), (14, "time"), (6, "memory"), (11, "nesting"), (29, "disconnection"), (9, "fault"), (256, "fault")],
)
def test_the_end_of_a_worker_has_a_reason(status: int, reason: str) -> None:
    assert why(status) == reason


class Peer(AnsweringHandler):
    """Another endpoint: answers, or leads elsewhere, or takes too long, or answers too much, as its path says."""

    asked: list[str]

    def reply(self, body: bytes) -> None:  # noqa: ARG002 - whatever is asked
        type(self).asked.append(self.path)
        match self.path:
            case "/redirect":
                self.answer(307, b"", {"Location": "/elsewhere"})
            case "/error":
                self.answer(500, b"out of order", {})
            case "/slow":
                threading.Event().wait(3)
            case "/drip":
                self.send_response(200)
                self.end_headers()
                for _ in range(30):
                    self.wfile.write(b" ")
                    threading.Event().wait(0.1)
            case "/large":
                self.answer(200, BODY + b" " * (2 << 20), JSON_ROWS)
            case _:
                self.answer(200, BODY, JSON_ROWS)


@pytest.fixture(scope="module")
def peer() -> Iterator[str]:
    """The address of another endpoint."""
    Peer.asked = []
    with serving(Peer) as address:
        yield address


@pytest.fixture(scope="module")
def federated(settings: Settings, peer: str) -> Iterator[FlaskClient]:
    """A client of an application whose queries may ask that endpoint."""
    paths = ("sparql", "redirect", "error", "slow", "drip", "large")
    services = " ".join(f"{peer}/{path}" for path in (*paths,))
    named = f"{services} http://localhost{peer.removeprefix('http://127.0.0.1')}/sparql"
    changed = replace(settings, services=named, private_hosts="127.0.0.1", service_seconds=1, service_size=1)
    running = EngineProcess(changed)
    process = running.start()
    with closing(running.listener), create_app(changed, running.path).test_client() as client:
        yield client
    process.terminate()
    process.wait()
    running.folder.cleanup()


def ask(client: FlaskClient, address: str, silent: str = "") -> tuple[int, str, dict[str, Any]]:
    query = f"SELECT * {{ SERVICE {silent} <{address}> {{ ?a ?b ?c }} }}"
    response = client.get("/sparql", query_string={"query": query, "format": "json"})
    return response.status_code, response.text, response.json or {}


def test_an_allowed_endpoint_is_asked(federated: FlaskClient, peer: str) -> None:
    status, text, _ = ask(federated, f"{peer}/sparql")
    assert (status, "from the peer" in text) == (200, True)


def test_an_endpoint_that_leads_elsewhere_is_not_followed(federated: FlaskClient, peer: str) -> None:
    before = len(Peer.asked)
    status, text, _ = ask(federated, f"{peer}/redirect")
    assert (status, f"leads to {peer}/elsewhere (status 307)" in text) == (502, True)
    assert Peer.asked[before:] == ["/redirect"]


def test_an_endpoint_that_fails_is_named(federated: FlaskClient, peer: str) -> None:
    status, text, _ = ask(federated, f"{peer}/error")
    assert (status, f"{peer}/error answered with status 500: out of order" in text) == (502, True)


@pytest.mark.parametrize("path", ["slow", "drip"])
def test_an_endpoint_that_takes_too_long_is_not_waited_for(federated: FlaskClient, peer: str, path: str) -> None:
    status, _, problem = ask(federated, f"{peer}/{path}")
    assert (status, problem["limit"], problem["value"]) == (503, "CONVOCATION_SERVICE_SECONDS", "1 s")


def test_an_endpoint_that_answers_too_much_is_cut_off(federated: FlaskClient, peer: str) -> None:
    status, _, problem = ask(federated, f"{peer}/large")
    assert (status, problem["limit"], problem["value"]) == (503, "CONVOCATION_SERVICE_SIZE", "1 MB")


def test_silent_makes_nothing_of_a_failure(federated: FlaskClient, peer: str) -> None:
    status, _, results = ask(federated, f"{peer}/error", "SILENT")
    assert (status, results) == (200, {"head": {"vars": ["a", "b", "c"]}, "results": {"bindings": [{}]}})


def test_a_private_address_needs_its_name(federated: FlaskClient, peer: str) -> None:
    status, text, _ = ask(federated, f"http://localhost{peer.removeprefix('http://127.0.0.1')}/sparql")
    assert (status, "CONVOCATION_PRIVATE_HOSTS" in text) == (502, True)


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:1/", "http://127.1/", "http://2130706433/", "http://[::1]/", "http://[::ffff:127.0.0.1]/",
     "http://0.0.0.0/", "http://10.0.0.1/", "http://169.254.169.254/", "http://localhost/", "https://127.0.0.1/"],
)  # fmt: skip
def test_no_spelling_of_a_private_address_is_reached(address: str) -> None:
    with pytest.raises(RemoteServiceError, match="CONVOCATION_PRIVATE_HOSTS"):
        call(OutboundRequest(address), OutboundLimits(1, 100))
