"""Large results: 10,000 and 1,000,000 rows, to the first and the last byte, with what they cost the server."""

from http import HTTPStatus
from statistics import median

from benchmarks.processes import PeakMemory
from benchmarks.questions import varied
from benchmarks.report import Table
from benchmarks.rivals import NAMES, NATIVE_DISK, OURS_DISK, OURS_MEMORY, Run
from benchmarks.servers import Server

GOALS = {OURS_DISK: 1.1, OURS_MEMORY: 0.6}
FIRST_BYTE = 1.0
REPEATS = {"10,000 rows": 10, "1,000,000 rows": 1}
Cost = tuple[float, float, float, float, int]  # first byte s, total s, CPU s, memory MB, bytes


def rows(run: Run) -> Table:
    """Measure both results on the four servers, which take turns."""
    runs: dict[tuple[str, str], list[Cost]] = {}
    texts = {
        "10,000 rows": run.graph.texts()["names-10000"],
        "1,000,000 rows": run.graph.texts("large")["million-rows"],
    }
    for _ in range(run.options.rounds):
        for what, text in texts.items():
            for name, server in run.servers.items():
                runs.setdefault((what, name), []).append(_run(server, text, REPEATS[what]))
    return _table(runs)


def _run(server: Server, text: str, repeats: int) -> Cost:
    before = server.cpu()
    with PeakMemory(server.process.pid) as memory:
        replies = [server.ask(varied(text)) for _ in range(repeats)]
    cpu = (server.cpu() - before) / repeats
    last = replies[-1]
    first, total = median(each.first for each in replies), median(each.total for each in replies)
    if not all(each.whole and each.status == HTTPStatus.OK for each in replies):
        raise RuntimeError(f"{server.name} broke off: {last.status}, {last.size:,} bytes")
    return first, total, cpu, memory.growth / 2**20, last.size


def _table(runs: dict[tuple[str, str], list[Cost]]) -> Table:
    head = ("result", "server", "first byte ms", "total s", "CPU s", "memory MB", "MB sent", "CPU to native disk")
    table = Table("rows", "Large results as JSON", head)
    found = {key: tuple(median(values) for values in zip(*each, strict=True)) for key, each in runs.items()}
    for what in REPEATS:
        for name in NAMES:
            first, total, cpu, memory, size = found[what, name]
            ratio = cpu / found[what, NATIVE_DISK][2]
            table.add(what, name, first * 1000, total, cpu, memory, size / 1e6, ratio)
    table.notes.append("Memory is the most that all processes of the server took on together while it answered.")
    for name, goal in GOALS.items():
        kinds = ((1, "wall"), (2, "CPU"))
        for place, kind in kinds:
            ratio = found["10,000 rows", name][place] / found["10,000 rows", NATIVE_DISK][place]
            table.goal(f"10,000 rows, {kind}, {name}, to native on disk", ratio, goal)
        table.goal(f"1,000,000 rows, first byte, s, {name}", found["1,000,000 rows", name][0], FIRST_BYTE)
    return table
