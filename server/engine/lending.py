"""A client's connection that is lent to a worker, which answers there while like queries follow each other at once.

Between the web process and a worker a cheap query passes two processes and back, which costs more than its evaluation.
So where a client has asked several like it, the web process hands its connection over for a moment. The worker takes a
request only once it has the answer, whole and small; any other waits at the connection when the worker gives it back.
"""

import os
import select
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Self

import msgspec

from graph.store import Store
from server.caching import tagged
from server.engine.ending import Ending
from server.engine.evaluation import evaluate_small
from server.engine.wire import DATA, END, LOAN, Question, send
from server.heads import LONGEST, PEEK, Form, Parts, between, sent_at_once

MOST = 32  # requests that are answered in turn
FEW = 12  # requests after which others that wait have their turn
LONG = 0.02  # seconds after which no further is taken
SLOW = 0.3  # seconds after which a query is given up, to be asked by the web process with all the time that it has
LINGER = 1  # milliseconds for which a request is awaited
ROOM = 1 << 16  # bytes that are told of the requests at most, for nobody reads them before the end
GONE = select.POLLHUP | select.POLLERR | getattr(select, "POLLRDHUP", 0)


@dataclass(frozen=True)
class Loan:
    """What the requests have in common: a question but for its text, what stands around it, and how it is answered.

    It holds while the pointer of a home folder is the file with a sign (`sign`); `built` and `suffixes` make the tags.
    """

    question: Question
    parts: Parts
    forms: dict[bool, Form]
    built: str
    suffixes: tuple[str | None, ...]
    pointer: str
    sign: tuple[int, int]

    def lend(self, peer: socket.socket, client: socket.socket) -> None:
        """Send the loan to a worker, and the connection with it."""
        body = msgspec.msgpack.encode(self)
        send(peer, LOAN, body)
        socket.send_fds(peer, [b"\0"], [client.fileno()])

    @classmethod
    def decode(cls, body: bytes) -> Self:
        """Return the loan of the body of a frame."""
        return msgspec.msgpack.decode(body, type=cls)

    def holds(self) -> bool:
        """Return whether the version is still the current one."""
        return sign(self.pointer) == self.sign


@dataclass
class Given:
    """Receives what a peer sends, and the connection that it may give."""

    peer: socket.socket
    numbers: list[int] = field(default_factory=list)

    def take(self, size: int) -> bytes:
        """Return the next bytes."""
        data, numbers, _, _ = socket.recv_fds(self.peer, size, 1)
        self.numbers += numbers
        return data

    def connection(self) -> socket.socket:
        """Return the connection, which comes last.

        Raises:
            OSError: the peer left without giving it.
        """
        if not self.numbers:
            self.take(1)
        if not self.numbers:
            raise ConnectionResetError
        return socket.socket(fileno=self.numbers.pop())


class Answered(msgspec.Struct, array_like=True):
    """A request that was answered: its query, when it began and ended by the monotonic clock, the bytes of its body."""

    text: str
    is_graph: bool
    begun: float
    ended: float
    sent: int


@dataclass
class Turn:
    """The requests of one client that a worker answers; `limits` begins and ends the limits of each."""

    store: Store
    loan: Loan
    client: socket.socket
    peer: socket.socket
    limits: Callable[[float], None]
    others: Callable[[], bool]
    told: int = 0
    rest: bytes = b""
    is_fault: bool = False
    waiter: select.poll = field(default_factory=select.poll)

    def run(self) -> Ending:
        """Answer what comes; return how that ended, with what the client could not take in at once."""
        self.waiter.register(self.client, select.POLLIN)
        self.waiter.register(self.peer, GONE)
        until = time.monotonic() + LONG
        with suppress(OSError):
            for count in range(MOST):
                if not self._next() or self.told > ROOM or time.monotonic() > until or (count > FEW and self.others()):
                    break
        return Ending(END, self.rest, is_fault=self.is_fault)

    def _next(self) -> bool:
        """Answer the next request; return whether it was one to be answered here, and all of the answer was sent."""
        ready = [number for number, _ in self.waiter.poll(LINGER)]
        if ready != [self.client.fileno()]:
            return False
        begun, loan = time.monotonic(), self.loan
        head = self.client.recv(LONGEST + 1, PEEK)
        text = between(head, loan.parts)
        if text is None or not text.strip() or not loan.holds():
            return False
        tag = tagged(loan.question, text, loan.built, loan.suffixes)
        found = self._evaluated(text) if tag else None
        if not tag or not found:
            return False
        is_graph, body = found
        answer, size = loan.forms[is_graph].answer(body, tag, begun)
        self.client.recv(len(head))
        sent = sent_at_once(self.client, answer)
        self._tell(Answered(text, is_graph, begun, time.monotonic(), size))
        self.rest = answer[sent:]
        return not self.rest

    def _evaluated(self, text: str) -> tuple[bool, bytes] | None:
        """Return whether an answer is a graph, and its bytes; None where the web process is to ask, and tell why."""
        self.limits(SLOW)
        try:
            found = evaluate_small(self.store, self.loan.question, text, self.peer)
        except Exception as error:  # noqa: BLE001 - whatever it is, it comes again and is told then
            self.is_fault = isinstance(error, MemoryError)
            return None
        except BaseException:  # noqa: BLE001 - a panic of the engine
            self.is_fault = True
            return None
        finally:
            self.limits(0.0)
        return found if found[0] in self.loan.forms else None

    def _tell(self, told: Answered) -> None:
        body = msgspec.msgpack.encode(told)
        self.told += len(body)
        send(self.peer, DATA, body)


def sign(pointer: str) -> tuple[int, int] | None:
    """Return what is another once the pointer of a home folder leads to another version; None without a pointer."""
    try:
        found = os.stat(pointer)  # noqa: PTH116 - a path would take as long as the call
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns
