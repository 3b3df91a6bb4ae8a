"""A worker: takes a question from the shared socket, answers it within its limits, and takes the next."""

import contextlib
import faulthandler
import os
import resource
import select
import signal
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

from graph.settings import Settings
from graph.store import Store
from server.engine.copying import give_back, hurry, large_pages, own_pages
from server.engine.ending import Ending, ending
from server.engine.evaluation import BLOCK, evaluate
from server.engine.leash import leashed, released
from server.engine.lending import Given, Loan, Turn
from server.engine.memory import limit, used
from server.engine.relay import Relay, relayed
from server.engine.wire import END, LOAN, STALE, Question, receive, send

__all__ = ["BLOCK", "SLOW", "Worker"]

SLOW = 0.1  # seconds after which a worker runs at the lowest priority
LONG = 0.3  # seconds after which a worker is not used again, so that its memory goes back
GROWN = 64 << 20  # bytes that a near worker may keep of a long query


@dataclass
class Worker:
    """The store of one version, the limits, and what others may know of the worker.

    One that `is_near` has a copy of a large store in memory, which took a second to make, so that it is kept if it can.
    """

    store: Store
    version: int
    settings: Settings
    busy: Callable[[float], None] = field(default=lambda _: None)
    is_near: bool = False
    wait: Callable[[], None] = field(default=lambda: None)
    told: int = -1
    others: Callable[[], bool] = field(default=lambda: False)

    def serve(self, listener: socket.socket) -> None:
        """Answer questions until one took long or the worker is told to stop."""
        signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        for number in (signal.SIGALRM, signal.SIGIO):
            signal.signal(number, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        rest: Iterator[None] = iter(())  # what is done while nobody asks
        if self.is_near:
            own_pages()
            rest = large_pages()
        limit(self.settings.query_memory << 20)
        self.priority, self.data = os.getpriority(os.PRIO_PROCESS, 0), used()
        waiter = select.epoll()
        self.others = lambda: bool(waiter.poll(0))
        waiter.register(listener, select.EPOLLIN | select.EPOLLEXCLUSIVE)
        while True:
            self.wait()
            while not waiter.poll(0) and next(rest, self) is None:
                pass
            waiter.poll()  # wakes the first of those at rest, whose caches are warm, where `accept` wakes each in turn
            peer, _ = listener.accept()
            with peer:
                signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
                begun = time.monotonic()
                again = self._answer(peer)
                signal.setitimer(signal.ITIMER_REAL, 0)
                self.busy(0.0)
            if not again or not self._as_before(time.monotonic() - begun):
                return
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})

    def _as_before(self, seconds: float) -> bool:
        """Return whether the worker has its priority, and about its memory, again after a query that took so long."""
        if seconds < SLOW:
            return True
        if seconds > LONG:
            if not self.is_near:
                return False
            give_back()
        return hurry(self.priority) and used() < self.data + GROWN

    def _answer(self, peer: socket.socket) -> bool:
        """Answer the question of a peer, or those of a client that it lends; return whether the worker can go on."""
        given = Given(peer)
        try:
            kind, body = next(receive(peer, given.take), (b"", b""))
            client = given.connection() if kind == LOAN else None
        except OSError:
            return True
        if not kind:
            return True
        loan = Loan.decode(body) if client else None
        question = loan.question if loan else Question.decode(body)
        if question.version > self.version:
            with contextlib.suppress(OSError):
                send(peer, STALE)
            return False
        self._tell_faults(peer.fileno())
        if loan and client:
            with client:
                turn = Turn(self.store, loan, client, peer, partial(self._limit, peer), self.others)
                end = turn.run() if question.version == self.version else Ending(END)
        else:
            self.busy(time.monotonic())
            signal.setitimer(signal.ITIMER_REAL, question.timeout)
            leashed(peer)
            end = self._evaluated(peer, question)
            released(peer)
        with contextlib.suppress(OSError):
            send(peer, end.kind, end.body, end.before)
        return not end.is_fault

    def _limit(self, peer: socket.socket, seconds: float) -> None:
        """Begin to limit a query of a lent client to some seconds, and to its client's stay, or end that (0)."""
        self.busy(time.monotonic())  # also between two, lest another worker thinks that this one is at rest
        signal.setitimer(signal.ITIMER_REAL, seconds)
        (leashed if seconds else released)(peer)

    def _tell_faults(self, number: int) -> None:
        """Let a crash be told to a peer; its descriptor has the same number nearly each time."""
        if number != self.told:
            faulthandler.enable(number, all_threads=False)
            self.told = number

    def _evaluated(self, peer: socket.socket, question: Question) -> Ending:
        """Evaluate the question; return how that ended, which is sent last."""
        relay: Relay | None = None
        try:
            with relayed(question.text, self.settings) as relay:
                return evaluate(self.store, self.version, question, relay.text, peer)
        except BaseException as error:  # noqa: BLE001 - also a panic of the engine, which is told and ends the worker
            return ending(error, relay.failure if relay else None)
