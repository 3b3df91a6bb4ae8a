"""A cheap query: how many are answered in a second, and what CPU time one costs."""

import time
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from itertools import cycle, islice
from statistics import median

from benchmarks.client import Connection
from benchmarks.data import QUERIES, Data
from benchmarks.questions import varied
from benchmarks.report import Table
from benchmarks.rivals import NAMES, NATIVE_DISK, OURS_DISK, OURS_MEMORY, Run
from benchmarks.servers import Server
from graph.query import read_query

UNCACHED, CACHED = 8.0, 2.0
REQUESTS = 1600
KINDS = (("uncached", 1), ("uncached", 8), ("cached", 1), ("cached", 8))
Runs = dict[tuple[str, str, int], list[tuple[float, float]]]


def cheap(run: Run) -> Table:
    """Measure all triples of one person: another each time, and always the same."""
    runs: Runs = {}
    persons = _texts(run.graph)
    for _ in range(run.options.rounds):
        for kind, connections in KINDS:
            for name, server in run.servers.items():
                texts = persons[:1] * REQUESTS if kind == "cached" else [varied(each) for each in persons]
                runs.setdefault((name, kind, connections), []).append(_run(server, texts, connections))
    return _table(runs)


def _texts(graph: Data) -> list[str]:
    query = read_query(QUERIES / "cheap" / "person.rq")
    return [query.bind(person=person) for person in islice(cycle(graph.sample), REQUESTS)]


def _run(server: Server, texts: list[str], connections: int) -> tuple[float, float]:
    parts = [texts[number::connections] for number in range(connections)]
    _ask_all(server, texts[:20])
    before, begun = server.cpu(), time.perf_counter()
    with ThreadPoolExecutor(connections) as pool:
        list(pool.map(lambda part: _ask_all(server, part), parts))
    wall = time.perf_counter() - begun
    return len(texts) / wall, (server.cpu() - before) / len(texts) * 1000


def _ask_all(server: Server, texts: list[str]) -> None:
    link = Connection(server.port)
    for text in texts:
        reply = link.ask(server.path, text)
        if reply.status != HTTPStatus.OK:
            raise RuntimeError(f"{server.name} answers {reply.status} to a cheap query")
    link.close()


def _table(runs: Runs) -> Table:
    found = {key: tuple(median(values) for values in zip(*pairs, strict=True)) for key, pairs in runs.items()}
    table = Table("cheap", f"A cheap query, {REQUESTS:,} requests; requests/s / CPU ms each", ("kind", *NAMES))
    for kind, connections in KINDS:
        cells = [
            f"{found[name, kind, connections][0]:,.0f} / {found[name, kind, connections][1]:.3f}" for name in NAMES
        ]
        table.add(f"{kind}, {connections} connections", *cells)
    table.notes.append("The load comes from one Python process on the same cores, which bounds the requests/s.")
    for kind, goal in (("uncached", UNCACHED), ("cached", CACHED)):
        for name in (OURS_MEMORY, OURS_DISK):
            for connections in (1, 8):
                ratio = found[name, kind, connections][1] / found[NATIVE_DISK, kind, connections][1]
                table.goal(f"CPU of {name}, {kind}, {connections} connections, to native on disk", ratio, goal)
    return table
