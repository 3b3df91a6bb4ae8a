"""Where the graph is asked: one protocol, whatever engine answers."""

from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions, QueryTriples

from graph.store.embedded import EmbeddedStore

Results = QueryBoolean | QuerySolutions | QueryTriples


class Store(Protocol):
    """A graph that can be asked in SPARQL 1.1."""

    def query(
        self,
        text: str,
        *,
        default_graphs: Iterable[NamedNode] | None = None,
        named_graphs: Iterable[NamedNode] | None = None,
    ) -> Results:
        """Return the results of a query of any form.

        Raises:
            QuerySyntaxError: the text is not SPARQL 1.1.
        """
        ...

    def dump(self, path: Path) -> None:
        """Write all graphs as N-Quads."""
        ...


def open_store(path: Path) -> Store:
    """Return the store in a folder, for reading."""
    return EmbeddedStore.open(path)
