"""The bundled graph: the time of its build, of every page, and of a start on an empty home."""

import os
import resource
import subprocess
import sys
import time
from collections import Counter
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory

from flask.testing import FlaskClient
from pyoxigraph import DefaultGraph, NamedNode

from benchmarks.report import Table, percentile, spread
from benchmarks.rivals import Run
from benchmarks.servers import ours
from graph.settings import Settings
from graph.store.embedded import EmbeddedStore
from graph.versions.home import Home
from server.application import create_app
from server.warming import ready

BUILD_SECONDS, PAGE_MILLISECONDS, START_SECONDS = 5, 50, 10
BUILDS, STARTS, SLOWEST = 5, 3, 5
BASE = "http://127.0.0.1:5000/"


def build(_: Run) -> Table:
    """Measure `convocation build` of the bundled data, as a command and as the build itself reports."""
    walls, cpus, inner = [], [], []
    for _run in range(BUILDS):
        with TemporaryDirectory() as folder:
            before, begun = _children(), time.perf_counter()
            _command("build", "--home", folder, "--base", BASE)
            walls.append(time.perf_counter() - begun)
            cpus.append(_children() - before)
            inner.append(Home(Path(folder)).needed().seconds)
    table = Table("build", f"`convocation build` of the bundled data, {BUILDS} runs", ("s", "min", "median", "max"))
    table.add("the command, wall", *spread(walls))
    table.add("the command, CPU", *spread(cpus))
    table.add("the build within it, wall", *spread(inner))
    table.goal("the command, median of wall, s", spread(walls)[1], BUILD_SECONDS)
    return table


def pages(_: Run) -> Table:
    """Measure the page of every thing of the bundled graph, in one process, without a network."""
    with TemporaryDirectory() as folder:
        _command("build", "--home", folder, "--base", BASE)
        paths = entity_paths(EmbeddedStore.open(Home(Path(folder)).needed().store))
        app = ready(create_app(Settings(home=folder, base=BASE, access_log="no")))  # as a worker of the server is
        with app.test_client() as client:
            return _pages_table({path: page(client, path) for path in paths})


def page(client: FlaskClient, path: str) -> tuple[float, float, int]:
    """Return the milliseconds of a page, wall and CPU, and its status."""
    wall, cpu = time.perf_counter(), time.process_time()
    with client.get(f"/page/{path}") as answer:
        answer.get_data()
    return (time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000, answer.status_code


def _pages_table(pages: dict[str, tuple[float, float, int]]) -> Table:
    title = f"Server-side time of the pages of all {len(pages):,} things of the bundled graph"
    table = Table("pages", title, ("ms", "p50", "p95", "max"))
    for name, values in zip(("wall", "CPU"), list(zip(*pages.values(), strict=True))[:2], strict=True):
        table.add(f"all pages, {name}", percentile(values, 0.5), percentile(values, 0.95), max(values))
    for path in sorted(pages, key=lambda path: -pages[path][1])[:SLOWEST]:
        table.add(f"most CPU: {path}", "", "", pages[path][1])
    counts = Counter(status for _, _, status in pages.values())
    table.notes.append(f"Status codes: {', '.join(f'{code}: {count:,}' for code, count in sorted(counts.items()))}.")
    over = sum(wall > PAGE_MILLISECONDS for wall, _, _ in pages.values())
    table.notes.append(f"{over:,} of {len(pages):,} pages take more than {PAGE_MILLISECONDS} ms.")
    table.goal("the slowest page, wall, ms", max(wall for wall, _, _ in pages.values()), PAGE_MILLISECONDS)
    table.goal("the page with most CPU, ms", max(cpu for _, cpu, _ in pages.values()), PAGE_MILLISECONDS)
    return table


def entity_paths(store: EmbeddedStore) -> list[str]:
    """Return the path behind `id/` of every thing of the default graph."""
    inside = (quad.subject for quad in store.quads() if isinstance(quad.graph_name, DefaultGraph))
    iris = {subject.value for subject in inside if isinstance(subject, NamedNode)}
    return sorted(iri.removeprefix(f"{BASE}id/") for iri in iris if iri.startswith(f"{BASE}id/"))


def startup(run: Run) -> Table:
    """Measure from `convocation serve` on an empty home to the first answered page."""
    walls, cpus = [], []
    for _run in range(STARTS):
        with TemporaryDirectory() as folder:
            begun = time.perf_counter()
            with ours(run.options.place, 9, Path(folder), BASE, {}) as server:
                _home_page(server.port)
                walls.append(time.perf_counter() - begun)
                cpus.append(server.cpu())
    title = f"From `convocation serve` on an empty home to the first answered page, {STARTS} runs"
    table = Table("startup", title, ("s", "min", "median", "max"))
    table.add("wall", *spread(walls))
    table.add("CPU", *spread(cpus))
    table.goal("median of wall, s", spread(walls)[1], START_SECONDS)
    return table


def _home_page(port: int) -> None:
    connection = HTTPConnection("127.0.0.1", port)
    connection.request("GET", "/")
    if (status := connection.getresponse().status) != HTTPStatus.OK:
        raise RuntimeError(f"The home page is answered by {status}.")
    connection.close()


def _command(*arguments: str) -> None:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("CONVOCATION_")}
    command = [sys.executable, "-P", "-m", "server", *arguments]
    subprocess.run(command, check=True, capture_output=True, env=environment)


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
