"""The bundled graph: the time of its build, of every page, and of a start on an empty home."""

import os
import resource
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from pyoxigraph import DefaultGraph, NamedNode

from benchmarks.report import Table, percentile, spread
from benchmarks.rivals import Run
from benchmarks.servers import ours
from graph.settings import Settings
from graph.store.embedded import EmbeddedStore
from graph.versions import Home
from server import create_app

BUILD_SECONDS, PAGE_MILLISECONDS, START_SECONDS = 5, 50, 10
BUILDS, STARTS, SLOWEST = 5, 3, 5
BASE = "http://127.0.0.1:5000/"


def build(_: Run) -> Table:
    """Measure `convocation build` of the bundled data, as a command and as the build itself tells."""
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
        app = create_app(Settings(home=folder, base=BASE))
        times: dict[str, float] = {}
        statuses: dict[int, int] = {}
        with app.test_client() as client:
            client.get(f"/page/{paths[0]}")  # templates are compiled once
            for path in paths:
                begun = time.perf_counter()
                with client.get(f"/page/{path}") as answer:
                    answer.get_data()
                times[path] = (time.perf_counter() - begun) * 1000
                statuses[answer.status_code] = statuses.get(answer.status_code, 0) + 1
    return _pages_table(times, statuses)


def _pages_table(times: dict[str, float], statuses: dict[int, int]) -> Table:
    values = list(times.values())
    title = f"Server-side time of the pages of all {len(values):,} things of the bundled graph"
    table = Table("pages", title, ("ms", "p50", "p95", "max"))
    table.add("all pages", percentile(values, 0.5), percentile(values, 0.95), max(values))
    for path in sorted(times, key=lambda path: -times[path])[:SLOWEST]:
        table.add(f"slowest: {path}", "", "", times[path])
    table.notes.append(f"Status codes: {', '.join(f'{code}: {count:,}' for code, count in sorted(statuses.items()))}.")
    over = sum(value > PAGE_MILLISECONDS for value in values)
    table.notes.append(f"{over:,} of {len(values):,} pages take more than {PAGE_MILLISECONDS} ms.")
    table.goal("the slowest page, ms", max(values), PAGE_MILLISECONDS)
    return table


def entity_paths(store: EmbeddedStore) -> list[str]:
    """Return the path behind `id/` of every thing of the default graph."""
    inside = (quad.subject for quad in store.quads() if isinstance(quad.graph_name, DefaultGraph))
    iris = {subject.value for subject in inside if isinstance(subject, NamedNode)}
    return sorted(iri.removeprefix(f"{BASE}id/") for iri in iris if iri.startswith(f"{BASE}id/"))


def startup(run: Run) -> Table:
    """Measure from `convocation serve` on an empty home to the first answered page."""
    walls = []
    for _run in range(STARTS):
        with TemporaryDirectory() as folder:
            begun = time.perf_counter()
            with ours(run.options.place, 9, Path(folder), BASE, {}):
                walls.append(time.perf_counter() - begun)
    title = f"From `convocation serve` on an empty home to the first answered page, {STARTS} runs"
    table = Table("startup", title, ("s", "min", "median", "max"))
    table.add("wall", *spread(walls))
    table.goal("median, s", spread(walls)[1], START_SECONDS)
    return table


def _command(*arguments: str) -> None:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("CONVOCATION_")}
    command = [sys.executable, "-m", "server", *arguments]
    subprocess.run(command, check=True, capture_output=True, env=environment)


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
