"""A large store has a few workers with a copy in memory, which are asked first; the others read it from disk."""

import os
import signal
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from graph.settings import Settings
from graph.store.embedded import EmbeddedStore
from server.engine.__main__ import copies, fits
from server.engine.client import Engine
from server.engine.failures import LimitError
from server.engine.frames import Question
from server.engine.pool import Pool
from server.engine.process import total, unshare_pages

WHERE = "SELECT ?place { <urn:store> <urn:at> ?place }"
ENDLESS = "SELECT (COUNT(*) AS ?n) {" + "".join(
    f" VALUES ?x{i} {{ {' '.join(map(str, range(300)))} }}" for i in range(6)
)
NOBODY = 0


def at(place: str) -> EmbeddedStore:
    return EmbeddedStore.memory([Quad(NamedNode("urn:store"), NamedNode("urn:at"), Literal(place))])


class Asked:
    """A pool of two workers on disk and one near, and what asks them."""

    def __init__(self, folder: Path, listener: socket.socket, queries: int = 2) -> None:
        self.listener = listener
        self.pool = Pool(at("disk"), 1, Settings(queries=queries, memory="yes"))
        self.engine = Engine(str(folder / "engine"), queries=queries + 1, waiting=queries + 1)

    def fill(self) -> None:
        """Let time pass until there are all the workers there may be."""
        until = time.monotonic() + 10
        while time.monotonic() < until:
            with suppress(ChildProcessError):
                while (pid := os.waitpid(-1, os.WNOHANG)[0]) != NOBODY:
                    self.pool.gone(pid)
            if self.pool.fill(self.listener):
                return
            time.sleep(0.02)
        pytest.fail("the pool is not filled")

    def add_memory_workers(self) -> None:
        """Bring a near worker, and ask until it has its copy and those that wait already have had their query."""
        self.pool.add_memory_workers(at("memory"), 1)
        self.fill()
        self.settle()

    def settle(self) -> None:
        """Ask until the near worker answered five times."""
        until = time.monotonic() + 20
        while [self.ask() for _ in range(5)] != ["memory"] * 5:
            assert time.monotonic() < until

    def ask(self, text: str = WHERE, timeout: float = 10) -> str:
        _, body = self.engine.ask(Question(text, 1, "csv", None, "http://x/", timeout))
        return body.decode().split()[-1]


@pytest.fixture
def asked(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Asked]:
    """A pool without near workers yet."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "engine"))
        listener.listen(10)
        asked = Asked(tmp_path, listener, getattr(request, "param", 2))
        asked.fill()
        yield asked
        for pid in asked.pool.retire():
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def test_near_workers_are_asked_first_and_the_others_where_they_are_busy(asked: Asked) -> None:
    assert asked.ask() == "disk"
    asked.add_memory_workers()
    until = time.monotonic() + 20
    while "disk" not in beside_a_runaway(asked):  # which another takes where the near worker wakes late
        assert time.monotonic() < until


def beside_a_runaway(asked: Asked) -> set[str]:
    """Return who answers while a query runs that does not end."""
    with ThreadPoolExecutor() as threads:
        runaway = threads.submit(asked.ask, ENDLESS + " }", 1.0)
        time.sleep(0.2)
        places = {asked.ask() for _ in range(5)}
        with pytest.raises(LimitError, match="time limit of 1 s"):
            runaway.result()
    asked.fill()
    return places


@pytest.mark.parametrize("asked", [12], indirect=True)
def test_many_questions_at_once_are_all_answered_beside_workers_that_close_their_connections(asked: Asked) -> None:
    asked.add_memory_workers()
    with ThreadPoolExecutor(8) as threads:
        running = [threads.submit(asked.ask) for _ in range(3000)]
        while not all(each.done() for each in running):
            asked.pool.fill(asked.listener)
            time.sleep(0.01)
    assert {each.result() for each in running} <= {"memory", "disk"}


def test_a_near_worker_that_was_ended_is_replaced_after_a_rest(asked: Asked) -> None:
    asked.add_memory_workers()
    while not asked.pool.memory_ended:  # where the machine is busy, one on disk may take it
        with pytest.raises(LimitError):
            asked.ask(ENDLESS + " }", 0.3)
        asked.fill()
    asked.settle()


@pytest.mark.parametrize(("memory", "quads", "expected"), [("no", 1, False), ("yes", 10**12, True), ("auto", 1, True)])
def test_a_store_is_read_into_memory_by_the_setting(memory: str, quads: int, expected: bool) -> None:  # noqa: FBT001
    assert fits(quads, Settings(memory=memory)) == expected


def test_all_copies_take_a_third_of_the_memory_at_most() -> None:
    settings = Settings(queries=12)
    assert copies(1000, settings) == 12
    assert copies(total() // 3 // 400 // 4, settings) == 3
    assert not fits(total() // 3 // 400, replace(settings, memory="auto"))


@pytest.mark.parametrize(("given", "expected"), [("1048576\n", 1 << 20), ("max\n", None), (None, None)])
def test_a_container_has_the_memory_of_its_limit(tmp_path: Path, given: str | None, expected: int | None) -> None:
    if given:
        (tmp_path / "max").write_text(given)
    assert total(tmp_path / "max") == (expected or os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))


def test_a_forked_process_has_what_it_copied() -> None:
    kept = bytearray(b"x" * (1 << 20))
    pid = os.fork()
    if pid == NOBODY:
        unshare_pages()
        os._exit(0 if kept == b"x" * (1 << 20) else 1)
    assert os.waitpid(pid, 0)[1] == 0


def test_queries_that_together_take_too_much_memory_lose_the_largest(asked: Asked) -> None:
    asked.pool.settings = replace(asked.pool.settings, queries_memory=200)
    hungry = "SELECT (STRLEN(?x9) AS ?n) { BIND ('aaaaaaaa' AS ?x0) " + "".join(
        f"BIND (CONCAT(?x{i}, ?x{i}, ?x{i}, ?x{i}) AS ?x{i + 1}) " for i in range(13)
    )
    with ThreadPoolExecutor() as threads:
        running = threads.submit(asked.ask, hungry + "}")
        while not running.done():
            asked.pool.enforce_budget()
            time.sleep(0.01)
        with pytest.raises(LimitError, match="while all queries exceeded theirs"):
            running.result()
