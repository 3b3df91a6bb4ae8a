"""Fixtures of the engines with the bundled graph; each engine is started once, when a test first asks for it."""

import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest

from engines.answers import Engine
from engines.programs import comunica, jena
from engines.servers import Native, oxigraph, publication, remote_home, virtuoso
from graph.build import Graph
from graph.exchange.dump import dump_file
from graph.remote.marker import home_of, open_version
from graph.store.embedded import EmbeddedStore

SERVERS = {"oxigraph": oxigraph, "virtuoso": virtuoso}
PROGRAMS = {"jena": jena, "comunica": comunica}
Start = Callable[[str], Native]


@pytest.fixture(scope="session")
def start_server(tmp_path_factory: pytest.TempPathFactory, bundled: Graph) -> Iterator[Start]:
    """A function that gives a running server by its name, with the bundled graph published in it."""
    with ExitStack() as ends:

        @cache
        def start(name: str) -> Native:
            native = SERVERS[name](tmp_path_factory.mktemp(name))
            native.start()
            ends.callback(native.stop, signal.SIGKILL)
            publication(remote_home(native.settings)).publish(bundled)
            return native

        yield start


@pytest.fixture(scope="session")
def dump(store: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of N-Quads with the bundled graph."""
    path = tmp_path_factory.mktemp("dump") / "bundled.nq"
    dump_file(store, path)
    return path


@pytest.fixture(scope="session", params=SERVERS)
def native(request: pytest.FixtureRequest, start_server: Start) -> Native:
    """A running server of an engine with the bundled graph."""
    return start_server(request.param)


@pytest.fixture(scope="session", params=[*SERVERS, *PROGRAMS])
def engine_of_graph(
    request: pytest.FixtureRequest, start_server: Start, dump: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """An engine other than the embedded one, which answers queries over the bundled graph."""
    if request.param in SERVERS:
        home = home_of(start_server(request.param).settings)
        yield open_version(home, home.needed())
        return
    program = PROGRAMS[request.param](dump, tmp_path_factory.mktemp(request.param))
    yield program
    program.stop()
