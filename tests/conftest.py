"""The bundled graph, built once for all tests."""

import gc
import http.client
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlencode

import pytest
import stamina
from beside import copy_of, turn
from click.testing import CliRunner
from engines import fixtures
from flask import Flask
from flask.testing import FlaskClient

from graph.build import Graph, Inputs, build, make_graph
from graph.files import ROOT
from graph.names import Names
from graph.settings import Settings
from graph.store.embedded import EmbeddedStore
from graph.versions.home import Home
from server.__main__ import cli, main
from server.application import create_app
from server.supervisor import EngineProcess

BASE = "http://127.0.0.1:5000/"
DRILL = "DRILL" in os.environ  # whether tests that have a short version run the whole: make drill
TOKEN = "sesame-0123456789"  # noqa: S105 - a made-up one
LIST = ROOT / "tests" / "importers" / "paperlists" / "cogs2030.json"
HEAD = """source:
  key: {key}
  kind: {kind}
  title: A made-up {kind}
  lines: 30
  sha256: "{sha256}"
series:
  - {{line: 1, series: cogs, acronym: COGS}}
"""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Let a test that is marked `alone` wait for those of other processes, and them for it."""
    with turn(alone=item.get_closest_marker("alone") is not None):
        return (yield)


@pytest.fixture(scope="module", autouse=True)
def _settled() -> None:
    """Keep what earlier modules left from being looked through at each collection of garbage."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with one version of the bundled graph."""
    return Home(copy_of("home", lambda folder: build(Home(folder), BASE, Inputs.bundled()), tmp_path_factory))


@pytest.fixture(scope="session")
def listed(home: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with the bundled graph and one import, of a list of papers; what changes it, copies it first."""

    def make(folder: Path) -> None:
        shutil.copytree(home.folder, folder, symlinks=True)
        done = CliRunner().invoke(cli, ["import", "paperlists", str(LIST), "--home", str(folder)])
        assert done.exit_code == 0, (done.output, done.exception)

    return Home(copy_of("listed", make, tmp_path_factory))


@pytest.fixture(scope="session")
def bundled() -> Graph:
    """The bundled graph in memory."""
    return make_graph(Names(BASE), Inputs.bundled())


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """What writes a curated file of a made-up document of 30 lines; the given sections begin in line 9."""

    def write(sections: str = "", *, key: str = "made-up", kind: str = "fact-sheet", sha256: str = "0" * 64) -> Path:
        path = tmp_path / f"{key}.yaml"
        path.write_text(HEAD.format(key=key, kind=kind, sha256=sha256) + sections, encoding="utf-8")
        return path

    return write


@pytest.fixture(scope="session")
def settings(home: Home) -> Settings:
    """Settings that serve that home."""
    return Settings(home=str(home.folder), base=BASE)


@pytest.fixture(scope="session")
def store(home: Home) -> EmbeddedStore:
    """The store of that version."""
    return EmbeddedStore.open(home.needed().store)


@pytest.fixture(scope="session")
def engine(settings: Settings) -> Iterator[str]:
    """The socket of an engine that answers queries of that home."""
    with answering(settings) as path:
        yield path


@pytest.fixture(scope="session")
def engine_of() -> Iterator[Callable[[Settings], str]]:
    """What starts an engine of some settings, and gives its socket; all are ended after the tests."""
    with ExitStack() as ends:
        yield lambda settings: ends.enter_context(answering(settings))


@contextmanager
def answering(settings: Settings) -> Iterator[str]:
    """Run an engine of some settings; give its socket."""
    running = EngineProcess(settings)
    process = running.start()
    yield running.path
    process.terminate()
    process.wait()
    running.listener.close()
    running.folder.cleanup()


@pytest.fixture(scope="session")
def app(settings: Settings, engine: str) -> Flask:
    """The application that serves that home; it reads the graph into memory and its templates once for all tests."""
    return create_app(settings, engine)


@pytest.fixture
def client(app: Flask) -> Iterator[FlaskClient]:
    """A client of that application."""
    with app.test_client() as client:
        yield client


@pytest.fixture(scope="session")
def editable(home: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., FlaskClient]]:
    """A function that gives a client that may write, of a copy of that home, or of another, with other settings."""
    with ExitStack() as ends:

        def client(folder: Path = home.folder, **given: str) -> FlaskClient:
            copy = tmp_path_factory.mktemp("editable") / "home"
            shutil.copytree(folder, copy)
            settings = Settings(home=str(copy), base=BASE, token=TOKEN, queries=2, validate="no").changed(**given)
            app = create_app(settings, ends.enter_context(answering(settings)))
            ends.callback(app.config["WRITING"].close)
            client = app.test_client()
            client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {TOKEN}"
            return client

        yield client


@dataclass
class Server:
    """A running `convocation serve`, its port and what it wrote."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    def connect(self, timeout: float = 30) -> socket.socket:
        """Return a connection to it."""
        return socket.create_connection(("127.0.0.1", self.port), timeout)

    def open(
        self, path: str, method: str = "GET", body: bytes | None = None, **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        """Return the status, the headers by their names in small letters, and the body of an answer."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as connection:
            connection.request(method, path, body, {name.replace("_", "-"): text for name, text in headers.items()})
            response = connection.getresponse()
            found = {name.lower(): text for name, text in response.getheaders()}
            return response.status, found, response.read()

    def ask(self, query: str, **parameters: str) -> tuple[int, dict[str, str], bytes]:
        """Return the answer to a query that is posted."""
        body = urlencode({"query": query, **parameters}).encode()
        kind = "application/x-www-form-urlencoded"
        return self.open("/sparql", "POST", body, Content_Type=kind, Accept="application/sparql-results+json")

    def stop(self) -> int:
        """Tell it to stop; return its exit code."""
        self.process.terminate()
        return self.process.wait(60)


def servers(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Server]]:
    """Give what starts a server of a home with other settings, at a free port, in a folder; end all afterwards."""
    running: list[Server] = []

    def serve(cwd: Path = ROOT, **given: str) -> Server:
        changed = replace(settings, port=0).changed(**given)
        log = tmp_path_factory.mktemp("serve") / "log"
        command = [sys.executable, "-P", "-m", "server", "serve"]
        with log.open("wb") as file:
            process = subprocess.Popen(
                command, cwd=cwd, stdout=file, stderr=subprocess.STDOUT, env=os.environ | changed.environment
            )
        running.append(Server(process, 0, log))
        _wait(running[-1])
        return running[-1]

    try:
        yield serve
    finally:
        for each in running:
            each.process.kill()
            each.process.wait()


start_server, dump, native, engine_of_graph = (
    fixtures.start_server,
    fixtures.dump,
    fixtures.native,
    fixtures.engine_of_graph,
)
serve = pytest.fixture(name="serve")(servers)  # of which each ends with its test
serving = pytest.fixture(scope="session", name="serving")(servers)  # for several tests


def _wait(server: Server) -> None:
    """Wait until a server has said its port, and is ready."""
    for _ in range(600):
        assert server.process.poll() is None, server.log.read_text()
        if said := re.search(r" at http://127\.0\.0\.1:(\d+)/", server.log.read_text()):
            server.port = int(said[1])
            with suppress(OSError):
                if server.open("/health")[0] == 200:
                    return
        time.sleep(0.05)
    pytest.fail(server.log.read_text())


@pytest.fixture(scope="session")
def server(serving: Callable[..., Server]) -> Server:
    """A server with limits that are soon reached."""
    return serving(query_seconds="30", query_memory="300", client_seconds="3", slow_seconds="1")


@pytest.fixture
def empty_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home without a version, which the commands use."""
    monkeypatch.setenv("CONVOCATION_HOME", str(tmp_path / "home"))
    return Home(tmp_path / "home")


@dataclass
class Done:
    """How a command ended and what it wrote."""

    code: int
    out: str
    err: str


Run = Callable[..., Done]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """What runs the command line in this process."""

    def run(*arguments: object) -> Done:
        monkeypatch.setattr(sys, "argv", ["convocation", *map(str, arguments)])
        with pytest.raises(SystemExit) as stop:
            main()
        out, err = capsys.readouterr()
        return Done(int(stop.value.code or 0), out, err)

    return run


def refused(done: Done, words: str) -> bool:
    """Return whether a command ended with one sentence that has these words."""
    lines = done.err.strip().split("\n")
    return (
        (done.code, done.out, len(lines)) == (1, "", 1) and lines[0].startswith("convocation: ") and words in lines[0]
    )


@pytest.fixture
def served(home: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    """The home with the bundled graph, which the commands use."""
    monkeypatch.setenv("CONVOCATION_HOME", str(home.folder))
    return home


@pytest.fixture
def copied(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A copy of the home with the bundled graph, which the commands may change."""
    monkeypatch.setenv("CONVOCATION_HOME", str(tmp_path / "home"))
    return Home(shutil.copytree(home.folder, tmp_path / "home"))


@pytest.fixture
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait little between attempts, where no server says how long."""
    context = stamina.retry_context
    monkeypatch.setattr(stamina, "retry_context", lambda **given: context(**given, wait_initial=0.01, wait_jitter=0))
