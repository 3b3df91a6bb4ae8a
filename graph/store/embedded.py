"""The embedded store: pyoxigraph in a folder or in memory."""

import os
import weakref
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, takewhile
from pathlib import Path
from threading import Thread
from typing import IO, Self

from pyoxigraph import DefaultGraph, NamedNode, Quad, QueryBoolean, QuerySolutions, QueryTriples, RdfFormat
from pyoxigraph import Store as Oxigraph
from pyoxigraph import Triple as AnyTriple

from graph.errors import PayloadError, QueryError, StoreError
from graph.policy import confine
from graph.store.copying import FORKING, copied
from graph.store.reading import Dataset
from graph.store.syntax import syntax_error
from graph.system.locks import hold
from graph.system.room import is_of_disk, unread
from graph.system.streams import BLOCK
from graph.terms import Term, Triple

AT_ONCE = 50_000  # quads in one block of a copy, which takes a quarter less memory at the peak than one block of all


@dataclass(frozen=True)
class EmbeddedStore:
    """A pyoxigraph store; the default graph of a query is the store's own."""

    engine: Oxigraph
    in_memory: bool = True

    @classmethod
    def open(cls, path: Path) -> Self:
        """Return the store in a folder, which stays while it is in use; raise StoreError if it cannot be read."""
        try:
            held = hold(path)
        except OSError as error:
            raise StoreError(f"{path} holds no graph that can be read ({error}); build it again.") from error
        try:
            store = cls(Oxigraph.read_only(str(path)), in_memory=False)
            weakref.finalize(store, os.close, held)
        except (OSError, ValueError, RuntimeError) as error:
            os.close(held)
            raise StoreError(f"{path} holds no graph that can be read ({error}); build it again.") from error
        return store

    @classmethod
    def memory(cls, quads: Iterable[Quad]) -> Self:
        """Return a store in memory."""
        return cls(extended(quads))

    @staticmethod
    def load(path: Path, file: IO[bytes]) -> None:
        """Read N-Quads into a new store in a folder and order it for reading.

        Raises:
            PayloadError: they are not well formed.
            OSError: the folder cannot be written; what reading the file raises is passed on.
        """
        engine = Oxigraph(str(path))
        try:
            engine.bulk_load(file, format=RdfFormat.N_QUADS)
        except SyntaxError as error:
            raise PayloadError(f"The N-Quads are not well formed: {error}.") from error
        engine.optimize()
        engine.flush()

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
        base: str | None = None,
    ) -> QueryBoolean | QuerySolutions | QueryTriples:
        """Return the results of a query of any form; a triple that several default graphs hold counts once.

        Raises:
            QuerySyntaxError: the text is not SPARQL 1.1.
            RefusedError: the engine would ask others.
            QueryError: the query cannot be answered.
            StoreError: the store cannot be read.
        """
        confine(text)
        given = Dataset.of(text, base, default_graphs, named_graphs)
        engine = self._merged(given) if given.merges else self.engine
        default = DefaultGraph() if given.merges else given.default
        try:
            return engine.query(text, base_iri=base, default_graph=default, named_graphs=given.named)
        except SyntaxError as error:
            raise syntax_error(str(error), text) from error
        except (RuntimeError, ValueError, OSError) as error:
            if is_of_disk(error):
                raise unread(error) from error
            raise QueryError(f"The query cannot be answered: {error}.") from error

    def _merged(self, given: Dataset) -> Oxigraph:
        """Return a store in memory whose default graph is the merge: the engine itself would count a triple twice."""
        engine = Oxigraph()
        for graph in given.default or ():
            quads = self.engine.quads_for_pattern(None, None, None, graph)
            engine.bulk_extend(Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
        for name in self.graph_names() if given.named is None else given.named:
            engine.bulk_extend(self.engine.quads_for_pattern(None, None, None, name))
        return engine

    def graph_names(self) -> list[NamedNode]:
        """Return the names of the named graphs."""
        return [name for name in self.engine.named_graphs() if isinstance(name, NamedNode)]

    def has_graph(self, name: NamedNode) -> bool:
        """Return whether there is a named graph, be it empty."""
        return self.engine.contains_named_graph(name)

    def blocks(self) -> Iterator[bytes]:
        """Yield all graphs as N-Quads, in blocks of bytes, while the engine writes them."""
        reading, writing = os.pipe()
        failures: list[BaseException] = []
        thread = Thread(target=self._send, args=(writing, failures), daemon=True)
        thread.start()
        with open(reading, "rb") as file:  # noqa: PTH123 - a descriptor
            while block := file.read(BLOCK):
                yield block
        thread.join()
        if failures:
            raise StoreError(f"The graph cannot be read to its end ({failures[0]}); build it again.")

    def _send(self, descriptor: int, failures: list[BaseException]) -> None:
        try:
            with open(descriptor, "wb", BLOCK >> 4) as file:
                self.engine.dump(file, format=RdfFormat.N_QUADS)
        except BrokenPipeError:
            pass  # the reader stopped
        except (OSError, ValueError, RuntimeError) as error:
            failures.append(error)

    def view(self) -> Self:
        """Return the default graph in memory, where scans of it are about five times as quick as on disk."""
        if self.in_memory:
            return self
        return type(self)(copied(self.engine, is_whole=False) or extended(self.default_quads()))

    def near(self, stopped: Callable[[], bool] = lambda: False) -> Self:
        """Return a copy in memory, in an order that suits queries; one that is stopped is not whole."""
        found = copied(self.engine, is_sorted=True, stopped=stopped)
        return type(self)(found or extended(takewhile(lambda _: not stopped(), self.quads())))

    def default_quads(self) -> Iterable[Quad]:
        """Yield the quads of the default graph."""
        return self.engine.quads_for_pattern(None, None, None, DefaultGraph())

    def quads(self, subject: NamedNode | None = None) -> Iterable[Quad]:
        """Yield the quads of a subject, or all; all come in the same order from every store."""
        return self.engine.quads_for_pattern(subject, None, None, None)

    def stating(self, subject: NamedNode | None, predicate: NamedNode | None, value: Term | None) -> Iterator[Triple]:
        """Yield the triples of all graphs that match, but for those of triple terms; None stands for anything."""
        yield from _plain(self.engine.quads_for_pattern(subject, predicate, value, None))

    def stating_here(self, subject: NamedNode | None = None, value: Term | None = None) -> Iterator[AnyTriple]:
        """Yield the triples of the default graph that match; None stands for anything."""
        found = self.engine.quads_for_pattern(subject, None, value, DefaultGraph())
        yield from (quad.triple for quad in found)

    def stating_in(self, graph: NamedNode) -> Iterator[Triple]:
        """Yield the triples of a named graph, but for those of triple terms."""
        yield from _plain(self.engine.quads_for_pattern(None, None, None, graph))

    def has(self, thing: NamedNode) -> bool:
        """Return whether the default graph states anything of a thing."""
        return any(self.engine.quads_for_pattern(thing, None, None, DefaultGraph()))

    def holds(self, quad: Quad) -> bool:
        """Return whether it has a quad."""
        return quad in self.engine


def _plain(quads: Iterable[Quad]) -> Iterator[Triple]:
    """Yield quads as triples, without those that say something of a triple (RDF 1.2)."""
    return (Triple.of(quad) for quad in quads if not isinstance(quad.object, AnyTriple))


def extended(quads: Iterable[Quad]) -> Oxigraph:
    """Return a store in memory that has quads."""
    engine, rest = Oxigraph(), iter(quads)
    while block := _read(rest):
        engine.bulk_extend(block)
    return engine


def _read(quads: Iterator[Quad]) -> list[Quad]:
    """Return the next quads, while no process is forked, which would inherit the locks of the store they come from."""
    with FORKING:
        return list(islice(quads, AT_ONCE))
