"""The web's side of the engine: asks a question, tells how it ended, and counts who waits."""

import json
import select
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass

import msgspec

from graph.errors import ConvocationError
from server.engine.failures import (
    BusyError,
    EngineError,
    LeftError,
    LimitError,
    MediaError,
    crash_error,
    memory_error,
    time_error,
    told_error,
)
from server.engine.lending import GONE, SLOW, Answered, Loan
from server.engine.wire import CRASH, DATA, END, ERROR, HEAD, STALE, Frame, Question, Receive, receive, send
from server.metrics import RUNNING, WAITING

__all__ = ["Answer", "BusyError", "Engine", "EngineError", "LeftError", "LimitError", "MediaError"]

PATIENCE = 5.0  # seconds that a new version may take to be opened


@dataclass
class Answer:
    """The head of an answer, and its body, which raises a LimitError where it is cut off.

    Who does not read the body to its end calls `close`, so that the next query gets its turn.
    """

    version: int
    is_graph: bool
    body: Iterator[bytes]
    close: Callable[[], None]


@dataclass(frozen=True)
class Lent:
    """What a worker answered at a client's connection, what is left to send, and why the next was not answered.

    One that `is_slow` was given up, and is to be asked again.
    """

    told: tuple[Answered, ...] = ()
    rest: bytes = b""
    error: ConvocationError | None = None
    is_slow: bool = False


@dataclass
class Engine:
    """The engine behind a socket; at most `queries` run for this process and `waiting` wait."""

    path: str
    queries: int
    waiting: int
    memory: int = 0

    def __post_init__(self) -> None:
        self._turns = threading.Semaphore(self.queries)
        self._places = threading.Semaphore(self.queries + self.waiting)

    def ask(self, question: Question, client: socket.socket | None = None) -> Answer:
        """Return the answer to a question, once its first bytes are there; give up when the client's socket is closed.

        Raises:
            LeftError: the client closed its connection.
            QueryError: the query is not SPARQL or cannot be answered.
            LimitError: it passed its time, memory or size, or too many wait.
            EngineError: the engine does not answer.
        """
        if not self._places.acquire(blocking=False):
            words = f"{self.waiting} queries wait already; ask again in some seconds."
            raise BusyError("CONVOCATION_WAITING", words, f"{self.waiting} queries")
        with WAITING.track_inprogress():
            if not self._turns.acquire(timeout=question.timeout):
                self._places.release()
                words = f"{self.queries} queries run, and none ended in time; ask again in some seconds."
                raise BusyError("CONVOCATION_QUERIES", words, f"{self.queries} queries")
        RUNNING.inc()
        exchange = _Exchange(self, question, client)
        try:
            return exchange.answer()
        except BaseException:
            exchange.close()
            raise

    def lend(self, loan: Loan, client: socket.socket) -> "Lent":
        """Let a worker answer at a client's connection while requests of a kind follow each other; nobody waits for it.

        Raises:
            EngineError: the engine does not answer.
        """
        if not self._places.acquire(blocking=False):
            return Lent()
        if not self._turns.acquire(blocking=False):
            self._places.release()
            return Lent()
        RUNNING.inc()
        exchange = _Exchange(self, loan.question, None)  # who looks for the client itself
        try:
            return exchange.lent(loan, client)
        finally:
            exchange.close()

    def leave(self) -> None:
        """Give the turn to the next."""
        RUNNING.dec()
        self._turns.release()
        self._places.release()


class _Exchange:
    """One question and its answer, over one connection."""

    def __init__(self, engine: Engine, question: Question, client: socket.socket | None) -> None:
        self.engine, self.question, self.client = engine, question, client
        self.asked = time.monotonic()
        self.peer: socket.socket | None = None
        self.frames: Iterator[Frame] = iter(())
        self.closed = False

    def answer(self) -> Answer:
        """Return the answer, from its head on."""
        kind, body = self._first()
        if kind != HEAD:
            raise self._failure(kind, body)
        head = json.loads(body)
        return Answer(head["version"], head["graph"], self._body(), self.close)

    def _first(self) -> Frame:
        """Return the first frame; a worker of an older version is asked again until its engine has followed."""
        deadline = time.monotonic() + PATIENCE
        while True:
            self._connect(lambda peer: send(peer, b"Q", self.question.encode()))
            kind, body = next(self.frames, (b"", b""))
            if kind != STALE:
                return kind, body
            if time.monotonic() > deadline:
                raise EngineError("The engine has not opened the current version yet; ask again.")
            time.sleep(0.005)

    def lent(self, loan: Loan, client: socket.socket) -> Lent:
        """Return what became of the connection of a client that is lent; the worker is told when the client leaves."""
        self._connect(lambda peer: loan.lend(peer, client))
        waiter = select.poll()
        waiter.register(self.peer or client, GONE)  # not for what is told, which would wake this thread each time
        waiter.register(client, GONE)
        ready = [number for number, _ in waiter.poll((self.question.timeout + PATIENCE) * 1000)]
        with suppress(OSError):
            if self.peer:
                self.peer.shutdown(socket.SHUT_WR)
        told: list[Answered] = []
        for kind, body in self.frames:
            if kind in (END, STALE):
                return Lent(tuple(told), body)
            if kind != DATA:
                return Lent(tuple(told), error=self._failure(kind, body))
            told.append(msgspec.msgpack.decode(body, type=Answered))
            self.asked = told[-1].ended
        if client.fileno() in ready:
            return Lent(tuple(told), error=LeftError("The client closed its connection before the answer came."))
        if time.monotonic() - self.asked >= SLOW:
            return Lent(tuple(told), is_slow=True)
        return Lent(tuple(told), error=self._failure(b"", b""))

    def _connect(self, ask: Callable[[socket.socket], None]) -> None:
        self._disconnect()
        self.asked = time.monotonic()  # before the worker's timer begins, so that none fires sooner by this clock
        self.peer = socket.socket(socket.AF_UNIX)
        self.peer.settimeout(self.question.timeout + PATIENCE)
        try:
            self.peer.connect(self.engine.path)
            ask(self.peer)
        except OSError as error:
            raise EngineError(
                "The engine of queries does not run at this moment; ask again in some seconds."
            ) from error
        self.frames = self._received(self.peer)

    def _received(self, peer: socket.socket) -> Iterator[Frame]:
        try:
            yield from receive(peer, self._patient(peer) if self.client else None)
        except OSError:
            return

    def _patient(self, peer: socket.socket) -> Receive:
        """Return what receives bytes of the worker, and looks whether the client is still there while it waits."""
        waiter = select.poll()
        waiter.register(peer, select.POLLIN)
        waiter.register(self.client or peer, GONE)
        most = (self.question.timeout + PATIENCE) * 1000

        def take(size: int) -> bytes:
            ready = [number for number, _ in waiter.poll(most)]
            if ready and peer.fileno() not in ready:
                raise LeftError("The client closed its connection before the answer came.")
            return peer.recv(size)

        return take

    def _body(self) -> Iterator[bytes]:
        try:
            for kind, body in self.frames:
                if kind == END:
                    return
                if kind != DATA:
                    raise self._failure(kind, body)
                yield body
            raise self._failure(b"", b"")
        finally:
            self.close()

    def _failure(self, kind: bytes, body: bytes) -> ConvocationError:
        """Return why there is no answer, or no more of it: what the worker told, or how it ended."""
        memory = self.engine.memory
        if kind == ERROR:
            return told_error(json.loads(body), self.question, memory)
        if kind == CRASH:
            return crash_error(body, memory)
        if time.monotonic() - self.asked >= self.question.timeout * 0.98:
            return time_error(self.question.timeout)
        return memory_error(memory)  # ended by the kernel, which is short of it

    def _disconnect(self) -> None:
        if self.peer:
            self.peer.close()

    def close(self) -> None:
        """End the exchange, whatever is left of it."""
        if not self.closed:
            self.closed = True
            self._disconnect()
            self.engine.leave()
