"""One query on one connection to a worker, and the slot that it holds."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from server.engine.answer import Answer
from server.engine.connection import WorkerConnection
from server.engine.failures import LimitError
from server.engine.frames import Question
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
