"""The numbers of the served version: those kept with it, or else counted if it is small."""

from flask import g

from graph.indexes.statistics import Statistics
from server.display.asking import remembered
from server.http.serving import SMALL


def numbers() -> Statistics | None:
    """Return the numbers of the served version; one too large to be counted in a second may have none yet."""
    kept = _kept()
    if not kept and (found := Statistics.read(g.served.version.folder) or _counted()):
        kept.append(found)
    return kept[0] if kept else None


@remembered
def _kept() -> list[Statistics]:
    """Return a list that holds the numbers of the version once they are known."""
    return []


def _counted() -> Statistics | None:
    small = g.served.version.counts.get("quads", SMALL) < SMALL
    return Statistics.of(g.served.near) if small else None
