"""An answer of the engine while it comes: taken from the worker at once, read by the client at its own speed."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec

from graph.errors import ConvocationError
from server.engine.failures import EngineError, LeftError, crash_error, memory_error, time_error, told_error
from server.engine.frames import CRASH, DATA, END, ERROR, HEAD, LEAVING, STALE, Head, Question
from server.engine.spool import Spool

HEADS = msgspec.msgpack.Decoder(Head)
LEFT = "The client closed its connection before the answer came."


@dataclass(eq=False)
class Answer:
    """The answer to a question.

    `version` and `is_graph` are known once `opened` returned; `read` gives the blocks. Whoever does not read to the
    end calls `close`. `finish` is called once, with whether the worker can take the next question, as soon as the
    worker has no more to say: the client may be reading still.
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
        """Wait for the head and the first block, or the end.

        Raises:
            ConvocationError: there is no answer; the class says why.
        """
        while not (self.is_done or self.spool):
            await self._wait()
        if self.failure and not self.spool:
            raise self.failure

    async def read(self) -> bytes:
        """Return the next block; empty at the end.

        Raises:
            ConvocationError: the answer is cut off here.
        """
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
        """Give up a worker that did not end in time by itself."""
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
        """Give up what is left of the answer."""
        if not self.is_done:
            self._end(reusable=False)
        self.spool.close()

    def _why(self, kind: bytes, body: bytes) -> ConvocationError:
        """Return why there is no answer, or no more of it: what the worker said, or how it ended."""
        if kind == ERROR:
            return told_error(msgspec.json.decode(body), self.question, self.memory)
        if kind == CRASH:
            return crash_error(body, self.memory)
        if time.monotonic() - self.asked >= self.question.timeout * 0.98:
            return time_error(self.question.timeout)
        return memory_error(self.memory)  # ended by the kernel, which is short of it, or by the pool's budget
