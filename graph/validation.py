"""Checks a graph that was changed, as a build checks the one it made."""

from pyoxigraph import NamedNode

from graph.build import Graph, check_graph
from graph.errors import ShapeError
from graph.names import Names
from graph.store.writable import WritableStore
from graph.terms import Triple


def validate(store: WritableStore, base: str) -> None:
    """Check a changed graph: its resolved view, the statements of its sources, and the decisions.

    Raises:
        ShapeError: it breaks a shape, or has a blank node, which no shape could name.
    """
    try:
        view = frozenset(map(Triple.of, store.quads(None)))
        names = [each for each in store.named_graphs() if isinstance(each, NamedNode)]
        named = {each: frozenset(map(Triple.of, store.quads(each.value))) for each in names}
    except ValueError as error:
        raise ShapeError(str(error), 1) from error
    check_graph(Graph(view, {Names(base).graph("curation"): frozenset[Triple]()} | named))
