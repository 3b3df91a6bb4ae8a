"""Thousands of idle connections, slow readers and a client with fifty runaway queries hurt nobody else."""

import http.client
import resource
import selectors
import socket
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from urllib.parse import quote

import pytest
from conftest import Server
from test_limits import rest

pytestmark = [pytest.mark.slow, pytest.mark.alone]

CHEAP = "SELECT ?o { <https://w3id.org/convocation/ontology#Edition> ?p ?o } # "
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } # "
LARGE = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 200000"
PAGES = ("/page/edition/neurips-2024", "/page/series/iclr", "/checks/", "/")
SECONDS = 10  # that a client may take, and a query
SLICE = 0.01  # seconds for which a busy core may leave a process waiting, also where a quiet answer takes less
IDLE, SLOW, RUNAWAYS = 2000, 64, 50
OTHERS, HUNGRY, READERS = "127.0.0.1", "127.0.0.2", "127.0.0.3"


def connect(server: Server, address: str) -> socket.socket:
    return socket.create_connection(("127.0.0.1", server.port), 60, (address, 0))


def timed(server: Server, path: str) -> float:
    """Return how many seconds an answer takes to another client, on a connection of its own."""
    begun = time.monotonic()
    link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60, source_address=(OTHERS, 0))
    link.request("GET", path)
    answer = link.getresponse()
    answer.read()
    link.close()
    assert answer.status == 200, path
    return time.monotonic() - begun


def p95(server: Server, mark: str) -> float:
    """Return the 95th percentile of 200 cheap requests, queries and pages in turn."""
    paths = [f"/sparql?query={quote(CHEAP + mark + str(n))}" if n % 2 else PAGES[n // 2 % 4] for n in range(200)]
    return statistics.quantiles([timed(server, path) for path in paths], n=20)[-1]


@contextmanager
def crowd(server: Server) -> Iterator[list[socket.socket]]:
    """Open idle and half-open connections; a third sends nothing, a third half a head, a third half a body."""
    parts = (b"", b"GET /sparql HTTP/1.1\r\nHos", b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nASK")
    with ExitStack() as ends:
        peers = []
        for number in range(IDLE):
            peer = ends.enter_context(connect(server, f"127.0.1.{number % 200 + 1}"))
            peer.sendall(parts[number % 3])
            peers.append(peer)
        yield peers


@contextmanager
def slow_readers(server: Server) -> Iterator[None]:
    """Ask for large results, of which nothing is read."""
    with ExitStack() as ends:
        for number in range(SLOW):
            peer = ends.enter_context(connect(server, READERS))
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            peer.sendall(f"GET /sparql?query={quote(f'{LARGE} # {number}')} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        yield


@contextmanager
def runaways(server: Server) -> Iterator[None]:
    """Keep fifty queries of one client going that do not end by themselves."""
    stop = threading.Event()

    def ask(number: int) -> None:
        while not stop.is_set():
            link = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60, source_address=(HUNGRY, 0))
            link.request("GET", f"/sparql?query={quote(f'{RUNAWAY}{number} {time.time()}')}")
            link.getresponse().read()
            link.close()
            stop.wait(0.5)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(RUNAWAYS)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def closed(peers: list[socket.socket], seconds: float) -> int:
    """Return how many connections the server closed within some seconds."""
    found, until = 0, time.monotonic() + seconds
    with selectors.DefaultSelector() as waiting:
        for peer in peers:
            peer.settimeout(5)
            waiting.register(peer, selectors.EVENT_READ)
        while found < len(peers) and time.monotonic() < until:
            for key, _ in waiting.select(1):
                found += ended(key.fileobj)  # type: ignore[arg-type]
                waiting.unregister(key.fileobj)
    return found


def ended(peer: socket.socket) -> bool:
    """Return whether a server closed a connection, with nothing said before or with a 408."""
    try:
        data = b"".join(iter(lambda: peer.recv(1 << 16), b""))
    except ConnectionResetError:
        return True
    return data[:13] in (b"", b"HTTP/1.1 408 ")


@pytest.fixture
def crowded(serve: Callable[..., Server]) -> Server:
    """A server whose clients have little time, with enough descriptors for this test."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 8000), most))
    server = serve(client_seconds=str(SECONDS), query_seconds=str(SECONDS), query_memory="300", access_log="no")
    rest(server)
    return server


def test_idle_connections_slow_readers_and_runaways_hold_up_nobody_else(crowded: Server) -> None:
    quiet = p95(crowded, "quiet")
    begun = time.monotonic()
    with crowd(crowded) as peers:
        with slow_readers(crowded), runaways(crowded):
            time.sleep(1)
            busy = p95(crowded, "busy")
        gone = closed(peers, max(SECONDS, begun + 3 * SECONDS - time.monotonic()))
    print(f"p95: {quiet * 1000:.1f} ms quiet, {busy * 1000:.1f} ms in the crowd; {gone} connections closed")
    assert busy < 4 * max(quiet, SLICE)
    assert gone == IDLE
    assert timed(crowded, "/health") < 1
