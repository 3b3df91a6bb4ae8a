"""The 20 queries, one after the other and at 8 connections, beside the native server."""

import json
import random
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http import HTTPStatus
from itertools import count
from statistics import median

from benchmarks.client import Connection
from benchmarks.processes import TICKS
from benchmarks.report import Table, geometric_mean
from benchmarks.rivals import NAMES, NATIVE_DISK, OURS_DISK, OURS_MEMORY, Run
from benchmarks.servers import Server

MEMORY_RATIO, DISK_RATIO = 2.0, 0.85
CONNECTIONS, SHARE = 8, 0.4  # seconds that one query is repeated for in a round, at least once
Costs = dict[tuple[str, str], tuple[float, float]]
_number = count()


def varied(text: str) -> str:
    """Return a query that was never asked before, so that no cache answers it."""
    return f"{text}\n# {next(_number)}"


def queries(run: Run) -> list[Table]:
    """Measure the queries in sequence and at 8 connections, the servers taking turns."""
    graph, servers, rounds = run.graph, run.servers, run.options.rounds
    texts = graph.texts()
    counts = {name: {each: _rows(server, text) for each, text in texts.items()} for name, server in servers.items()}
    times = {each: _times(servers[NATIVE_DISK], text) for each, text in texts.items()}
    costs = _in_sequence(servers, texts, times, rounds)
    sequence = _sequence_table(costs, counts, f"{graph.facts['papers']:,} papers, {graph.facts['quads']:,} quads")
    return [sequence, _at_once(servers, texts, rounds)]


def _rows(server: Server, text: str) -> int:
    """Return how many rows or triples a query gives."""
    reply = server.ask(varied(text), keep=True)
    if reply.status != HTTPStatus.OK or not reply.whole:
        raise RuntimeError(f"{server.name} answers {reply.status} to: {text}")
    if reply.body.startswith(b"{"):
        return len(json.loads(reply.body)["results"]["bindings"])
    return reply.body.count(b"\n")


def _times(server: Server, text: str) -> int:
    return max(1, min(50, int(SHARE / server.ask(varied(text)).total)))


def _in_sequence(servers: dict[str, Server], texts: dict[str, str], times: dict[str, int], rounds: int) -> Costs:
    found: dict[tuple[str, str], list[tuple[float, float]]] = {}
    links = {name: Connection(server.port) for name, server in servers.items()}
    for _ in range(rounds):
        for each, text in texts.items():
            for name, server in servers.items():
                asked = [varied(text) for _ in range(times[each])]
                before = server.cpu()
                walls = [links[name].ask(server.path, one).total for one in asked]
                cpu = max(server.cpu() - before, 1 / TICKS) / len(asked)
                found.setdefault((name, each), []).append((min(walls), cpu))
    return {key: (median(wall for wall, _ in runs), median(cpu for _, cpu in runs)) for key, runs in found.items()}


def _sequence_table(costs: Costs, counts: dict[str, dict[str, int]], what: str) -> Table:
    head = ("query; ms wall / CPU", *NAMES, "rows", "memory ratio", "disk ratio")
    table = Table("queries", f"20 queries in sequence ({what})", head)
    queries_ = [each for name, each in costs if name == NATIVE_DISK]
    for each in queries_:
        cells = [f"{costs[name, each][0] * 1000:.2f} / {costs[name, each][1] * 1000:.1f}" for name in NAMES]
        memory, disk = (costs[NATIVE_DISK, each][0] / costs[name, each][0] for name in (OURS_MEMORY, OURS_DISK))
        table.add(each, *cells, counts[OURS_DISK][each], memory, disk)
    table.notes.append("Ratio: wall time of native on disk divided by ours; above 1 ours is faster.")
    for name in NAMES:
        wall, cpu = (sum(costs[name, each][kind] for each in queries_) for kind in (0, 1))
        table.notes.append(f"Sum of all 20, {name}: {wall:.2f} s wall, {cpu:.2f} s CPU.")
    table.notes += [
        f"**{each} gives {counts[name][each]:,} rows from {name}.**"
        for name in NAMES
        for each in queries_
        if counts[name][each] != counts[NATIVE_DISK][each]
    ]
    for name, goal in ((OURS_MEMORY, MEMORY_RATIO), (OURS_DISK, DISK_RATIO)):
        for kind, unit in enumerate(("wall", "CPU")):
            means = [costs[NATIVE_DISK, each][kind] / costs[name, each][kind] for each in queries_]
            table.goal(f"geometric mean of {unit}, {name}", geometric_mean(means), goal, least=True)
    return table


def _at_once(servers: dict[str, Server], texts: dict[str, str], rounds: int) -> Table:
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in servers}
    for _ in range(max(1, rounds // 2)):
        for name, server in servers.items():
            before, begun = server.cpu(), time.perf_counter()
            with ThreadPoolExecutor(CONNECTIONS) as pool:
                list(pool.map(partial(_all, server, texts), range(CONNECTIONS)))
            found[name].append((time.perf_counter() - begun, server.cpu() - before))
    table = Table(
        "at-once",
        f"The same at {CONNECTIONS} connections, each in an order of its own",
        ("server", "wall s", "CPU s", "queries/s", "native disk / this, wall"),
    )
    native = median(wall for wall, _ in found[NATIVE_DISK])
    for name in NAMES:
        wall, cpu = (median(values) for values in zip(*found[name], strict=True))
        table.add(name, wall, cpu, CONNECTIONS * len(texts) / wall, native / wall)
    return table


def _all(server: Server, texts: dict[str, str], seed: int) -> None:
    link, order = Connection(server.port), list(texts.values())
    random.Random(seed).shuffle(order)  # noqa: S311 - an order, not a secret
    for text in order:
        reply = link.ask(server.path, varied(text))
        if reply.status != HTTPStatus.OK or not reply.whole:
            raise RuntimeError(f"{server.name} answers {reply.status} at {CONNECTIONS} connections to: {text}")
    link.close()
