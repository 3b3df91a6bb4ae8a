"""The pages of a large graph by kind: things chosen evenly, and those with the most triples that point to them."""

import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import NamedNode

from benchmarks.bundled import BASE, PAGE_MILLISECONDS, page
from benchmarks.report import Table, percentile
from benchmarks.rivals import Run
from graph.settings import Settings
from graph.store.embedded import EmbeddedStore
from graph.terms import CVN
from graph.versions.home import Home
from server.application import create_app
from server.warming import ready

EVENLY, HEAVIEST = 80, 10  # things of each kind
POINTING = (CVN.author, CVN.edition, CVN.paper, CVN.affiliation, CVN.person, CVN.series, CVN.source, CVN.topic)
Times = dict[str, list[float]]


def kinds(run: Run) -> Table:
    """Measure pages of each kind, the first visit of each, of the bundled graph with all paper lists."""
    home = imported(run.options.scratch / "imported", run.options.lists)
    version = Home(home).needed()
    paths = chosen(EmbeddedStore.open(version.store))
    app = ready(create_app(Settings(home=str(home), base=BASE, access_log="no")))
    times: Times = defaultdict(list)
    codes = Counter[int]()
    slowest: list[tuple[float, str]] = []
    with app.test_client() as client:
        for path in paths:
            wall, _, status = page(client, path)
            times[path.partition("/")[0]].append(wall)
            slowest.append((wall, path))
            codes[status] += 1
    return _table(times, codes, sorted(slowest, reverse=True)[:10], version.counts["papers"])


def imported(home: Path, lists: Path) -> Path:
    """Return a home with all paper lists, which is made once."""
    if not (home / "current").exists():
        for command in (["build"], ["import", "paperlists", str(lists)]):
            whole = [sys.executable, "-P", "-m", "server", *command, "--home", str(home)]
            subprocess.run(whole, check=True, stdout=subprocess.DEVNULL)
    return home


def chosen(store: EmbeddedStore) -> list[str]:
    """Return the paths of things of each kind below `id/`, from end to end and the most pointed to."""
    start = f"{BASE}id/"
    by_kind: dict[str, list[str]] = defaultdict(list)
    for path in sorted(each.removeprefix(start) for each in _subjects(store) if each.startswith(start)):
        by_kind[path.partition("/")[0]].append(path)
    pointing = (quad.object for prop in POINTING for quad in store.engine.quads_for_pattern(None, prop, None))
    pointed = Counter(each.value for each in pointing if isinstance(each, NamedNode))
    found: dict[str, None] = {}
    for paths in by_kind.values():
        found.update(dict.fromkeys(paths[:: max(1, len(paths) // EVENLY)]))
        found.update(dict.fromkeys(sorted(paths, key=lambda path: -pointed[start + path])[:HEAVIEST]))
    return list(found)


def _subjects(store: EmbeddedStore) -> Iterator[str]:
    last = None
    for quad in store.default_quads():
        if quad.subject != last and isinstance(quad.subject, NamedNode):
            last = quad.subject
            yield last.value


def _table(times: Times, codes: Counter[int], slowest: list[tuple[float, str]], papers: int) -> Table:
    count = sum(map(len, times.values()))
    title = f"Server-side time of {count:,} pages of a graph with {papers:,} papers, the first visit of each"
    table = Table("kinds", title, ("ms, wall", "pages", "p50", "p95", "max"))
    for kind, walls in sorted({**times, "all": [wall for each in times.values() for wall in each]}.items()):
        table.add(kind, len(walls), percentile(walls, 0.5), percentile(walls, 0.95), max(walls))
    for wall, path in slowest:
        table.add(f"slowest: {path}", 1, "", "", wall)
    table.notes.append(f"Status codes: {', '.join(f'{code}: {number:,}' for code, number in sorted(codes.items()))}.")
    for kind, walls in sorted(times.items()):
        table.goal(f"{kind}, p95, ms", percentile(walls, 0.95), PAGE_MILLISECONDS)
    return table
