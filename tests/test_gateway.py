"""The gateway answers as Flask would, in order, once each, and refuses at once what is not HTTP."""

import gzip
import json
import os
import re
import shutil
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from hashlib import sha256
from http.client import HTTPConnection, HTTPResponse
from io import BufferedReader
from pathlib import Path
from urllib.parse import quote

import pytest
import zstandard
from conftest import TOKEN, Server
from flask.testing import FlaskClient

from graph.settings import Settings
from server.http.compression import LEAST

QUERY = "SELECT ?s { ?s a ?kind } ORDER BY ?s LIMIT 7"
ALL = "SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 5000"
CONSTRUCT = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 30"
HEAD = b"GET /sparql?query=ASK+%7B%7D HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/csv\r\n\r\n"
POST = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\n"
MISTAKES = {
    "not SPARQL": ("SELECT", ""),
    "a service": ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", ""),
    "no such format": (QUERY, "&format=png"),
    "a graph as results": (CONSTRUCT, "&format=csv"),
    "no timeout": (QUERY, "&timeout=soon"),
    "too long": ("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", "&timeout=0.2"),
}


def path(query: str, more: str = "") -> str:
    return f"/sparql?query={quote(query)}{more}"


def ask(server: Server, path: str, times: int, method: str = "GET", **headers: str) -> list[HTTPResponse]:
    """Return the answers to one request sent several times over one connection; the body is read."""
    found = []
    with closing(HTTPConnection("127.0.0.1", server.port, timeout=30)) as connection:
        for _ in range(times):
            connection.request(method, path, headers=headers)
            response = connection.getresponse()
            response.body = response.read()  # type: ignore[attr-defined]
            found.append(response)
    return found


def content(response: HTTPResponse) -> tuple[int, dict[str, str], bytes]:
    """Return the parts of an answer that do not depend on when it was asked."""
    changing = ("date", "server-timing", "connection", "transfer-encoding")
    headers = {name.lower(): value for name, value in response.getheaders() if name.lower() not in changing}
    return response.status, headers, response.body  # type: ignore[attr-defined]


@pytest.mark.parametrize("accept", ["text/csv", "application/sparql-results+json", "text/html"])
@pytest.mark.parametrize("coding", ["identity", "gzip"])
def test_the_second_answer_is_the_first(server: Server, accept: str, coding: str) -> None:
    answers = ask(server, path(QUERY), 4, Accept=accept, **{"Accept-Encoding": coding})
    assert answers[0].status == 200
    assert [content(each) for each in answers[1:]] == [content(answers[0])] * 3
    assert "cache" in str(answers[3].getheader("Server-Timing"))


@pytest.mark.parametrize("query", [QUERY, "ASK {}", CONSTRUCT, ALL], ids=["results", "truth", "graph", "long"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("coding", ["", "gzip", "zstd"])
def test_an_answer_is_that_of_flask(server: Server, client: FlaskClient, query: str, method: str, coding: str) -> None:
    headers = {"Accept-Encoding": coding or "identity"}
    status, found, body = content(ask(server, path(query), 1, method, **headers)[0])
    other = client.open(path(query), method=method, headers=headers)
    assert (status, unpacked(body, coding)) == (other.status_code, unpacked(other.data, coding))
    expected = {name.lower(): value for name, value in other.headers if name not in ("Server-Timing", "Content-Length")}
    lists = ("vary", "etag")  # whose order, and whose base, may differ
    assert {name: value for name, value in found.items() if name not in ("content-length", *lists)} == {
        name: value for name, value in expected.items() if name not in lists
    }
    assert set(found["vary"].split(", ")) == set(expected["vary"].split(", "))


def unpacked(data: bytes, coding: str) -> bytes:
    if not data or not coding or len(data) < LEAST:
        return data
    return gzip.decompress(data) if coding == "gzip" else zstandard.ZstdDecompressor().decompressobj().decompress(data)


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_gets_the_words_of_flask(server: Server, client: FlaskClient, name: str) -> None:
    query, more = MISTAKES[name]
    status, headers, body = content(ask(server, path(query, more), 1)[0])
    other = client.get(path(query, more))
    assert (status, headers["content-type"], json.loads(body)) == (other.status_code, other.content_type, other.json)


def test_a_copy_that_still_holds_is_not_sent_again(server: Server) -> None:
    tag = str(ask(server, path(QUERY, "&format=tsv"), 1)[0].getheader("ETag"))
    answers = ask(server, path(QUERY, "&format=tsv"), 3, **{"If-None-Match": tag})
    assert [(each.status, content(each)[2]) for each in answers] == [(304, b"")] * 3


@pytest.mark.parametrize("more", ["&format=csv", "&format=csv&timeout=9"])
def test_every_answer_is_logged_and_counted_once(server: Server, more: str) -> None:
    time.sleep(0.3)  # until the requests of other tests are counted
    query, before = f"ASK {{ <x:logged> ?p '{more}' }}", counted(server)
    digest = sha256(query.encode()).hexdigest()[:16]
    ask(server, path(query, more), 5)
    until = time.monotonic() + 10  # lines are written a moment after their answers
    while server.log.read_text().count(digest) < 5 or counted(server) < before + 5:
        assert time.monotonic() < until
    assert (server.log.read_text().count(digest), counted(server)) == (5, before + 5)


def counted(server: Server) -> float:
    text = server.open("/metrics")[2].decode()
    found = re.search(r'convocation_requests_total\{endpoint="sparql.endpoint",status="200"\} (.*)', text)
    return float(found[1]) if found else 0.0


def test_an_answer_that_may_differ_is_not_repeated(server: Server) -> None:
    answers = ask(server, path("SELECT (STRUUID() AS ?x) {}", "&format=csv"), 3)
    assert len({content(each)[2] for each in answers}) == 3


def cheap(number: int) -> bytes:
    query = f"SELECT ({number} AS ?n) {{}}"
    return f"GET {path(query, '&format=tsv')} HTTP/1.1\r\nHost: x\r\n\r\n".encode()


def body(file: BufferedReader) -> bytes:
    """Return the body of the next answer."""
    length = 0
    while line := file.readline().strip():
        if line.lower().startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    return file.read(length) or b""


def test_requests_that_come_together_are_answered_in_order(server: Server) -> None:
    with server.connect() as peer, peer.makefile("rb") as file:
        peer.sendall(b"".join(map(cheap, range(100, 140))))
        for number in range(100, 140):
            assert body(file).split() == [b"?n", str(number).encode()]


def test_a_head_in_pieces_is_answered(server: Server) -> None:
    with server.connect(5) as peer, peer.makefile("rb") as file:
        for _ in range(3):
            for part in (HEAD[:20], HEAD[20:]):
                peer.sendall(part)
            assert body(file) == b"true"


def test_many_connections_at_once_are_all_answered(server: Server) -> None:
    def one(number: int) -> list[bytes]:
        with server.connect() as peer, peer.makefile("rb") as file:
            found = []
            for other in range(10):
                peer.sendall(cheap(10 * number + other))
                found.append(body(file).split()[1])
            return found

    with ThreadPoolExecutor(20) as pool:
        found = [each for part in pool.map(one, range(20)) for each in part]
    assert found == [str(number).encode() for number in range(200)]


def test_a_write_ends_the_answers_that_were_kept(
    serve: Callable[..., Server], tmp_path: Path, settings: Settings
) -> None:
    shutil.copytree(settings.home, tmp_path / "home")
    server = serve(home=str(tmp_path / "home"), token=TOKEN, validate="no", queries="2")
    asked = path("SELECT (COUNT(*) AS ?n) { <x:new> ?p ?o }", "&format=csv")
    for number in range(3):
        assert {content(each)[2].split()[1] for each in ask(server, asked, 3)} == {str(number).encode()}
        update = f"INSERT DATA {{ <x:new> <x:p> {number} }}".encode()
        kind = "application/sparql-update"
        assert server.open("/sparql", "POST", update, Content_Type=kind, Authorization=f"Bearer {TOKEN}")[0] == 204


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (POST + b"Content-Length: 99999999999999999999999\r\n\r\n", 400),
        (POST + b"Content-Length: -1\r\n\r\n", 400),
        (POST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nASK{}", 400),
        (POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nASK{}\r\n0\r\n\r\n", 400),
        (POST + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\nASK{}\r\n0\r\n\r\n", 400),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n-5\r\nASK{}\r\n0\r\n\r\n", 400),
        (POST + b"Transfer-Encoding: chunked\r\n\r\n5\r\nASK{}\r\n0\r\nContent-Length: 9\r\n\r\n", 400),
        (POST + b"Content-Length: 99999999999\r\n\r\n", 413),
        (POST + b"Content-Length: 99999999999\r\nExpect: 100-continue\r\n\r\n", 413),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 140_000, 431),
        (b"GET /" + b"a" * 66_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nHost: a\r\nSCRIPT_NAME: /evil\r\n\r\n", 200),
        (b"GET / HTTP/9.9\r\nHost: a\r\n\r\n", 400),
        (b"\x16\x03\x01\x00\xff\x00 \r\n\r\n", 400),
    ],
)
def test_a_malformed_request_is_refused_at_once(server: Server, request_: bytes, status: int) -> None:
    with server.connect(5) as peer:
        peer.sendall(request_)
        assert peer.recv(1 << 16).startswith(f"HTTP/1.1 {status} ".encode())


@pytest.mark.parametrize("number", ["5" * 5000, "1e9", "-1", "٣", "0x10"])
def test_a_line_that_is_not_a_number_is_no_fault_of_the_server(server: Server, number: str) -> None:
    assert server.open(f"/page/source/neurips-2024-fact-sheet?line={quote(number)}")[0] in (200, 308, 400, 404)


@pytest.mark.parametrize("name", ["SCRIPT_NAME", "X-Forwarded-Host", "X-Forwarded-Prefix", "X-Forwarded-Proto", "Host"])
def test_one_request_does_not_change_the_links_of_others(serve: Callable[..., Server], name: str) -> None:
    server = serve(queries="2")
    for place in ("//evil.example/", "/", "/page/sources", "/checks/", "/search/suggest?q=neur", "/sitemap.xml"):
        with server.connect() as peer, peer.makefile("rb") as file:
            host = b"" if name == "Host" else b"Host: x\r\n"
            peer.sendall(f"GET {place} HTTP/1.1\r\n{name}: evil.example\r\n".encode() + host + b"\r\n")
            assert b"evil.example" not in body(file).replace(b"//evil.example/", b"")
        assert b"evil.example" not in server.open(place.replace("//evil.example", ""))[2]


def test_a_header_with_an_underscore_does_not_pose_as_the_proxys(serve: Callable[..., Server]) -> None:
    server = serve(proxies="1", queries="2")
    server.open("/health/live?1", X_Forwarded_For="192.0.2.7")  # with hyphens
    with server.connect() as peer, peer.makefile("rb") as file:
        peer.sendall(b"GET /health/live?2 HTTP/1.1\r\nHost: x\r\nX_Forwarded_For: 192.0.2.9\r\n\r\n")
        body(file)
    until = time.monotonic() + 10
    while "192.0.2.7" not in server.log.read_text():
        assert time.monotonic() < until
        time.sleep(0.05)
    assert "192.0.2.9" not in server.log.read_text()


@pytest.mark.slow
def test_a_worker_that_is_killed_between_questions_is_not_noticed(serve: Callable[..., Server]) -> None:
    server = serve(queries="2")
    (engine,) = (pid for pid in below(server.process.pid) if b"server.engine" in command(pid))
    found: list[int] = []
    for number in range(20):
        found += [each.status for each in ask(server, path(f"ASK {{ <x:{number}> ?p ?o }}"), 3)]
        for worker in below(engine):
            os.kill(worker, signal.SIGKILL)
    assert set(found) == {200}


def below(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]


def command(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def test_requests_that_find_no_place_to_wait_are_refused_in_words(serve: Callable[..., Server]) -> None:
    server = serve(threads="1", queries="2")
    request = b"GET /view/attendance-by-year.png HTTP/1.1\r\nHost: x\r\n\r\n"
    with ExitStack() as ends:
        peers = [ends.enter_context(server.connect()) for _ in range(60)]
        for peer in peers:
            peer.sendall(request)
        answers = [peer.recv(1 << 16) for peer in peers]
    refused = [each for each in answers if each.startswith(b"HTTP/1.1 503 ")]
    assert {each[:13] for each in answers} == {b"HTTP/1.1 200 ", b"HTTP/1.1 503 "}
    assert all(b"retry-after: 5" in each.lower() and json.loads(each.partition(b"\r\n\r\n")[2]) for each in refused)
    assert server.open("/")[0] == 200


@pytest.mark.parametrize("protocol", ["h2c", "websocket", "TLS/1.0"])
@pytest.mark.parametrize("pieces", [1, 2])
def test_an_upgrade_is_ignored_and_its_body_is_not_dropped(server: Server, protocol: str, pieces: int) -> None:
    head = f"Upgrade: {protocol}\r\nConnection: Upgrade\r\nContent-Length: 5\r\n\r\n".encode()
    parts = [POST + head + b"ASK{}"] if pieces == 1 else [POST, head + b"ASK{}"]
    with server.connect(5) as peer, peer.makefile("rb") as file:
        for part in parts:
            peer.sendall(part)
            time.sleep(0.05)
        assert json.loads(body(file)) == {"head": {}, "boolean": True}
        peer.sendall(HEAD)
        assert body(file) == b"true"


def test_an_upgrade_that_cannot_be_ignored_is_refused_and_nothing_is_run(server: Server) -> None:
    with server.connect(5) as peer:
        for part in (POST + b"Upgr", b"ade: h2c\r\nConnection: Upgrade\r\nContent-Length: 5\r\n\r\nASK{}"):
            peer.sendall(part)
            time.sleep(0.05)
        assert peer.recv(1 << 16).startswith(b"HTTP/1.1 501 ")


def test_a_malformed_request_behind_a_good_one_does_not_take_its_answer(server: Server) -> None:
    with server.connect(5) as peer:
        peer.sendall(cheap(7) + cheap(8) + b"GARBAGE\r\n\r\n" + cheap(9))
        data = b"".join(iter(lambda: peer.recv(1 << 16), b""))
    assert [part[:3] for part in data.split(b"HTTP/1.1 ")[1:]] == [b"200", b"200", b"400"]


def test_a_refused_request_has_a_line_in_the_log(server: Server) -> None:
    before = server.log.read_text().count('"status": 400')
    with server.connect(5) as peer:
        peer.sendall(b"\x16\x03\x01\x00\xff\x00 \r\n\r\n")
        peer.recv(1 << 16)
    until = time.monotonic() + 10
    while server.log.read_text().count('"status": 400') == before:
        assert time.monotonic() < until
        time.sleep(0.05)


def test_the_log_counts_the_bytes_of_a_page_once(server: Server) -> None:
    size = len(server.open("/health/live?once")[2])
    time.sleep(0.5)
    line = json.loads([each for each in server.log.read_text().splitlines() if "/health/live" in each][-1])
    assert line["bytes"] == size


def test_a_redirect_does_not_name_the_host_that_was_asked(server: Server) -> None:
    with server.connect(5) as peer, peer.makefile("rb") as file:
        peer.sendall(b"GET /checks HTTP/1.1\r\nHost: evil.example\r\n\r\n")
        lines = []
        while line := file.readline().strip():
            lines.append(line.lower())
    assert b"location: /checks/" in lines


def test_clients_that_leave_do_not_take_the_answers_of_others(serve: Callable[..., Server]) -> None:
    server = serve(client_seconds="5")

    def one(number: int) -> set[int]:
        found = set()
        for other in range(40):
            if other % 8 == 0:
                with server.connect() as peer:
                    peer.sendall(
                        f"GET {path(f'SELECT * {{ ?a ?b ?c . ?d ?e ?f }} # {number} {other}')} HTTP/1.1\r\n".encode()
                    )
                    peer.sendall(b"Host: x\r\n\r\n")
                    peer.recv(1000)
            found.add(server.open(path(f"SELECT ({number} AS ?n) ?s {{ ?s ?p ?o }} LIMIT {other + 1}"))[0])
        return found

    with ThreadPoolExecutor(6) as pool:
        assert set().union(*pool.map(one, range(6))) == {200}


@pytest.mark.slow
def test_workers_that_are_killed_under_cheap_queries_are_not_noticed(serve: Callable[..., Server]) -> None:
    server = serve()
    (engine,) = (pid for pid in below(server.process.pid) if b"server.engine" in command(pid))

    def one(number: int) -> set[int]:
        with closing(HTTPConnection("127.0.0.1", server.port, timeout=30)) as connection:
            found = set()
            for other in range(200):
                connection.request("GET", path(f"ASK {{ <x:{number}> <x:{other}> ?o }}"))
                response = connection.getresponse()
                response.read()
                found.add(response.status)
            return found

    with ThreadPoolExecutor(8) as pool:
        asking = [pool.submit(one, number) for number in range(8)]
        while not all(each.done() for each in asking):
            for worker in below(engine)[:1]:
                os.kill(worker, signal.SIGKILL)
            time.sleep(0.05)
    assert set().union(*(each.result() for each in asking)) == {200}
