"""Examines a store that was changed by the rules, and brings its graph of findings up to date."""

from pyoxigraph import Quad

from graph.findings import Findings
from graph.names import Names
from graph.store.writable import WritableStore


def examine(store: WritableStore, names: Names) -> set[Quad]:
    """Bring the graph of findings of a store up to date; return the quads that came or went.

    The store on disk is asked, not a copy in memory: lists in sentences come in its order, the same each time.
    """
    graph = names.graph("findings")
    fresh = {Quad(*each, graph) for each in Findings(store.reading(), names).triples()}
    old = set(store.quads(graph.value))
    store.replace(old - fresh, fresh - old)
    store.flush()
    return old ^ fresh
