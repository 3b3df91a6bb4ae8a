"""The 20 queries on a small graph, beside rdflib-endpoint: a server of SPARQL in Python with rdflib's own store."""

import sys
from pathlib import Path

from benchmarks.client import BrokenError, Connection
from benchmarks.data import made
from benchmarks.questions import varied
from benchmarks.report import Table, geometric_mean
from benchmarks.rivals import Run
from benchmarks.servers import ours, running

PAPERS, PATIENCE = 1000, 60.0  # papers of the graph, and seconds that one query may take
ROUNDS, RATIO = 3, 5.0
DEFAULT: dict[str, str] = {}  # settings


def rdflib(run: Run) -> Table:
    """Measure the least wall time of each query of three, the servers taking turns."""
    options = run.options
    graph = made(options.scratch, options.lists, options.base, PAPERS)
    port, log = options.place.port + 5, options.place.folder / "rdflib-5.log"
    command = [str(Path(sys.executable).with_name("rdflib-endpoint")), "serve", "--host", "127.0.0.1"]
    theirs = running(("rdflib-endpoint", port, "/"), [*command, "--port", str(port), str(graph.quads)], log)
    with theirs as peer, ours(options.place, 6, graph.home.folder, graph.base, DEFAULT) as own:
        own.settle()
        links = {server.name: (Connection(server.port, PATIENCE), server.path) for server in (own, peer)}
        times: dict[str, dict[str, float | None]] = {}
        for each, text in graph.texts().items():
            times[each] = {name: _least(link, path, text) for name, (link, path) in links.items()}
    return _table(times, own.name, int(str(graph.facts["quads"])))


def _least(link: Connection, path: str, text: str) -> float | None:
    """Return the least time of an answer, or None where there is none in time, or an error."""
    found = []
    for _ in range(ROUNDS):
        try:
            reply = link.ask(path, varied(text))
        except (OSError, BrokenError):
            link.close()
            return None
        if not 200 <= reply.status < 300:  # noqa: PLR2004 - a success
            return None
        found.append(reply.total)
    return min(found)


def _table(times: dict[str, dict[str, float | None]], own: str, quads: int) -> Table:
    table = Table(
        "rdflib", f"The 20 queries on {PAPERS:,} papers ({quads:,} quads)", ("ms", own, "rdflib-endpoint", "ratio")
    )
    ratios = []
    for each, found in times.items():
        mine, other = found[own], found["rdflib-endpoint"]
        ratio = other / mine if mine and other else None
        ratios += [ratio] if ratio else []
        table.add(each, *(f"{time * 1000:.2f}" if time else "no answer" for time in (mine, other)), ratio or "")
    table.notes.append(f"No answer: an error, or none within {PATIENCE:.0f} s.")
    table.notes.append(f"Geometric mean of the ratios: {geometric_mean(ratios):.1f}.")
    table.goal("the least ratio", min(ratios), RATIO, least=True)
    return table
