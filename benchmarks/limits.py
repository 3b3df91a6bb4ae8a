"""Runaway queries: how long after their limit each one is really over, beside the native server's own time-out."""

import time
from dataclasses import dataclass

from benchmarks.client import BrokenError, Connection
from benchmarks.questions import varied
from benchmarks.report import Table
from benchmarks.rivals import NATIVE_DISK, OURS_DISK, OURS_MEMORY, Run
from benchmarks.servers import Server, native

LIMIT, GRACE, PATIENCE = 2.0, 0.5, 10.0
BUSY = 0.3  # share of a core in use at which a query still runs


@dataclass(frozen=True)
class Ending:
    """How a runaway query ended: what the client saw, and the seconds until the server was at rest."""

    seen: str
    answered: float
    over: float

    def cell(self) -> str:
        """Return it as text."""
        over = f"over at {self.over:.2f} s" if self.over < PATIENCE else f"**still runs at {PATIENCE:g} s**"
        return f"{self.seen} at {self.answered:.2f} s, {over}"


def limits(run: Run) -> Table:
    """Ask one runaway query of each kind with a limit of 2 s; each one starts on a server at rest."""
    head = ("query", OURS_MEMORY, OURS_DISK, NATIVE_DISK)
    table = Table("limits", f"Runaway queries with a limit of {LIMIT:g} s", head)
    ours = [run.servers[name] for name in (OURS_MEMORY, OURS_DISK)]
    latest = 0.0
    for name, text in run.graph.texts("runaway").items():
        endings = [ending(server, text, timeout=f"{LIMIT:g}") for server in ours]
        latest = max(latest, *(max(each.answered, each.over) for each in endings))
        with native(run.options.place, 7, run.graph.copy, "--timeout-s", f"{LIMIT:.0f}") as server:
            endings.append(ending(server, text))
        table.add(name, *(each.cell() for each in endings))
    table.notes.append("A query is over when no process of its server is busy any more, seen to 0.1 s.")
    table.goal("the latest end of ours past the limit, s", latest - LIMIT, GRACE)
    return table


def ending(server: Server, text: str, **more: str) -> Ending:
    """Return how a query ends; one that does not is left to the end of its server."""
    link, begun = Connection(server.port, PATIENCE), time.perf_counter()
    try:
        reply = link.ask(server.path, varied(text), keep=False, **more)
        seen = str(reply.status) if reply.whole else f"{reply.status}, broken off"
    except (BrokenError, OSError):
        seen = "no answer"
    answered = time.perf_counter() - begun
    link.close()
    return Ending(seen, answered, _rest(server, begun))


def _rest(server: Server, begun: float) -> float:
    """Return the seconds from the beginning until the server is at rest, or the patience."""
    while (now := time.perf_counter() - begun) < PATIENCE:
        before = server.cpu()
        time.sleep(0.1)
        if server.cpu() - before < BUSY * 0.1:
            return now
    return PATIENCE
