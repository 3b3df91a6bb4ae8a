"""Asks the engine: shares its slots among clients, keeps connections to its workers, and says how a query ended."""

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

from graph.errors import ConvocationError
from server.engine.answer import Answer
from server.engine.caller import NOBODY, Caller
from server.engine.connection import WorkerConnection
from server.engine.exchange import QueryExchange, Slot
from server.engine.failures import BusyError, EngineError, LeftError, LimitError, MediaError
from server.engine.frames import Question
from server.engine.spool import Room
from server.engine.turns import NoPlaceError, Turns
from server.metrics import RUNNING, WAITING

__all__ = ["Answer", "BusyError", "Engine", "EngineError", "LeftError", "LimitError", "MediaError", "ThreadAnswer"]

PATIENCE = 5.0  # seconds that a new version may take to be opened, and a worker to end after its deadline
PAUSE = 0.005  # seconds before an older engine is asked again
TRIES = 200  # to connect
MOST_LOSSES = 3  # workers that may end under a question before it is blamed
WEIGHT = 3  # one client alone may run nine of twelve queries
T = TypeVar("T")


@dataclass(frozen=True)
class ThreadAnswer:
    """An answer as a thread reads it: `body` raises a LimitError if the answer is cut off."""

    version: int
    is_graph: bool
    body: Iterator[bytes]
    close: Callable[[], None]


@dataclass
class Engine:
    """The engine behind a Unix socket; at most `queries` run for this process, and `waiting` wait for their turn.

    `memory` (MB) is the limit that messages name; `spool` (MB) is how much of all answers may wait on disk for slow
    readers. `answer` is for the event loop in `loop`, `ask` for every other thread.
    """

    path: str
    queries: int
    waiting: int
    memory: int = 0
    spool: int = 1000
    loop: asyncio.AbstractEventLoop | None = None
    idle: list[WorkerConnection] = field(default_factory=list, init=False)

    def __post_init__(self) -> None:
        self.turns = Turns(self.queries, self.waiting, WEIGHT)
        self.room = Room(self.spool << 20)
        self._lock = threading.Lock()

    async def answer(self, question: Question, caller: Caller = NOBODY) -> Answer:
        """Return the answer to a question once its first bytes are there; give up when the caller leaves.

        Raises:
            LeftError: the client closed its connection.
            QueryError: the query is not SPARQL or cannot be answered.
            LimitError: it passed its time, memory or size, or too many wait.
            EngineError: the engine does not answer.
        """
        slot = await self._slot(question, caller)
        deadline, losses = time.monotonic() + PATIENCE, 0
        try:
            while True:
                exchange = QueryExchange(self, slot, await self._connected(fresh=losses > 0))
                answer = exchange.begin(question)
                try:
                    await answer.opened()
                except asyncio.CancelledError:
                    answer.close()  # else the worker would go on
                    raise
                except ConvocationError:
                    losses += exchange.is_lost
                    if not exchange.is_void or losses > MOST_LOSSES:
                        raise
                if not exchange.is_void:
                    return answer
                await self._pause(deadline)
        except BaseException:
            slot.leave()
            raise

    async def whole(self, question: Question, caller: Caller = NOBODY) -> tuple[int, bytes]:
        """Return the version that answers a question, and the whole answer.

        Raises:
            ConvocationError: as `answer` does.
        """
        answer, parts = await self.answer(question, caller), list[bytes]()
        while block := await answer.read():
            parts.append(block)
        return answer.version, b"".join(parts)

    async def _pause(self, deadline: float) -> None:
        if time.monotonic() > deadline:
            raise EngineError("The engine has not opened the current version yet; ask again.")
        await asyncio.sleep(PAUSE)

    async def _slot(self, question: Question, caller: Caller) -> "Slot":
        """Wait for a turn."""
        share = caller.share  # behind a proxy the next request on the connection may have another
        try:
            await self.turns.take(share, question.timeout)
        except NoPlaceError:
            words = f"{self.waiting} queries may wait, and yours have their share; ask again in some seconds."
            raise BusyError("CONVOCATION_WAITING", words, f"{self.waiting} queries") from None
        except TimeoutError:
            words = f"{self.queries} queries run, and none ended in time; ask again in some seconds."
            raise BusyError("CONVOCATION_QUERIES", words, f"{self.queries} queries") from None
        return Slot(self.turns, caller, share)

    async def _connected(self, *, fresh: bool) -> WorkerConnection:
        """Return a connection to a worker: one that was used before, if a fresh one is not wanted."""
        while self.idle and not fresh:
            connection = self.idle.pop()  # the one used last, whose worker's caches are warm
            if connection.is_open:
                return connection
        loop = asyncio.get_running_loop()
        for _ in range(TRIES):
            try:
                _, connection = await loop.create_unix_connection(lambda: WorkerConnection(self.forget), self.path)
            except BlockingIOError:  # the queue of the listening socket is full
                await asyncio.sleep(PAUSE)
            except OSError:
                break
            else:
                return connection
        raise EngineError("The engine of queries does not run at this moment; ask again in some seconds.")

    def forget(self, connection: WorkerConnection) -> None:
        """Drop a connection that its worker closed."""
        if connection in self.idle:
            self.idle.remove(connection)

    def count(self) -> None:
        """Let the metrics know how many queries run and wait."""
        RUNNING.set(self.turns.busy)
        WAITING.set(len(self.turns.queue))

    def ask(self, question: Question, caller: Caller = NOBODY) -> ThreadAnswer:
        """Return what `answer` returns, to a thread that may wait.

        Raises:
            ConvocationError: as `answer` does.
        """
        answer = self.wait_for(self.answer(question, caller))

        def close() -> None:
            self.running_loop().call_soon_threadsafe(answer.close)

        return ThreadAnswer(answer.version, answer.is_graph, self._blocks(answer), close)

    def _blocks(self, answer: Answer) -> Iterator[bytes]:
        while block := self.wait_for(answer.read()):
            yield block

    def wait_for(self, made: Coroutine[Any, Any, T]) -> T:
        """Return what a coroutine of the event loop returns, to another thread."""
        return asyncio.run_coroutine_threadsafe(made, self.running_loop()).result()

    def running_loop(self) -> asyncio.AbstractEventLoop:
        """Return the event loop of the process, or start one in a thread if the process has none, as in tests."""
        with self._lock:
            if self.loop is None:
                self.loop = asyncio.new_event_loop()
                threading.Thread(target=self.loop.run_forever, name="engine client", daemon=True).start()
        return self.loop
