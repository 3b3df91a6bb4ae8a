"""An answer of the engine: received from the worker at once, read by the client at its own speed."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec

from graph.errors import ConvocationError
from server.engine.failures import EngineError, LeftError, crash_error, memory_error, reported_error, time_error
from server.engine.frames import CRASH, DATA, END, ERROR, HEAD, LEAVING, STALE, Head, Question
from server.engine.spool import Spool

HEADS = msgspec.msgpack.Decoder(Head)
LEFT = "The client closed its connection before the answer came."


@dataclass(eq=False)
class Answer:
    """The answer to a question.

    `version` and `is_graph` are known once `opened` has returned; `read` returns the blocks. Callers that do not read
    to the end must call `close`. `finish` is called once, when the worker is done, with whether it can take the next
    query; the client may still be reading.
    """

    question: Question
    memory: int
    spool: Spool
    finish: Callable[[bool], None]
    pause: Callable[[], None]
    resume: Callable[[], None]
    asked: float = field(default_factory=time.monotonic)
    head: Head | None = None
    failure: ConvocationError | None = None
    is_stale: bool = False
    is_done: bool = False
    has_frames: bool = False
    is_paused: bool = False
    waiter: asyncio.Future[None] | None = None

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
        if self.is_paused and not self.spool.is_full:
            self.is_paused = False
            self.resume()
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
        if kind == DATA:
            self._keep(body)
        elif kind == HEAD:
            self.head = HEADS.decode(body)
        elif kind == STALE:
            self.is_stale = True
            self._end(reusable=False)
        elif kind == END:
            self._end(reusable=body != LEAVING)
        else:
            self.fail(self._why(kind, body), reusable=kind == ERROR)

    def _keep(self, block: bytes) -> None:
        try:
            self.spool.put(block)
        except OSError:
            self.fail(EngineError("The server has no room left on its disk for this answer; ask for less, or later."))
            return
        if self.spool.is_full and not self.is_paused:
            self.is_paused = True
            self.pause()
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
            self.fail(time_error(self.question.timeout))

    def fail(self, error: ConvocationError, *, reusable: bool = False) -> None:
        """End with an error."""
        self.failure = error
        self._end(reusable=reusable)

    def _end(self, *, reusable: bool) -> None:
        self.is_done = True
        self.finish(reusable)
        self._wake()

    def close(self) -> None:
        """Discard the rest of the answer."""
        if not self.is_done:
            self._end(reusable=False)
        self.spool.close()

    def _why(self, kind: bytes, body: bytes) -> ConvocationError:
        """Return why the answer is missing or incomplete: the worker's error, or how it ended."""
        if kind == ERROR:
            return reported_error(msgspec.json.decode(body), self.question, self.memory)
        if kind == CRASH:
            return crash_error(body, self.memory)
        if time.monotonic() - self.asked >= self.question.timeout * 0.98:
            return time_error(self.question.timeout)
        return memory_error(self.memory)  # ended by the kernel, which is short of it, or by the pool's budget
