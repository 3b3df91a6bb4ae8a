"""A store on disk is copied into memory whole, with the labels of its blank nodes, in an order that suits queries."""

import os
import signal
import time
import warnings
from itertools import count, takewhile
from pathlib import Path
from threading import Event, Thread

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad
from pyoxigraph import Store as Oxigraph

from graph.store.copying import copied
from graph.store.embedded import EmbeddedStore

NODES = [NamedNode(f"http://example.org/{number:05}") for number in range(3000)]
NAME, GRAPH = NamedNode("http://example.org/name"), NamedNode("http://example.org/graph")
PLAIN = [Quad(node, NAME, Literal(f"Name {node.value}")) for node in NODES]
NAMED = [Quad(node, NAME, NODES[0], GRAPH) for node in NODES[:50]]
BLANK = [Quad(BlankNode("known"), NAME, BlankNode("other")), Quad(NODES[0], NAME, Literal("a _:b of text"))]


def stored(folder: Path, quads: list[Quad]) -> EmbeddedStore:
    EmbeddedStore.write(folder / "store", quads)
    return EmbeddedStore.open(folder / "store")


def test_a_copy_has_all_quads(tmp_path: Path) -> None:
    store = stored(tmp_path, PLAIN + NAMED)
    found = copied(store.engine, is_sorted=True)
    assert found is not None
    assert set(found) == {*PLAIN, *NAMED}


def test_a_sorted_copy_gives_neighbors_together(tmp_path: Path) -> None:
    found = stored(tmp_path, PLAIN).near()
    order = [quad.subject for quad in found.engine.quads_for_pattern(None, NAME, None)]
    assert order in (NODES, NODES[::-1])


def test_a_view_has_the_default_graph_alone(tmp_path: Path) -> None:
    assert set(stored(tmp_path, PLAIN + NAMED).view().engine) == set(PLAIN)


@pytest.mark.parametrize("part", [BLANK[:1], BLANK[1:]], ids=["node", "text"])
def test_blank_nodes_keep_their_labels(tmp_path: Path, part: list[Quad]) -> None:
    store = stored(tmp_path, part + NAMED)
    assert copied(store.engine) is None
    assert set(store.near().engine) == {*part, *NAMED}
    assert set(store.view().engine) == set(part)


def test_a_copy_that_is_not_needed_ends(tmp_path: Path) -> None:
    store = stored(tmp_path, PLAIN)
    assert copied(store.engine, stopped=lambda: True) is None
    assert len(store.near(stopped=lambda: True).engine) < len(PLAIN)


def test_without_a_program_that_sorts_the_copy_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = stored(tmp_path, PLAIN)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert set(store.near().engine) == set(PLAIN)


def test_a_sort_that_fails_is_done_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = stored(tmp_path, PLAIN)
    broken = tmp_path / "sort"
    broken.write_text("#!/bin/sh\nexit 2\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert set(store.near().engine) == set(PLAIN)


def test_an_empty_store_is_copied(tmp_path: Path) -> None:
    found = copied(stored(tmp_path, []).engine, is_sorted=True)
    assert isinstance(found, Oxigraph)
    assert len(found) == 0


def test_a_process_forked_meanwhile_does_not_hold_up_the_copy(tmp_path: Path) -> None:
    store = stored(tmp_path, PLAIN)
    forked: list[int] = []

    def fork() -> bool:
        if not forked:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)  # of Python 3.12, which the engine meets as well
                forked.append(os.fork())
            if not forked[0]:
                time.sleep(60)
                os._exit(0)
        return False

    try:
        assert set(store.near(stopped=fork).engine) == set(PLAIN)
    finally:
        os.kill(forked[0], signal.SIGKILL)
        os.waitpid(forked[0], 0)


def test_a_process_forked_meanwhile_can_ask_the_store(tmp_path: Path) -> None:
    things = [NamedNode(f"https://example.org/{number}") for number in range(20_000)]
    store = stored(tmp_path, [Quad(each, each, Literal(f"{each.value} " * 9)) for each in things])
    done = Event()
    copies = Thread(target=lambda: [store.near() for _ in takewhile(lambda _: not done.is_set(), count())])
    copies.start()
    try:
        ends = [os.waitpid(asking(store, things[::50]), 0)[1] for _ in range(100)]
    finally:
        done.set()
        copies.join()
    assert not any(ends)


def asking(store: EmbeddedStore, things: list[NamedNode]) -> int:
    """Fork a process that asks of things, and is ended by its alarm where a lock is never let go of; return it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if pid == 0:
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(5)
        for each in things:
            list(store.quads(each))
        os._exit(0)
    return pid


def test_signals_do_not_spoil_a_copy(tmp_path: Path) -> None:
    store, old = stored(tmp_path, PLAIN), signal.signal(signal.SIGALRM, lambda *_: None)
    signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
    try:
        assert all(set(store.near().engine) == set(PLAIN) for _ in range(20))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, old)
