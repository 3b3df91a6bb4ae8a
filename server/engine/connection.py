"""A connection to a worker, which takes one question after another."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from server.engine.frames import CRASH, FATAL, FRAME, QUERY, Question, frames

if TYPE_CHECKING:
    from server.engine.answer import Answer


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
        self.transport.write(FRAME.pack(QUERY, len(body)) + body)

    def data_received(self, data: bytes) -> None:
        """Hand on every whole frame; the rest waits for more."""
        self.waiting += data
        for kind, body in frames(self.waiting):
            if self.answer:
                self.answer.take(kind, body)

    def connection_lost(self, _: Exception | None) -> None:
        """End the answer; a worker that crashed said why in its last words."""
        self.is_open = False
        answer, self.answer = self.answer, None
        self.lost(self)
        if answer and self.waiting.startswith(FATAL):
            answer.take(CRASH, bytes(self.waiting))
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
