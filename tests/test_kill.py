"""Whatever process is killed, and when: the last version that was published is served, and can be written on."""

import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event

import pytest
from conftest import TOKEN, Server

from graph.versions.home import Home

ROUNDS = 4
PATIENCE = 60.0
COUNT = "http://example.org/count"
FIRST = f"INSERT DATA {{ <{COUNT}> <{COUNT}> 0 }}"
NEXT = "DELETE { ?c ?c ?n } INSERT { ?c ?c ?m } WHERE { ?c ?c ?n BIND (?n + 1 AS ?m) }"
READ = f"SELECT ?n {{ <{COUNT}> <{COUNT}> ?n }}"
RUNAWAY = "INSERT { ?a <x:p> ?f } WHERE { ?a ?b ?c . ?d ?e ?f FILTER (CONCAT(STR(?c), STR(?f)) = '!') }"

pytestmark = pytest.mark.slow


def children(pid: int) -> dict[int, str]:
    """Return the processes that a process started, by their command lines."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, ValueError):
            if int((folder / "stat").read_text().rpartition(")")[2].split()[1]) == pid:
                found[int(folder.name)] = (folder / "cmdline").read_text().replace("\0", " ")
    return found


def family(pid: int) -> dict[int, str]:
    """Return the processes below a process, by what they are."""
    found: dict[int, str] = {}
    for child, command in children(pid).items():
        below = family(child)
        name = next((name for name in ("engine.writer", "web", "engine") if f"server.{name} " in command), "other")
        found |= {child: name} | {each: kind if kind != name else f"worker of {name}" for each, kind in below.items()}
    return found


def one(server: Server, name: str) -> int:
    """Return a process of a server, once there is one.

    Raises:
        StopIteration: there is none in time.
    """
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if found := [pid for pid, kind in family(server.process.pid).items() if kind == name]:
            return found[-1]
        time.sleep(0.02)
    raise StopIteration(name)


def kill(server: Server, name: str) -> None:
    """Kill a process of a server, or the server itself."""
    while True:
        with suppress(ProcessLookupError):  # a worker may end by itself
            os.kill(server.process.pid if name == "server" else one(server, name), signal.SIGKILL)
            return


@contextmanager
def counting(server: Server) -> Iterator[Future[tuple[int, int]]]:
    """Count on beside the block, and a moment after it."""
    stop = Event()
    with ThreadPoolExecutor(1) as threads:
        try:
            yield threads.submit(count_on, server, stop)
            time.sleep(0.3)
        finally:
            stop.set()


def update(server: Server, text: str) -> int:
    """Send an update; return the status, 0 where there was no answer."""
    kind, token = "application/sparql-update", f"Bearer {TOKEN}"
    try:
        return server.open("/sparql", "POST", text.encode(), Content_Type=kind, Authorization=token)[0]
    except OSError:
        return 0


def patiently(server: Server, text: str) -> int:
    """Send an update until the server takes it; return how often it was sent."""
    until = time.monotonic() + PATIENCE
    for tries in range(1, 1000):
        if update(server, text) == 204:
            return tries
        assert time.monotonic() < until
        time.sleep(0.1)
    return 0


def count(server: Server) -> int:
    """Return the number in the graph, as soon as the server answers."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with suppress(OSError, ValueError):
            status, _, body = server.ask(READ, format="csv")
            if status == 200:
                return int(body.split()[1])
        time.sleep(0.1)
    raise TimeoutError


def count_on(server: Server, stop: Event) -> tuple[int, int]:
    """Count on until an update fails or the event comes; return the updates that were confirmed, and those sent."""
    confirmed, sent = 0, 0
    while not stop.is_set():
        sent += 1
        if update(server, NEXT) != 204:
            break
        confirmed += 1
    return confirmed, sent


def gone(pids: list[int]) -> bool:
    """Return whether processes have ended, in time."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if not any(Path(f"/proc/{pid}").exists() for pid in pids):
            return True
        time.sleep(0.05)
    return False


@pytest.fixture
def start(home: Home, serve: Callable[..., Server], tmp_path: Path) -> Iterator[Callable[[], Server]]:
    """What starts a server of a home of its own; what is left of the last one is ended."""
    shutil.copytree(home.folder, tmp_path / "home")
    servers: list[Server] = []

    def start() -> Server:
        given = {
            "home": str(tmp_path / "home"),
            "token": TOKEN,
            "validate": "no",
            "query_seconds": "20",
            "queries": "3",
        }
        servers.append(serve(**given))
        return servers[-1]

    yield start
    for server in servers:
        server.process.kill()
        server.process.wait(PATIENCE)


@pytest.mark.parametrize("victim", ["worker of engine", "engine", "web", "engine.writer", "server"])
def test_after_a_kill_the_last_version_is_served(start: Callable[[], Server], victim: str) -> None:
    server = start()
    patiently(server, FIRST)
    found = 0
    for _ in range(ROUNDS):
        with counting(server) as counted:
            time.sleep(0.7)
            below = list(family(server.process.pid))
            kill(server, victim)
        if victim == "server":
            assert server.process.wait(PATIENCE) == -signal.SIGKILL
            assert gone(below)
            server = start()
        patiently(server, "INSERT DATA {}")  # comes after what a process did whose client was killed
        confirmed, sent = counted.result(timeout=PATIENCE)
        assert found + confirmed <= count(server) <= found + sent
        found = count(server)


def test_an_update_that_is_killed_leaves_the_version(start: Callable[[], Server], tmp_path: Path) -> None:
    server, home = start(), Home(tmp_path / "home")
    patiently(server, FIRST)
    for round_ in range(1, 3):
        number = home.current_number()
        with ThreadPoolExecutor(1) as threads:
            ended = threads.submit(update, server, RUNAWAY)
            writer = one(server, "engine.writer")
            while not (home.versions / ".building").exists():
                time.sleep(0.01)
            time.sleep(0.3)
            os.kill(writer, signal.SIGKILL)
            assert ended.result(timeout=PATIENCE) == 503
        assert (home.current_number(), count(server)) == (number, round_ - 1)
        assert patiently(server, NEXT) == 1
        assert count(server) == round_
    assert len(list(home.versions.glob(".*"))) == 1
