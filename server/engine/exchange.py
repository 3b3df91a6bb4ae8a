"""The connections to workers, the queries on them, and the slots that these hold."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from server.engine.answer import Answer
from server.engine.failures import LimitError
from server.engine.frames import CRASH, FATAL, FRAME, QUERY, Question
from server.engine.spool import Spool
from server.engine.turns import Caller, Turns

if TYPE_CHECKING:
    from server.engine.client import Engine

LATE = 5.0  # seconds that a worker may take to end after its deadline
SOON = 2.0  # seconds within which an idle worker may have closed its connection before it saw a query
MOST_IDLE = 16  # connections that are kept


@dataclass(eq=False)
class Slot:
    """A slot of a caller, until `leave` is called."""

    turns: Turns
    caller: Caller
    share: str
    is_held: bool = True

    def leave(self) -> None:
        """Give the slot back."""
        if self.is_held:
            self.is_held = False
            self.turns.leave(self.share)


class WorkerConnection(asyncio.Protocol):
    """Sends questions to a worker and hands the frames that come back to the answer."""

    def __init__(self, lost: Callable[["WorkerConnection"], None]) -> None:
        self.lost = lost
        self.answer: Answer | None = None
        self.waiting = b""
        self.is_open = True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self.transport = cast("asyncio.Transport", transport)

    def ask(self, question: Question, answer: Answer) -> None:
        """Send a question; its frames go to the answer."""
        self.answer = answer
        body = question.encode()
        self.transport.write(FRAME.pack(QUERY, len(body)) + body)

    def data_received(self, data: bytes) -> None:
        """Hand on every whole frame; the rest waits for more."""
        data, start = self.waiting + data, 0
        while len(data) - start >= FRAME.size and not data.startswith(FATAL, start):
            kind, length = FRAME.unpack_from(data, start)
            end = start + FRAME.size + length
            if len(data) < end:
                break
            if self.answer:
                self.answer.take(kind, data[start + FRAME.size : end])
            start = end
        self.waiting = data[start:]

    def connection_lost(self, _: Exception | None) -> None:
        """End the answer; a worker that crashed said why in its last words."""
        self.is_open = False
        answer, self.answer = self.answer, None
        self.lost(self)
        if answer and self.waiting.startswith(FATAL):
            answer.take(CRASH, self.waiting)
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
class QueryExchange:
    """A question to a worker, and its answer."""

    engine: "Engine"
    slot: Slot
    connection: WorkerConnection
    answer: Answer = field(init=False)
    timer: asyncio.TimerHandle = field(init=False)

    def begin(self, question: Question) -> Answer:
        """Send the question; return the answer, which is still to come."""
        transport = self.connection.transport
        spool = Spool(self.engine.room)
        self.answer = answer = Answer(
            question, self.engine.memory, spool, self._finish, transport.pause_reading, transport.resume_reading
        )
        self.timer = asyncio.get_running_loop().call_later(question.timeout + LATE, answer.expire)
        self.slot.caller.callbacks.append(answer.leave)
        self.connection.ask(question, answer)
        if self.slot.caller.is_gone:
            answer.leave()
        return answer

    @property
    def is_void(self) -> bool:
        """Whether to ask again: the worker has an older version, or ended without a word."""
        return self.answer.is_stale or self.is_lost

    @property
    def is_lost(self) -> bool:
        """Whether the worker ended, or dropped this connection for another, without any frame."""
        answer = self.answer
        silent = isinstance(answer.failure, LimitError) and not answer.has_frames
        return silent and time.monotonic() - answer.asked < min(SOON, answer.question.timeout * 0.9)

    def _finish(self, reusable: bool) -> None:  # noqa: FBT001 - as an answer calls it
        """Release the timer, the connection and the slot."""
        self.timer.cancel()
        self.slot.caller.callbacks.remove(self.answer.leave)
        if reusable and self.connection.is_open and len(self.engine.idle) < MOST_IDLE:
            if self.answer.is_paused:
                self.connection.transport.resume_reading()
            self.connection.rest()
            self.engine.idle.append(self.connection)
        elif self.connection.is_open:
            self.connection.abort()
        if not self.is_void:
            self.slot.leave()
