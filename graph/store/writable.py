"""The embedded store for writing: one process has it open, and takes versions from it by hard links."""

import gc
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, RdfFormat, parse
from pyoxigraph import Store as Oxigraph
from typing_extensions import Buffer

from graph.errors import PayloadError, QueryError
from graph.policy import confine
from graph.serialization.reading import reason, unmarked
from graph.store.embedded import EmbeddedStore
from graph.store.syntax import syntax_error
from graph.system.room import is_of_disk, unwritten

LARGE = 4 << 20  # bytes from which on loading by files is quicker than by a transaction
FORMATS = {"ttl": RdfFormat.TURTLE, "nt": RdfFormat.N_TRIPLES, "rdf": RdfFormat.RDF_XML, "jsonld": RdfFormat.JSON_LD}


@dataclass(frozen=True)
class WritableStore:
    """A pyoxigraph store that can be changed; None stands for its default graph."""

    engine: Oxigraph

    @classmethod
    def copy(cls, source: Path, place: Path) -> Self:
        """Copy a published store into a new folder; raise StoreError if one cannot be read or the other not written."""
        try:
            Oxigraph.read_only(str(source)).backup(str(place))
            return cls(Oxigraph(str(place)))
        except (OSError, ValueError, RuntimeError) as error:
            raise unwritten(f"A copy of {source} at {place}", error) from error

    @classmethod
    def open(cls, place: Path) -> Self:
        """Return the store in a folder; raise StoreError if it cannot be written."""
        try:
            return cls(Oxigraph(str(place)))
        except (OSError, ValueError, RuntimeError) as error:
            raise unwritten(place, error) from error

    @classmethod
    def memory(cls, quads: Iterable[Quad]) -> Self:
        """Return a store in memory."""
        engine = Oxigraph()
        engine.extend(quads)
        return cls(engine)

    def reading(self) -> EmbeddedStore:
        """Return the store for asking."""
        return EmbeddedStore(self.engine, in_memory=False)

    def update(self, text: str, base: str) -> None:
        """Apply a SPARQL update, wholly or not at all.

        Raises:
            QuerySyntaxError: the text is not a SPARQL 1.1 update; nothing has changed.
            RefusedError: the engine would ask others.
            QueryError: an operation failed.
            StoreError: the store cannot be written.
        """
        confine(text)
        try:
            self.engine.update(text, base_iri=base)
        except SyntaxError as error:
            raise syntax_error(str(error), text) from error
        except (RuntimeError, ValueError, OSError) as error:
            if is_of_disk(error):
                raise unwritten("The graph in the home folder", error) from error
            raise QueryError(f"The update failed, and nothing was changed: {error}.") from error

    def load(self, data: bytes, suffix: str, base: str, graph: str | None) -> None:
        """Read a serialization into a graph; raise PayloadError if it is malformed, StoreError if the disk fails."""
        form, data = FORMATS[suffix], unmarked(data)
        try:
            if form == RdfFormat.JSON_LD:  # the one that can hold other graphs
                quads = parse(data, format=form, base_iri=base, without_named_graphs=True, rename_blank_nodes=True)
                self.engine.extend(Quad(each.subject, each.predicate, each.object, name(graph)) for each in quads)
            else:
                load = self.engine.bulk_load if len(data) > LARGE else self.engine.load
                load(data, format=form, base_iri=base, to_graph=name(graph))
        except (SyntaxError, ValueError) as error:
            raise PayloadError(f"The graph that was sent is not well formed: {reason(error)}.") from error
        except OSError as error:
            raise unwritten("The graph in the home folder", error) from error

    def has_graph(self, graph: str | None) -> bool:
        """Return whether there is a graph; the default graph is always there."""
        return graph is None or self.engine.contains_named_graph(NamedNode(graph))

    def add_graph(self, graph: str | None) -> None:
        """Make a graph, be it empty."""
        if graph is not None:
            self.engine.add_graph(NamedNode(graph))

    def remove_graph(self, graph: str | None) -> None:
        """Remove a graph; the default graph is emptied."""
        self.engine.remove_graph(name(graph))

    def named_graphs(self) -> Iterable[NamedNode | BlankNode]:
        """Yield the names of the named graphs."""
        return self.engine.named_graphs()

    def quads(self, graph: str | None) -> Iterable[Quad]:
        """Yield the quads of a graph."""
        return self.engine.quads_for_pattern(None, None, None, name(graph))

    def replace(self, old: Iterable[Quad], new: Iterable[Quad]) -> None:
        """Take some quads out and put others in."""
        for quad in old:
            self.engine.remove(quad)
        self.engine.extend(new)

    def change(self, removed: Iterable[str], added: Iterable[str]) -> None:
        """Take out some quads and put others in, given as lines of N-Quads."""
        for quad in quads(removed):
            self.engine.remove(quad)
        self.engine.extend(quads(added))

    def load_lines(self, parts: Iterable[bytes]) -> None:
        """Load N-Quads that are known to be well formed, by files; raise StoreError if they cannot be written."""
        try:
            self.engine.bulk_load(
                io.BufferedReader(Chain(iter(parts)), 1 << 20), format=RdfFormat.N_QUADS, lenient=True
            )
        except OSError as error:
            raise unwritten("The graph in the home folder", error) from error

    def optimize(self) -> None:
        """Order the store for reading."""
        self.engine.optimize()

    def flush(self) -> None:
        """Write all to the folder."""
        self.engine.flush()

    def is_empty(self) -> bool:
        """Return whether it has no quad."""
        return next(iter(self.engine), None) is None

    def count(self) -> int:
        """Return how many quads it has, by counting (0.8 µs each)."""
        return len(self.engine)

    def publish(self, place: Path) -> None:
        """Write what it holds now into a new folder, by hard links; raise StoreError if that cannot be written."""
        try:
            self.engine.backup(str(place))
        except OSError as error:
            raise unwritten(place, error) from error


class Chain(io.RawIOBase):
    """Some pieces of bytes as one file."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        self.parts, self.rest = parts, memoryview(b"")

    def readable(self) -> bool:
        """Return that it can be read."""
        return True

    def readinto(self, buffer: Buffer) -> int:
        """Fill a buffer, and return with how many bytes."""
        place = memoryview(buffer).cast("B")
        while not self.rest:
            try:
                self.rest = memoryview(next(self.parts))
            except StopIteration:
                return 0
        count = min(len(place), len(self.rest))
        place[:count] = self.rest[:count]
        self.rest = self.rest[count:]
        return count


def quads(lines: Iterable[str]) -> Iterator[Quad]:
    """Yield the quads of lines of N-Quads."""
    return parse("\n".join(lines), format=RdfFormat.N_QUADS)


def name(graph: str | None) -> NamedNode | DefaultGraph:
    """Return the engine's name of a graph."""
    return DefaultGraph() if graph is None else NamedNode(graph)


def let_go() -> None:
    """Close the stores that nothing uses any more, so that folders can be opened again: the engine has no close."""
    gc.collect()  # cycles may hold one
