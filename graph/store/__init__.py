"""Where the graph is asked: one protocol, whatever engine answers."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol

from pyoxigraph import NamedNode, QueryBoolean, QuerySolutions, Triple

from graph.errors import QueryError
from graph.store.embedded import EmbeddedStore
from graph.terms import Term

Results = QueryBoolean | QuerySolutions | Iterator[Triple]


class Store(Protocol):
    """A graph that can be asked in SPARQL 1.1."""

    def query(
        self,
        text: str,
        *,
        default_graphs: Iterable[NamedNode] | None = None,
        named_graphs: Iterable[NamedNode] | None = None,
        base: str | None = None,
    ) -> Results:
        """Return the results of a query of any form.

        Raises:
            QuerySyntaxError: the text is not SPARQL 1.1.
            QueryError: the query cannot be answered.
            StoreError: the store does not answer.
        """
        ...

    def graph_names(self) -> list[NamedNode]:
        """Return the names of the named graphs."""
        ...

    def has_graph(self, name: NamedNode) -> bool:
        """Return whether there is a named graph."""
        ...

    def blocks(self) -> Iterator[bytes]:
        """Yield all graphs as N-Quads, in blocks of bytes that end anywhere."""
        ...


def solutions(store: Store, text: str, what: str = "The query") -> QuerySolutions:
    """Return the results of a SELECT query; raise QueryError if the query is of another form."""
    results = store.query(text)
    if not isinstance(results, QuerySolutions):
        raise QueryError(f"{what} is not a SELECT query; make it one.")
    return results


def select(store: Store, text: str, what: str = "The query") -> Iterator[dict[str, Term]]:
    """Yield the rows of a SELECT query as IRIs and literals by variable; raise QueryError if it is of another form."""
    found = solutions(store, text, what)
    columns = [variable.value for variable in found.variables]
    for row in found:
        yield {name: term for name, term in zip(columns, row, strict=True) if isinstance(term, Term)}


def construct(store: Store, text: str) -> Iterator[Triple]:
    """Return the triples of a CONSTRUCT or DESCRIBE query; raise QueryError if the query is of another form."""
    results = store.query(text)
    if isinstance(results, QueryBoolean | QuerySolutions):
        raise QueryError("Only a CONSTRUCT or DESCRIBE query gives triples.")
    return results


def open_store(path: Path) -> Store:
    """Return the store in a folder, for reading."""
    return EmbeddedStore.open(path)
