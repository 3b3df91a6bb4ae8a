"""The same request is answered from memory, byte for byte, and only the same."""

import re
import shutil
import socket
import time
from collections.abc import Callable
from contextlib import closing
from hashlib import sha256
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import quote

import pytest
from conftest import TOKEN, Server

from graph.settings import Settings
from server.heads import END, peeked, send
from server.logs import Log, Record, logger
from server.repeats import COST, Repeat, Repeats

QUERY = "SELECT ?s { ?s a ?kind } ORDER BY ?s LIMIT 7"
HEAD = b"GET /sparql?query=ASK+%7B%7D HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/csv\r\n\r\n"


def ask(server: Server, path: str, times: int, **headers: str) -> list[HTTPResponse]:
    """Return the answers to one request sent several times over one connection; the body is read."""
    found = []
    with closing(HTTPConnection("127.0.0.1", server.port, timeout=30)) as connection:
        for _ in range(times):
            connection.request("GET", path, headers=headers)
            response = connection.getresponse()
            response.body = response.read()  # type: ignore[attr-defined]
            found.append(response)
    return found


def told(response: HTTPResponse) -> tuple[int, list[tuple[str, str]], bytes]:
    """Return what does not depend on when it was asked."""
    changing = ("date", "server-timing")
    headers = [(name, value) for name, value in response.getheaders() if name.lower() not in changing]
    return response.status, sorted(headers), response.body  # type: ignore[attr-defined]


@pytest.mark.parametrize("accept", ["text/csv", "application/sparql-results+json", "text/html"])
@pytest.mark.parametrize("coding", ["identity", "gzip"])
def test_the_second_answer_is_the_first(server: Server, accept: str, coding: str) -> None:
    path = f"/sparql?query={quote(QUERY)}"
    answers = ask(server, path, 4, Accept=accept, **{"Accept-Encoding": coding})
    assert answers[0].status == 200
    assert [told(each) for each in answers[1:]] == [told(answers[0])] * 3
    assert "cache" in str(answers[3].getheader("Server-Timing"))


def test_a_copy_that_still_holds_is_told_again(server: Server) -> None:
    path = f"/sparql?query={quote(QUERY)}&format=tsv"
    tag = str(ask(server, path, 1)[0].getheader("ETag"))
    answers = ask(server, path, 3, **{"If-None-Match": tag})
    assert [(each.status, told(each)[2]) for each in answers] == [(304, b"")] * 3


def test_every_answer_is_logged_and_counted(server: Server) -> None:
    query, before = "ASK { <x:logged> ?p ?o }", counted(server)
    digest = sha256(query.encode()).hexdigest()[:16]
    ask(server, f"/sparql?query={quote(query)}&format=csv", 5)
    until = time.monotonic() + 10  # a line is written when its answer was sent
    while server.log.read_text().count(digest) < 5 or counted(server) < before + 5:
        assert time.monotonic() < until
    assert (server.log.read_text().count(digest), counted(server)) == (5, before + 5)


def counted(server: Server) -> float:
    found = re.search(r'convocation_requests_total\{endpoint="sparql.endpoint",status="200"\} (.*)', metrics(server))
    return float(found[1]) if found else 0.0


def metrics(server: Server) -> str:
    return server.open("/metrics")[2].decode()


def test_what_changes_is_not_repeated(server: Server) -> None:
    answers = ask(server, f"/sparql?query={quote('SELECT (STRUUID() AS ?x) {}')}&format=csv", 3)
    assert len({told(each)[2] for each in answers}) == 3


def received(peer: socket.socket, count: int) -> bytes:
    """Return so many answers, the last of which is true."""
    data = b""
    while data.count(b"HTTP/1.1 200 OK") < count or not data.endswith(b"true"):
        data += peer.recv(1 << 16)
    return data


def test_requests_that_come_together_are_answered_in_order(server: Server) -> None:
    heads = [HEAD, HEAD.replace(b"ASK+%7B%7D", b"SELECT+(2+AS+%3Fx)+%7B%7D"), HEAD]
    for _ in range(3):
        with server.connect(5) as peer:
            peer.sendall(b"".join(heads))
            data = received(peer, 3)
    assert [part.rpartition(END)[2].strip() for part in data.split(b"HTTP/1.1 200 OK")[1:]] == [
        b"true",
        b"x\r\n2",
        b"true",
    ]


def test_a_known_head_in_pieces_is_answered(server: Server) -> None:
    with server.connect(5) as peer:
        for _ in range(3):
            for part in (HEAD[:20], HEAD[20:]):
                peer.sendall(part)
            assert received(peer, 1).startswith(b"HTTP/1.1 200 OK")


def test_a_write_ends_what_was_kept(serve: Callable[..., Server], tmp_path: Path, settings: Settings) -> None:
    shutil.copytree(settings.home, tmp_path / "home")
    server = serve(home=str(tmp_path / "home"), token=TOKEN, validate="no", queries="2")
    path = f"/sparql?query={quote('SELECT (COUNT(*) AS ?n) { <x:new> ?p ?o }')}&format=csv"
    for number in range(3):
        assert {told(each)[2].split()[1] for each in ask(server, path, 3)} == {str(number).encode()}
        update = f"INSERT DATA {{ <x:new> <x:p> {number} }}".encode()
        kind = "application/sparql-update"
        assert server.open("/sparql", "POST", update, Content_Type=kind, Authorization=f"Bearer {TOKEN}")[0] == 204


@pytest.mark.parametrize(
    "data",
    [
        b"",
        HEAD[:-1],
        HEAD + b"x",
        HEAD * 2,
        HEAD.replace(b"GET", b"POST"),
        HEAD.replace(b"GET", b"HEAD"),
        HEAD.replace(b"1.1", b"1.0"),
        HEAD.replace(b"Accept: text/csv", b"Connection: close"),
        HEAD.replace(b"Accept: text/csv", b"content-length: 0"),
        HEAD.replace(b"Accept: text/csv", b"Transfer-Encoding: chunked"),
        HEAD.replace(b"Accept: text/csv", b"Expect: 100-continue"),
        HEAD.replace(b"text/csv", b"x" * 9000),
    ],
    ids=["none", "part", "more", "two", "post", "head", "http10", "close", "length", "chunked", "expect", "long"],
)
def test_only_a_whole_head_alone_is_one(data: bytes) -> None:
    here, there = socket.socketpair()
    with here, there:
        here.sendall(data or b" ")
        assert peeked(there) is None


def test_a_head_is_looked_at_and_left() -> None:
    here, there = socket.socketpair()
    with here, there:
        assert peeked(there) is None
        here.sendall(HEAD)
        assert [peeked(there), there.recv(1 << 16)] == [HEAD, HEAD]


def test_a_client_that_takes_nothing_in_is_left() -> None:
    here, there = socket.socketpair()
    with here, there, pytest.raises(TimeoutError):
        send(there, b"x" * (16 << 20), 0.2)


def repeats(version: list[int], size: int) -> Repeats:
    return Repeats(Log(lambda _, __: [], 0, logger("no")), lambda: version[0], size)


def kept(head: bytes, size: int) -> Repeat:
    return Repeat(head, b"", b"x" * size, Record({"REQUEST_METHOD": "GET"}))


def test_the_answer_used_longest_ago_is_dropped_first() -> None:
    found = repeats([1], 20 * (COST + 101))
    for number in range(30):
        found.keep(kept(bytes([number]), 100), 1)
        assert found._found(b"\0")  # noqa: SLF001 - what is kept is seen nowhere else
    assert found.used == 20 * (COST + 101)
    assert [bool(found._found(bytes([number]))) for number in (1, 10, 11, 29)] == [False, False, True, True]  # noqa: SLF001


def test_an_answer_of_another_version_is_not_kept() -> None:
    version = [1]
    found = repeats(version, 1 << 20)
    found.keep(kept(b"a", 1), 1)
    version[0] = 2
    found.keep(kept(b"b", 1), 1)
    assert (found._found(b"a"), found._found(b"b"), found.used) == (None, None, 0)  # noqa: SLF001
