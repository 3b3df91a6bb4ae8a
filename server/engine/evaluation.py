"""Evaluates a query and sends its answer in blocks while it is serialized, within limits."""

import json
import socket
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import IO, cast

import msgspec
from pyoxigraph import NamedNode, QueryBoolean, QueryResultsFormat, QuerySolutions, RdfFormat, Triple, serialize

from graph.errors import ConvocationError, RemoteServiceError
from graph.serialization.wellformed import Xml, holding, refused
from graph.store import Results, Store
from graph.store.embedded import EmbeddedStore
from graph.system.room import is_of_disk, unread
from graph.terms import PREFIXES
from server.engine.failures import error_facts
from server.engine.frames import DATA, END, ERROR, HEAD, Frame, Head, Question, send
from server.engine.rows import Rows, counter

BLOCK = 1 << 16
HEADS = msgspec.msgpack.Encoder()
XML = ("xml", "rdf")
RESULTS = {
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
}


class SizeError(Exception):
    """The answer is larger than its limit."""


class RowsError(Exception):
    """The answer has more rows than its limit."""


@dataclass(frozen=True)
class Outcome:
    """The last frame, the frames before it, and whether the worker must end because of a fault."""

    kind: bytes
    body: bytes = b""
    is_fault: bool = False
    before: tuple[Frame, ...] = ()


@dataclass
class BlockWriter:
    """A file-like object that sends its data in blocks, after the head."""

    peer: socket.socket
    head: bytes
    size: int
    rows: Rows | None = None
    most: int = 0
    sent: int = 0
    xml: Xml | None = None
    waiting: bytearray = field(default_factory=bytearray)

    def write(self, data: bytes) -> int:
        """Keep data until a block is full, then send it; raise SizeError or RowsError beyond a limit."""
        self.waiting += data
        if self.size and self.sent + len(self.waiting) > self.size:
            raise SizeError
        if self.rows:
            self.rows.add(data)
            if self.rows.count > self.most:
                raise RowsError
        if len(self.waiting) >= BLOCK:
            *before, (kind, body) = self.rest()
            send(self.peer, kind, body, before)
        return len(data)

    def flush(self) -> None:
        """Do nothing: what is left when the engine is done is sent with the end of the answer."""

    def rest(self) -> tuple[Frame, ...]:
        """Return the frames that are not sent yet."""
        frames = [(HEAD, self.head)] if self.head else []
        if self.waiting:
            self.sent += len(self.waiting)
            frames.append((DATA, self.taken()))
        self.head = b""
        return tuple(frames)

    def taken(self) -> bytes:
        """Take the bytes that are not sent yet; raise FormError if they are not well-formed XML."""
        data = self.xml.checked(bytes(self.waiting)) if self.xml else bytes(self.waiting)
        self.waiting.clear()
        return data


def evaluate(store: Store, version: int, question: Question, text: str, peer: socket.socket) -> Outcome:
    """Evaluate the text of a question on a store and send the answer, but for its last block and its end."""
    store = EmbeddedStore.memory(()) if question.check else store
    results = store.query(
        text,
        default_graphs=_graphs(question.default_graphs),
        named_graphs=_graphs(question.named_graphs),
        base=question.base,
    )
    is_graph = not isinstance(results, QueryBoolean | QuerySolutions)
    wanted = question.graph if is_graph else question.results
    if wanted is None:
        return Outcome(ERROR, json.dumps({"kind": "media", "message": "graph" if is_graph else "results"}).encode())
    head = HEADS.encode(Head(version, is_graph))
    blocks = BlockWriter(peer, head, question.size)
    _serialize(results, wanted, blocks, question.rows)
    return Outcome(END, before=blocks.rest())


def _serialize(results: Results, wanted: str, blocks: BlockWriter, most: int) -> None:
    """Write at most `most` rows of results (0: all); raise FormError if the serialization cannot hold them."""
    file = cast("IO[bytes]", blocks)  # it has all that the engine calls: write and flush
    blocks.xml = Xml(wanted) if wanted in XML else None
    if not isinstance(results, QueryBoolean | QuerySolutions):
        triples = holding(_counted(results, most) if most else results, wanted)
        try:
            serialize(triples, file, format=RdfFormat.from_extension(wanted), prefixes=PREFIXES)
        except OSError as error:
            raise refused(error, wanted) from error
        return
    if most and isinstance(results, QuerySolutions):
        blocks.rows, blocks.most = counter(wanted), most
    results.serialize(file, format=RESULTS[wanted])


def _counted(triples: Iterable[Triple], most: int) -> Iterator[Triple]:
    for count, triple in enumerate(triples):
        if count >= most:
            raise RowsError
        yield triple


def _graphs(given: tuple[str, ...] | None) -> list[NamedNode] | None:
    return None if given is None else [NamedNode(each) for each in given]


def error_outcome(error: BaseException, peer: RemoteServiceError | None = None) -> Outcome:
    """Return the outcome of an error; if a remote endpoint failed, that is the cause to report."""
    is_fault = not isinstance(error, Exception | MemoryError)
    return Outcome(ERROR, json.dumps(_facts(peer or error)).encode(), is_fault or isinstance(error, MemoryError))


def _facts(error: BaseException) -> dict[str, object]:
    match error:
        case ConvocationError():
            return error_facts(error)
        case Exception() if is_of_disk(error):
            return error_facts(unread(error))
        case Exception():
            return {"kind": type(error).__name__, "message": f"The query cannot be answered: {error}."}
    return {"kind": "fault", "message": str(error)}
