"""An answer of the engine: received from the worker at once, read by the client at its own speed."""

import asyncio
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

import msgspec

from graph.errors import ConvocationError
from server.engine import failures, frames
from server.engine.failures import EngineError, LeftError, LimitError
from server.engine.frames import Head, Question
from server.engine.spool import Spool
from server.engine.turns import Caller

if TYPE_CHECKING:
    from server.engine.client import Engine

HEADS = msgspec.msgpack.Decoder(Head)
LATE = 5.0  # seconds that a worker may take to end after its deadline
SOON = 2.0  # seconds within which an idle worker may have closed its connection before it saw a query
MOST_IDLE = 16  # connections that are kept
LEFT = "The client closed its connection before the answer came."


class WorkerConnection(asyncio.Protocol):
    """Sends questions to a worker and hands the frames that come back to the answer."""

    def __init__(self, lost: Callable[["WorkerConnection"], None]) -> None:
        self.lost = lost
        self.answer: Answer | None = None
        self.waiting = bytearray()
        self.is_open = True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self.transport = cast("asyncio.Transport", transport)

    def ask(self, question: Question, answer: "Answer") -> None:
        """Send a question; its frames go to the answer."""
        self.answer = answer
        body = question.encode()
        self.transport.write(frames.FRAME.pack(frames.QUERY, len(body)) + body)

    def data_received(self, data: bytes) -> None:
        """Hand on every whole frame; the rest waits for more."""
        self.waiting += data
        for kind, body in frames.frames(self.waiting):
            if self.answer:
                self.answer.take(kind, body)

    def connection_lost(self, _: Exception | None) -> None:
        """End the answer; a worker that crashed said why in its last words."""
        self.is_open = False
        answer, self.answer = self.answer, None
        self.lost(self)
        if answer and self.waiting.startswith(frames.FATAL):
            answer.take(frames.CRASH, bytes(self.waiting))
        elif answer:
            answer.lose()

    def rest(self) -> None:
        """Wait for the next question."""
        self.answer = None

    def abort(self) -> None:
        """Close the connection at once, which ends a worker in the middle of a query."""
        self.is_open = False
        self.answer = None
        self.transport.abort()


@dataclass(eq=False)
class Answer:
    """A question to a worker, and its answer.

    `version` and `is_graph` are known once `opened` has returned; `read` returns the blocks. Callers that do not read
    to the end must call `close`. The `slot` and the connection are given back when the worker is done; the client may
    still be reading.
    """

    question: Question
    engine: "Engine"
    connection: WorkerConnection
    caller: Caller
    slot: ExitStack
    asked: float = field(default_factory=time.monotonic)
    head: Head | None = None
    failure: ConvocationError | None = None
    is_stale: bool = False
    is_done: bool = False
    has_frames: bool = False
    is_paused: bool = False
    waiter: asyncio.Future[None] | None = None

    def __post_init__(self) -> None:
        self.spool = Spool(self.engine.room)
        self.timer = asyncio.get_running_loop().call_later(self.question.timeout + LATE, self.expire)
        self.caller.callbacks.append(self.leave)
        self.connection.ask(self.question, self)
        if self.caller.is_gone:
            self.leave()

    @property
    def is_void(self) -> bool:
        """Whether to ask again: the worker has an older version, or ended without a word."""
        return self.is_stale or self.is_lost

    @property
    def is_lost(self) -> bool:
        """Whether the worker ended, or dropped this connection for another, without any frame."""
        silent = isinstance(self.failure, LimitError) and not self.has_frames
        return silent and time.monotonic() - self.asked < min(SOON, self.question.timeout * 0.9)

    @property
    def version(self) -> int:
        """The version that answered."""
        return self.head.version if self.head else 0

    @property
    def is_graph(self) -> bool:
        """Whether the answer is a graph; else it is results."""
        return bool(self.head and self.head.is_graph)

    async def opened(self) -> None:
        """Wait for the head and the first block, or the end; raise the ConvocationError that says why there is none."""
        while not (self.is_done or self.spool):
            await self._wait()
        if self.failure and not self.spool:
            raise self.failure

    async def read(self) -> bytes:
        """Return the next block, empty at the end; raise ConvocationError if the answer is cut off here."""
        while not self.spool:
            if self.failure:
                raise self.failure
            if self.is_done:
                self.spool.close()
                return b""
            await self._wait()
        block = self.spool.get()
        if self.is_paused and not (self.is_done or self.spool.is_full):  # the connection may have another answer by now
            self.is_paused = False
            self.connection.transport.resume_reading()
        return block

    async def _wait(self) -> None:
        self.waiter = asyncio.get_running_loop().create_future()
        await self.waiter

    def _wake(self) -> None:
        if self.waiter and not self.waiter.done():
            self.waiter.set_result(None)

    def take(self, kind: bytes, body: bytes) -> None:
        """Take a frame of the worker."""
        self.has_frames = True
        if self.is_done:
            return
        if kind == frames.DATA:
            self._keep(body)
        elif kind == frames.HEAD:
            self.head = HEADS.decode(body)
        elif kind == frames.STALE:
            self.is_stale = True
            self._end(reusable=False)
        elif kind == frames.END:
            self._end(reusable=body != frames.LEAVING)
        else:
            self.fail(self._why(kind, body), reusable=kind == frames.ERROR)

    def _keep(self, block: bytes) -> None:
        try:
            self.spool.put(block)
        except OSError:
            self.fail(EngineError("The server has no room left on its disk for this answer; ask for less, or later."))
            return
        if self.spool.is_full and not self.is_paused:
            self.is_paused = True
            self.connection.transport.pause_reading()
        self._wake()

    def lose(self) -> None:
        """Note that the worker closed the connection."""
        if not self.is_done:
            self.fail(self._why(b"", b""))

    def leave(self) -> None:
        """Note that the client closed its connection."""
        if not self.is_done:
            self.fail(LeftError(LEFT))
        self.close()

    def expire(self) -> None:
        """Fail because the worker did not end in time."""
        if not self.is_done:
            self.fail(failures.time_error(self.question.timeout))

    def fail(self, error: ConvocationError, *, reusable: bool = False) -> None:
        """End with an error."""
        self.failure = error
        self._end(reusable=reusable)

    def _end(self, *, reusable: bool) -> None:
        """Release the timer, the connection, and the slot unless the question is asked again."""
        self.is_done = True
        self.timer.cancel()
        self.caller.callbacks.remove(self.leave)
        if reusable and self.connection.is_open and len(self.engine.idle) < MOST_IDLE:
            if self.is_paused:
                self.connection.transport.resume_reading()
            self.connection.rest()
            self.engine.idle.append(self.connection)
        elif self.connection.is_open:
            self.connection.abort()
        if not self.is_void:
            self.slot.close()
        self._wake()

    def close(self) -> None:
        """Discard the rest of the answer."""
        if not self.is_done:
            self._end(reusable=False)
        self.spool.close()

    def _why(self, kind: bytes, body: bytes) -> ConvocationError:
        """Return why the answer is missing or incomplete: the worker's error, or how it ended."""
        if kind == frames.ERROR:
            return failures.reported_error(msgspec.json.decode(body), self.question, self.engine.memory)
        if kind == frames.CRASH:
            return failures.crash_error(body, self.engine.memory)
        if time.monotonic() - self.asked >= self.question.timeout * 0.98:
            return failures.time_error(self.question.timeout)
        return failures.memory_error(self.engine.memory)  # ended by the kernel or the pool
