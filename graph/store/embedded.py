"""The embedded store: pyoxigraph in a folder or in memory."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pyoxigraph import NamedNode, Quad, QueryBoolean, QuerySolutions, QueryTriples, Triple
from pyoxigraph import Store as Oxigraph

from graph.errors import QueryError, QuerySyntaxError, StoreError

POSITION = re.compile(r"error at (?P<line>\d+):(?P<column>\d+): (?P<words>.*)", re.DOTALL)


@dataclass(frozen=True)
class EmbeddedStore:
    """A pyoxigraph store; the default graph of a query is the store's own."""

    engine: Oxigraph

    @classmethod
    def open(cls, path: Path) -> Self:
        """Return the store in a folder, for reading.

        Raises:
            StoreError: there is no store in the folder, or it cannot be read.
        """
        try:
            return cls(Oxigraph.read_only(str(path)))
        except (OSError, ValueError) as error:
            raise StoreError(f"{path} holds no graph that can be read ({error}); build it again.") from error

    @classmethod
    def memory(cls, quads: Iterable[Quad]) -> Self:
        """Return a store in memory."""
        engine = Oxigraph()
        engine.bulk_extend(quads)
        return cls(engine)

    @staticmethod
    def write(path: Path, quads: Iterable[Quad]) -> None:
        """Write quads to a new store in a folder and order it for reading."""
        engine = Oxigraph(str(path))
        engine.bulk_extend(quads)
        engine.optimize()
        engine.flush()

    def query(
        self,
        text: str,
        *,
        default_graphs: Iterable[NamedNode] | None = None,
        named_graphs: Iterable[NamedNode] | None = None,
    ) -> QueryBoolean | QuerySolutions | QueryTriples:
        """Return the results of a query of any form.

        Raises:
            QuerySyntaxError: the text is not SPARQL 1.1.
            QueryError: the query cannot be answered.
        """
        try:
            return self.engine.query(
                text,
                default_graph=list(default_graphs) if default_graphs is not None else None,
                named_graphs=list(named_graphs) if named_graphs is not None else None,
            )
        except SyntaxError as error:
            raise _located(str(error)) from error
        except (RuntimeError, ValueError, OSError) as error:
            raise QueryError(f"The query cannot be answered: {error}.") from error

    def construct(self, text: str) -> Iterable[Triple]:
        """Return the triples of a CONSTRUCT or DESCRIBE query.

        Raises:
            QueryError: the query is of another form.
        """
        results = self.query(text)
        if not isinstance(results, QueryTriples):
            raise QueryError("Only a CONSTRUCT or DESCRIBE query gives triples.")
        return results

    def dump(self, path: Path) -> None:
        """Write all graphs as N-Quads, sorted, so that two dumps of one graph are the same file."""
        lines = sorted(f"{quad} .\n" for quad in self.engine)
        path.write_text("".join(lines), encoding="utf-8")

    def quads(self, subject: NamedNode | None = None) -> Iterable[Quad]:
        """Yield the quads of a subject, or all."""
        return self.engine.quads_for_pattern(subject, None, None, None)


def _located(message: str) -> QuerySyntaxError:
    found = POSITION.search(message)
    if not found:
        return QuerySyntaxError(f"This is not SPARQL 1.1: {message}.")
    line, column = int(found["line"]), int(found["column"])
    return QuerySyntaxError(f"This is not SPARQL 1.1: line {line}, column {column}: {found['words']}.", line, column)
