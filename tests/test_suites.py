"""The suites of the W3C run against the server as it is served: the protocols, and SPARQL through HTTP.

The failures of the engine itself are listed in `tests/engines/known-failures.txt`, as its own native server fails it.
"""

import json
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from conftest import DRILL, TOKEN

from graph.build import Inputs, build
from graph.files import ROOT
from graph.settings import Settings
from graph.versions.home import Home

SHARED = ROOT.parent / "shared"
HARNESS, TESTS = SHARED / "harness", SHARED / "data" / "rdf-tests"
KNOWN = ROOT / "tests" / "engines" / "known-failures.txt"
REFUSED = ROOT / "tests" / "engines" / "refused-here.txt"
FORMATS = "json,xml,csv,tsv" if DRILL else "json,tsv"
START, HOUR = 60.0, 3600
LATER = re.compile(r"(?:^|; )unknown language \S+#SPARQL12(?:Query|Update)")  # the suite knows the vocabulary of 1.1

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not HARNESS.is_dir(), reason="the suites are next to the repository, in ../shared/harness"),
]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server that anything may be written to, and whose IRIs begin there."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tmp_path_factory.mktemp("suites")
    settings = Settings(home=str(folder / "home"), port=port, token=TOKEN, validate="no", queries=2, access_log="no")
    build(Home(settings.folder), settings.namespace, Inputs())
    with (folder / "log").open("wb") as log:
        command = [sys.executable, "-P", "-m", "server", "serve"]
        process = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT, env=settings.environment)
    try:
        wait(port)
        yield settings.namespace
    finally:
        process.terminate()
        process.wait()


def wait(port: int) -> None:
    """Wait until a server answers at a port."""
    until = time.monotonic() + START
    while time.monotonic() < until:
        with suppress(OSError), closing(socket.create_connection(("127.0.0.1", port), 1)):
            return
        time.sleep(0.1)


def addresses(address: str) -> tuple[str, str, str]:
    """Return where our server takes queries, updates and graphs."""
    return f"{address}sparql", f"{address}sparql", f"{address}store"


def run(script: str, places: tuple[str, str, str], output: Path, *arguments: str) -> list[dict[str, object]]:
    """Return the results of a suite, one for each case."""
    urls = [f"--{name}-url={place}" for name, place in zip(("query", "update", "gsp"), places, strict=True)]
    command = [sys.executable, str(HARNESS / script), *urls, f"--json={output}", *arguments]
    subprocess.run(command, check=False, timeout=HOUR, stdout=subprocess.DEVNULL)
    results: list[dict[str, object]] = json.loads(output.read_text(encoding="utf-8"))
    return results


def listed(path: Path) -> set[tuple[str, ...]]:
    """Return the cases of a list: test and format."""
    return {tuple(line.split()) for line in path.read_text(encoding="utf-8").splitlines() if line[:1] not in ("", "#")}


def test_the_protocols_are_spoken_as_the_w3c_tests_them(address: str, tmp_path: Path) -> None:
    options = (f"--bearer={TOKEN}", "--direct-gsp", "--cors")
    results = run("protocol_suite.py", addresses(address), tmp_path / "results.json", *options)
    assert {each["section"] for each in results} == {"protocol", "gsp", "service-description", "extra"}
    failures = [(each["id"], LATER.sub("", str(each["why"]))) for each in results if not each["ok"]]
    assert [each for each in failures if each[1]] == []


@pytest.fixture
def native(tmp_path: Path) -> Iterator[str]:
    """The address of the engine's own server, empty and in memory."""
    program = Path(sys.executable).with_name("oxigraph")
    if not program.exists():
        pytest.skip("the native server of Oxigraph is not installed: pip install oxigraph")
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(program), "serve", "--bind", f"127.0.0.1:{port}"]
    with (tmp_path / "native").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
    try:
        wait(port)
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait()


@pytest.mark.skipif(not TESTS.is_dir(), reason="the tests of the W3C are next to the repository, in ../shared/data")
@pytest.mark.parametrize("suite", ["sparql10", "sparql11", "sparql12"])
def test_sparql_is_answered_as_the_engine_answers_it(address: str, native: str, tmp_path: Path, suite: str) -> None:
    arguments = (f"--tests={TESTS}", f"--suites={suite}", f"--formats={FORMATS}")
    ours = run("query_suite.py", addresses(address), tmp_path / "ours.json", f"--bearer={TOKEN}", *arguments)
    theirs = run("query_suite.py", (f"{native}query", f"{native}update", f"{native}store"), tmp_path / "x", *arguments)
    asked = {case(each) for each in ours}
    assert asked == {case(each) for each in theirs}
    assert len(asked) > (400 if DRILL else 200)  # half the formats, half the cases
    assert failed(theirs) == listed(KNOWN) & asked
    assert failed(ours) == (listed(KNOWN) | listed(REFUSED)) & asked


def case(result: dict[str, object]) -> tuple[str, ...]:
    """Return what names a case: test and format."""
    return str(result["id"]), str(result["format"])


def failed(results: list[dict[str, object]]) -> set[tuple[str, ...]]:
    """Return the cases that failed."""
    return {case(each) for each in results if not each["ok"]}
