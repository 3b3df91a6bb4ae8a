"""A worker: takes questions from the shared socket and from the connection it keeps, and answers within limits."""

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

from graph.settings import Settings
from graph.store import Store
from server.engine.evaluation import BLOCK, evaluate
from server.engine.frames import END, LEAVING, STALE, Frame, Question, receive, send
from server.engine.kill_on_disconnect import DisconnectWatch
from server.engine.memory import limit, used
from server.engine.memory_pages import give_back, hurry, own_pages
from server.engine.outcome import Outcome, ending
from server.engine.relay import Relay, relayed

__all__ = ["BLOCK", "SLOW", "Worker"]

SLOW = 0.1  # seconds after which a worker runs at the lowest priority
LONG = 0.3  # seconds after which a worker is not used again, so that its memory goes back
GROWN = 64 << 20  # bytes that an in-memory worker may keep of a long query


@dataclass
class Peer:
    """A connection that may bring the next question."""

    peer: socket.socket
    frames: Iterator[Frame]
    leash: DisconnectWatch


@dataclass
class Worker:
    """The store of one version, the limits, and what other processes may know of the worker.

    An `is_near` worker has its own copy of a large store in memory, which took a second to make, so it is kept if
    possible. `ring` lets the pool know that a connection was taken; `spare` seconds without a question end the worker.
    """

    store: Store
    version: int
    settings: Settings
    busy: Callable[[float], None] = field(default=lambda _: None)
    is_near: bool = False
    wait: Callable[[], None] = field(default=lambda: None)
    keeps: Callable[[], bool] = field(default=lambda: True)
    ring: Callable[[], None] = field(default=lambda: None)
    spare: float | None = None
    told: int = -1
    kept: Peer | None = None

    def serve(self, listener: socket.socket) -> None:
        """Answer questions until one took long or the worker is told to stop."""
        signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        for number in (signal.SIGALRM, signal.SIGIO):
            signal.signal(number, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if self.is_near:
            own_pages()
        limit(self.settings.query_memory << 20)
        self.priority, self.data = os.getpriority(os.PRIO_PROCESS, 0), used()
        listener.settimeout(0)  # another worker may have been faster
        self.waiter = select.epoll()
        self.waiter.register(listener, select.EPOLLIN | select.EPOLLEXCLUSIVE)
        while (kept := self._next(listener)) is not None:
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
            begun = time.monotonic()
            again = self._answer(kept)
            signal.setitimer(signal.ITIMER_REAL, 0)
            self.busy(0.0)
            if not again or not self._as_before(time.monotonic() - begun):
                return
            if self.kept and not self.keeps():
                self._drop(self.kept)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})

    def _next(self, listener: socket.socket) -> Peer | None:
        """Return the connection that the next question comes from; None if none came for the time of a spare worker."""
        while True:
            self.wait()
            # epoll wakes the first of the workers at rest, whose caches are warm; `accept` would wake each in turn
            ready = self.waiter.poll(self.spare)
            if not ready:
                return None
            if self.kept and any(number == self.kept.peer.fileno() for number, _ in ready):
                return self.kept
            with contextlib.suppress(BlockingIOError):
                peer, _ = listener.accept()
                self.busy(time.monotonic())  # before the pool looks
                self.ring()
                return self._keep(peer)

    def _keep(self, peer: socket.socket) -> Peer:
        """Keep a connection, and only this one: a question on another would wait here while other workers rest."""
        if self.kept:
            self._drop(self.kept)
        self.kept = Peer(peer, receive(peer), DisconnectWatch(peer))
        self.waiter.register(peer, select.EPOLLIN)
        return self.kept

    def _drop(self, kept: Peer) -> None:
        self.waiter.unregister(kept.peer)
        kept.peer.close()
        self.kept = None

    def _as_before(self, seconds: float) -> bool:
        """Return whether the worker has its priority, and about its memory, again after a query that took so long."""
        if seconds < SLOW:
            return True
        if seconds > LONG:
            if not self.is_near:
                return False
            give_back()
        return hurry(self.priority) and used() < self.data + GROWN

    def _answer(self, kept: Peer) -> bool:
        """Answer the next question of a connection; return whether the worker can go on."""
        try:
            frame = next(kept.frames, None)
        except OSError:
            frame = None
        if frame is None:
            self._drop(kept)
            return True
        question = Question.decode(frame[1])
        if question.version > self.version:
            with contextlib.suppress(OSError):
                send(kept.peer, STALE)
            return False
        self._tell_faults(kept.peer.fileno())
        self.busy(time.monotonic())
        signal.setitimer(signal.ITIMER_REAL, question.timeout)
        kept.leash.hold()
        end = self._evaluated(kept.peer, question)
        kept.leash.release()
        with contextlib.suppress(OSError):
            last = LEAVING if end.kind == END and not self.keeps() else end.body
            send(kept.peer, end.kind, last, end.before)
        return not end.is_fault

    def _tell_faults(self, number: int) -> None:
        """Let a crash be written to a connection; its descriptor is the same nearly each time."""
        if number != self.told:
            faulthandler.enable(number, all_threads=False)
            self.told = number

    def _evaluated(self, peer: socket.socket, question: Question) -> Outcome:
        """Evaluate the question; return how that ended, which is sent last."""
        relay: Relay | None = None
        try:
            with relayed(question.text, self.settings) as relay:
                return evaluate(self.store, self.version, question, relay.text, peer)
        except BaseException as error:  # noqa: BLE001 - also a panic of the engine, which is told and ends the worker
            return ending(error, relay.failure if relay else None)
