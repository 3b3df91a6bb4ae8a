"""Examines a store that was changed by the rules, and brings its graph of findings up to date."""

from collections.abc import Iterable

from pyoxigraph import Quad

from graph.names import Names
from graph.rules.findings import Findings
from graph.rules.renewal import IncrementalFindings
from graph.store.writable import WritableStore
from graph.terms import Triple
from graph.versions.transition import Transition


def examine(store: WritableStore, names: Names, change: Transition | None = None) -> set[Quad]:
    """Bring the graph of findings up to date, only where a known change reaches; return the quads that came or went."""
    graph = names.graph("findings")
    fresh = {Quad(*each, graph) for each in _found(Findings(store.reading(), names), change)}
    old = set(store.quads(graph.value))
    store.replace(old - fresh, fresh - old)
    store.flush()
    return old ^ fresh


def _found(after: Findings, change: Transition | None) -> Iterable[Triple]:
    if change is None:
        return after.triples()
    return IncrementalFindings.of(Findings(change.before, after.names), after, change.quads).triples()
