"""Search by name: how long the index of a version takes to make, and a search and a suggestion to find."""

import itertools
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import closing

from benchmarks.report import Table, percentile
from benchmarks.rivals import Run
from graph.indexes.search import SearchIndex
from graph.indexes.search_writer import write_index
from graph.settings import Settings
from graph.store.embedded import EmbeddedStore
from server.application import create_app

SEARCH_MILLISECONDS, SUGGEST_MILLISECONDS, INDEX_SECONDS = 20, 10, 30
TEXTS = 300  # names at even distances, each cut in several ways
CUTS: dict[str, Callable[[str], str]] = {
    "a whole name": lambda name: name,
    "its longest word": lambda name: max(name.split(), key=len),
    "the first three letters": lambda name: name[:3],
    "the first letter": lambda name: name[:1],
    "a misspelled word": lambda name: max(name.split(), key=len)[:-2] + "qz",
}


def search(run: Run) -> list[Table]:
    """Measure the index of the graph, the pages that ask it, and what queries take for the same."""
    version = run.graph.home.needed()
    store = EmbeddedStore.open(version.store)
    begun, cpu = time.perf_counter(), time.process_time()
    path = write_index(store, version.folder)
    wall, cpu = time.perf_counter() - begun, time.process_time() - cpu
    made = Table("index", f"The search index of {run.graph.facts['papers']:,} papers", ("", "s", "MB"))
    made.add("made from the store on disk, wall", wall, path.stat().st_size / 1e6)
    made.add("CPU", cpu, "")
    made.goal("made, CPU, s", cpu, INDEX_SECONDS)
    return [made, _found(run, SearchIndex(path), store)]


def _found(run: Run, index: SearchIndex, store: EmbeddedStore) -> Table:
    head = ("asked for", "search p50 ms", "p95", "suggest p50 ms", "p95")
    table = Table("search", "Searching by name, CPU of the whole answer by Flask's test client", head)
    names = _names(index)
    app = create_app(Settings(home=str(run.graph.home.folder), base=run.graph.base, access_log="no"))
    every: list[tuple[list[float], list[float]]] = []
    with app.test_client() as client:
        for what, cut in CUTS.items():
            texts = [cut(name) for name in names]
            pair = [_timed(lambda text, path=path: client.get(path, query_string={"q": text}), texts) for path in PATHS]  # type: ignore[misc]
            every.append((pair[0], pair[1]))
            table.add(what, *(percentile(times, share) for times in pair for share in (0.5, 0.95)))
    search_times, suggest_times = (list(itertools.chain(*times)) for times in zip(*every, strict=True))
    for name in ("title-search", "label-prefix"):
        text = run.graph.texts()[name]
        table.notes.append(
            f"The query {name}.rq on the same store on disk takes {_timed(_asks(store), [text])[0]:,.0f} ms of CPU."
        )
    table.goal("search, p95 of all, CPU, ms", percentile(search_times, 0.95), SEARCH_MILLISECONDS)
    table.goal("suggest, p95 of all, CPU, ms", percentile(suggest_times, 0.95), SUGGEST_MILLISECONDS)
    return table


PATHS = ("/search", "/search/suggest")


def _asks(store: EmbeddedStore) -> Callable[[str], object]:
    return lambda text: sum(1 for _ in store.query(text))  # type: ignore[union-attr,misc]


def _names(index: SearchIndex) -> list[str]:
    """Return names at even distances."""
    with closing(sqlite3.connect(index.path)) as database:
        names = [row[0] for row in database.execute("SELECT plain FROM names WHERE plain <> '' ORDER BY id")]
    return names[:: max(1, len(names) // TEXTS)]


def _timed(ask: Callable[[str], object], texts: Sequence[str]) -> list[float]:
    """Return the milliseconds of CPU of each text."""
    found = []
    for text in texts:
        begun = time.process_time()
        ask(text)
        found.append((time.process_time() - begun) * 1000)
    return found
