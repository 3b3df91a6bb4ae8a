"""The client of the engine: shares its slots among callers and keeps connections to its workers."""

import asyncio
import threading
import time
from collections.abc import Coroutine
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, TypeVar

from graph.errors import ConvocationError
from server.engine.answer import Answer, WorkerConnection
from server.engine.failures import BusyError, EngineError
from server.engine.frames import Question
from server.engine.spool import Room
from server.engine.turns import NOBODY, Caller, NoPlaceError, Turns
from server.metrics import RUNNING, WAITING

PATIENCE = 5.0  # seconds that the engine may take to open a new version
PAUSE = 0.005  # seconds before an older engine is asked again
TRIES = 200  # to connect
MOST_LOSSES = 3  # workers that may end during a query before the query is blamed
T = TypeVar("T")
WEIGHT = 3  # one client alone may run nine of twelve queries


@dataclass
class Engine:
    """The engine behind a Unix socket; at most `queries` run for this process, and `waiting` wait for a slot.

    `memory` (MB) is the limit that messages name; at most `spool` MB of answers wait on disk for slow readers. Call
    `answer` and `whole` in the event loop `loop`, `ask` in any other thread.
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
        """Return the answer to a question when its first bytes have arrived; give up if the caller disconnects.

        Raises:
            LeftError: the client closed its connection.
            QueryError: the query is not SPARQL or cannot be answered.
            LimitError: it exceeded its time, memory or size, or too many queries wait.
            EngineError: the engine does not answer.
        """
        slot = await self._slot(question, caller)
        deadline, losses = time.monotonic() + PATIENCE, 0
        try:
            while True:
                answer = Answer(question, self, await self._connected(fresh=losses > 0), caller, slot)
                try:
                    await answer.opened()
                except asyncio.CancelledError:
                    answer.close()  # otherwise the worker would continue
                    raise
                except ConvocationError:
                    losses += answer.is_lost
                    if not answer.is_void or losses > MOST_LOSSES:
                        raise
                if not answer.is_void:
                    return answer
                await self._pause(deadline)
        except BaseException:
            slot.close()
            raise

    async def whole(self, question: Question, caller: Caller = NOBODY) -> tuple[int, bytes]:
        """Return the version that answers a question, and the whole answer; raise what `answer` does."""
        answer, parts = await self.answer(question, caller), list[bytes]()
        while block := await answer.read():
            parts.append(block)
        return answer.version, b"".join(parts)

    async def _pause(self, deadline: float) -> None:
        if time.monotonic() > deadline:
            raise EngineError("The query engine has not opened the current version yet; retry.")
        await asyncio.sleep(PAUSE)

    async def _slot(self, question: Question, caller: Caller) -> ExitStack:
        share = caller.share  # behind a proxy, the next request on this connection may be of another client
        try:
            await self.turns.take(share, question.timeout)
        except NoPlaceError:
            words = f"At most {self.waiting} queries may wait, and yours have used their share; retry in a few seconds."
            raise BusyError("CONVOCATION_WAITING", words, f"{self.waiting} queries") from None
        except TimeoutError:
            words = f"{self.queries} queries are running, and none ended in time; retry in a few seconds."
            raise BusyError("CONVOCATION_QUERIES", words, f"{self.queries} queries") from None
        slot = ExitStack()  # which gives back once, however often it is closed
        slot.callback(self.turns.leave, share)
        return slot

    async def _connected(self, *, fresh: bool) -> WorkerConnection:
        while self.idle and not fresh:
            connection = self.idle.pop()  # the most recently used, whose worker has warm caches
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
        raise EngineError("The query engine is not running at the moment; retry in a few seconds.")

    def forget(self, connection: WorkerConnection) -> None:
        """Remove a connection that its worker closed."""
        if connection in self.idle:
            self.idle.remove(connection)

    def count(self) -> None:
        """Report how many queries run and wait to the metrics."""
        RUNNING.set(self.turns.busy)
        WAITING.set(len(self.turns.queue))

    def ask(self, question: Question, caller: Caller = NOBODY) -> tuple[int, bytes]:
        """Return what `whole` does, to a thread other than that of the event loop; raise what `answer` does."""
        return self.wait_for(self.whole(question, caller))

    def wait_for(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Return what a coroutine returns that runs in the event loop, to another thread."""
        return asyncio.run_coroutine_threadsafe(coroutine, self.running_loop()).result()

    def running_loop(self) -> asyncio.AbstractEventLoop:
        """Return the event loop of the process; start one in a thread if there is none, as in tests."""
        with self._lock:
            if self.loop is None:
                self.loop = asyncio.new_event_loop()
                threading.Thread(target=self.loop.run_forever, name="engine client", daemon=True).start()
        return self.loop
