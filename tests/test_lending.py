"""A connection that asks like queries at once is answered by a worker itself, as the application answers it."""

import re
import shutil
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from hashlib import sha256
from http.client import HTTPConnection, HTTPException, HTTPResponse
from io import BufferedReader
from pathlib import Path
from urllib.parse import quote

import pytest
from conftest import TOKEN, Server
from test_alike import FORMS as ALL
from test_alike import MISTAKES, PREFIXES, path
from test_kill import kill
from test_repeats import ask, told

from graph.settings import Settings
from graph.store.embedded import EmbeddedStore
from server.engine.lending import Loan, Turn, sign
from server.engine.wire import Question
from server.heads import Form

MANY = 60
FORMS = ALL | {"rows": "SELECT * {{ VALUES ?x {{ 'ä' 2 UNDEF }} BIND({} AS ?n) }}"}


@contextmanager
def connected(server: Server) -> Iterator[Callable[..., HTTPResponse]]:
    """Give what asks over one connection."""
    with closing(HTTPConnection("127.0.0.1", server.port, timeout=60)) as connection:

        def get(target: str, **headers: str) -> HTTPResponse:
            connection.request("GET", target, headers=headers)
            response = connection.getresponse()
            response.body = response.read()  # type: ignore[attr-defined]
            return response

        yield get


def cheap(number: int) -> str:
    return f"SELECT (4{number:05} AS ?x) {{}}"


def lent(server: Server) -> int:
    """Return how many requests were answered by workers themselves."""
    metrics = ask(server, "/metrics", 1)[0].body.decode()  # type: ignore[attr-defined]
    found = re.search(r"^convocation_requests_lent_total (\d+)", metrics, re.MULTILINE)
    return int(found[1]) if found else 0


def burst(get: Callable[..., HTTPResponse], more: str = "", begin: int = 0, **headers: str) -> list[HTTPResponse]:
    """Ask many like queries at once, each another."""
    return [get(path(cheap(number), more), **headers) for number in range(begin, begin + MANY)]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("more", ["", "&format=csv", "&format=xml", "&format=ttl", "&timeout=9"])
@pytest.mark.parametrize("coding", ["identity", "gzip"])
def test_an_answer_is_that_of_the_application(server: Server, form: str, more: str, coding: str) -> None:
    if (form == "graph") == (more in ("&format=csv", "&format=xml")) and more not in ("", "&timeout=9"):
        pytest.skip("there is no such form")
    before, headers = lent(server), {"Accept-Encoding": coding, "User-Agent": f"{form}{more}{coding}"}
    texts = [f"{FORMS[form].format(20 + number)} # {more} {coding}" for number in range(MANY)]
    with connected(server) as get:
        answers = [told(get(path(text, more), **headers)) for text in texts]
    assert lent(server) > before
    others = [told(ask(server, path(text, more), 1, **headers, X_Never=text[:60])[0]) for text in texts]
    assert answers == others


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told_as_ever(serve: Callable[..., Server], name: str) -> None:
    server = serve(query_seconds="2", queries="2")
    with connected(server) as get:
        burst(get, "&format=json")
        assert lent(server)
        found = get(path(MISTAKES[name], "&format=json"))
        assert burst(get, "&format=json", MANY)[-1].status == 200
    assert told(found) == told(ask(server, path(MISTAKES[name], "&format=json"), 1, X_Never="1")[0])


def test_a_long_answer_comes_whole(server: Server) -> None:
    text = "SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 5000"
    with connected(server) as get:
        burst(get)
        found = get(path(text))
    assert told(found)[2] == told(ask(server, path(text), 1, X_Never="1")[0])[2]


def test_a_slow_query_is_asked_again_with_all_its_time(server: Server) -> None:
    part = "{{ SELECT * {{ ?{0} ?{0}p ?{0}o }} LIMIT 2500 }}"
    text = f"SELECT (COUNT(*) AS ?n) {{ {part.format('a')} {part.format('b')} }}"
    with connected(server) as get:
        burst(get, "&format=tsv&timeout=20")
        slow = get(path(text, "&format=tsv&timeout=20"))
        assert {each.status for each in burst(get, "&format=tsv&timeout=20", MANY)} == {200}
    assert told(slow)[2].split()[1:] == [b"6250000"]


def test_another_request_on_the_connection_is_answered_in_its_own_way(server: Server) -> None:
    with connected(server) as get:
        burst(get, "&format=tsv")
        page, answer = get("/checks/"), get(path(cheap(1), "&format=tsv"))
    assert (page.status, page.getheader("Content-Type")) == (200, "text/html; charset=utf-8")
    assert "400001" in told(answer)[2].decode()


def test_a_version_that_is_published_meanwhile_answers_the_next_request(
    serve: Callable[..., Server], settings: Settings, tmp_path: Path
) -> None:
    shutil.copytree(settings.folder, tmp_path / "home", symlinks=True)
    server = serve(home=str(tmp_path / "home"), token=TOKEN, validate="no", queries="2")
    count = "SELECT (COUNT(*) AS ?n) {{ GRAPH <https://example.org/g> {{ ?s ?p ?o }} FILTER({0} = {0}) }}"
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "text/turtle"}
    with connected(server) as get:
        for number in range(3):
            for other in range(8):
                get(path(count.format(f"{number}{other}"), "&format=tsv"))
            with closing(HTTPConnection("127.0.0.1", server.port, timeout=60)) as other_connection:
                triple = f"<https://example.org/{number}> <https://example.org/p> {number} ."
                target = "/store?graph=" + quote("https://example.org/g", safe="")
                other_connection.request("POST", target, triple, headers)
                assert other_connection.getresponse().status in (200, 201, 204)
            found = get(path(count.format(f"9{number}"), "&format=tsv"))
            assert told(found)[2].split()[-1] == str(number + 1).encode()


def test_each_is_logged_and_counted(server: Server) -> None:
    with connected(server) as get:
        burst(get, "&format=tsv&timeout=8", 7000)
    digests = [sha256((PREFIXES + cheap(number)).encode()).hexdigest()[:16] for number in range(7000, 7000 + MANY)]
    until = time.monotonic() + 10
    while set(digests) - set(lines := re.findall(r'"query": "(\w+)"', server.log.read_text())):
        assert time.monotonic() < until
    assert {lines.count(digest) for digest in digests} == {1}


def test_requests_that_come_together_are_answered_in_their_order(server: Server) -> None:
    with closing(socket.create_connection(("127.0.0.1", server.port), 30)) as client, client.makefile("rb") as file:
        for number in range(8):
            client.sendall(head(number))
            assert content(file).endswith(f"4{number:05}\n".encode())
        client.sendall(b"".join(map(head, range(100, 140))))
        for number in range(100, 140):
            assert content(file).endswith(f"4{number:05}\n".encode())


def head(number: int) -> bytes:
    return f"GET {path(cheap(number), '&format=tsv')} HTTP/1.1\r\nHost: x\r\n\r\n".encode()


def content(file: BufferedReader) -> bytes:
    """Return the body of the next answer."""
    length = 0
    while line := file.readline().strip():
        if line.lower().startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    return file.read(length) or b""


def test_what_a_client_does_not_take_in_at_once_is_given_back(tmp_path: Path) -> None:
    values = list(map(str, range(1000, 2000)))
    ends, near = socket.socketpair(), socket.socketpair()
    with ends[0] as client, ends[1] as served, near[0] as peer, near[1]:
        served.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        question = Question("", 1, "tsv", None, "http://x/", 5)
        before, behind = b"GET /sparql?query=", b" HTTP/1.1\r\nHost: x\r\n\r\n"
        (tmp_path / "current").write_text("1")
        pointer = str(tmp_path / "current")
        forms = {False: Form(b"Vary: Accept\r\n", "tsv", None)}
        loan = Loan(question, (before, behind), forms, "", ("tsv", None), pointer, sign(pointer) or (0, 0))
        query = f"SELECT ?a {{ VALUES ?a {{ {' '.join(values)} }} VALUES ?b {{ 1 2 3 4 5 6 7 8 }} }}"
        client.sendall(before + quote(query).encode() + behind)
        turn = Turn(EmbeddedStore.memory(()), loan, served, peer, lambda _: None, lambda: False)
        rest = turn.run().body
        taken = client.recv(1 << 20)
        assert rest
        head, _, body = (taken + rest).partition(b"\r\n\r\n")
        assert f"Content-Length: {len(body)}".encode() in head.split(b"\r\n")
        assert sorted(body.decode().split()[1:]) == sorted(values * 8)


def test_clients_that_leave_in_the_middle_do_no_harm(server: Server) -> None:
    for number in range(12):
        with closing(socket.create_connection(("127.0.0.1", server.port), 30)) as client:
            for other in range(6):
                client.sendall(head(1000 + 10 * number + other))
                client.recv(1 << 16)
            client.sendall(head(2000 + number)[: 30 * number or None])
    with connected(server) as get:
        assert {each.status for each in burst(get, begin=3000)} == {200}


def test_many_connections_at_once_are_all_answered(server: Server) -> None:
    def one(number: int) -> set[int]:
        with connected(server) as get:
            return {int(told(each)[2].split()[-1]) - 400_000 for each in burst(get, "&format=tsv", number * MANY)}

    with ThreadPoolExecutor(20) as pool:
        found = list(pool.map(one, range(20)))
    assert found == [set(range(number * MANY, (number + 1) * MANY)) for number in range(20)]


@pytest.mark.slow
def test_a_worker_that_is_killed_leaves_its_client_an_answer(serve: Callable[..., Server]) -> None:
    server = serve(queries="2", client_seconds="3")

    def one(number: int) -> list[int]:
        with connected(server) as get:
            return [each.status for each in burst(get, begin=number * MANY)]

    found: list[int] = []
    with ThreadPoolExecutor(1) as pool:
        for number in range(10):
            asking = pool.submit(one, number)
            time.sleep(0.01 * number)
            kill(server, "worker of engine")
            with suppress(HTTPException, OSError):  # one that was just taken from the connection is lost
                found += asking.result()
    assert set(found) <= {200, 503}
    assert found.count(200) > 8 * MANY
    assert {each.status for each in ask(server, path(cheap(0)), 3)} == {200}
