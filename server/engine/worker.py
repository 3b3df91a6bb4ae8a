"""A worker: takes queries from the shared socket and from the connection it keeps, and answers within limits."""

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
from server.engine.evaluation import Outcome, error_outcome, evaluate
from server.engine.frames import END, LEAVING, STALE, Frame, Question, receive, send
from server.engine.process import DisconnectWatch, give_back, limit, restore_priority, unshare_pages, used
from server.engine.relay import Relay, relayed

SLOW = 0.1  # seconds after which a query runs at the lowest priority
LONG = 0.3  # seconds after which a worker ends with its query, to free its memory
GROWN = 64 << 20  # bytes that an in-memory worker may keep of a long query


@dataclass
class Peer:
    """A connection from which the next query may come."""

    peer: socket.socket
    frames: Iterator[Frame]
    watch: DisconnectWatch


@dataclass
class Worker:
    """Answers queries on the store of one version.

    An `in_memory` worker has its own copy of a large store, which took a second to make, so it is kept if possible.
    `busy` publishes since when a query runs (0: idle), `ring` wakes the pool, `wait` blocks until this worker should
    accept, `keeps` says whether it may keep its connection; after `spare` idle seconds it ends.
    """

    store: Store
    version: int
    settings: Settings
    busy: Callable[[float], None] = field(default=lambda _: None)
    in_memory: bool = False
    wait: Callable[[], None] = field(default=lambda: None)
    keeps: Callable[[], bool] = field(default=lambda: True)
    ring: Callable[[], None] = field(default=lambda: None)
    spare: float | None = None
    faults_to: int = -1
    kept: Peer | None = None

    def serve(self, listener: socket.socket) -> None:
        """Answer queries until one took long, the worker was idle for too long, or SIGTERM."""
        signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        for number in (signal.SIGALRM, signal.SIGIO):
            signal.signal(number, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        if self.in_memory:
            unshare_pages()
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
        """Return the connection of the next query; None if none came within `spare` seconds."""
        while True:
            self.wait()
            # epoll wakes the first idle worker, whose caches are warm; `accept` would wake each in turn
            ready = self.waiter.poll(self.spare)
            if not ready:
                return None
            if self.kept and any(number == self.kept.peer.fileno() for number, _ in ready):
                return self.kept
            with contextlib.suppress(BlockingIOError):
                peer, _ = listener.accept()
                self.busy(time.monotonic())  # before the pool counts its idle workers
                self.ring()
                return self._keep(peer)

    def _keep(self, peer: socket.socket) -> Peer:
        """Keep only this connection: a query on a second one would wait here while other workers are idle."""
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
        """Return whether the worker has its priority back, and little more memory, after a query of `seconds`."""
        if seconds < SLOW:
            return True
        if seconds > LONG:
            if not self.in_memory:
                return False
            give_back()
        return restore_priority(self.priority) and used() < self.data + GROWN

    def _answer(self, kept: Peer) -> bool:
        """Answer the next query of a connection; return whether the worker can continue."""
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
        self._report_faults(kept.peer.fileno())
        self.busy(time.monotonic())
        signal.setitimer(signal.ITIMER_REAL, question.timeout)
        kept.watch.enable()
        end = self._evaluated(kept.peer, question)
        kept.watch.disable()
        with contextlib.suppress(OSError):
            last = LEAVING if end.kind == END and not self.keeps() else end.body
            send(kept.peer, end.kind, last, end.before)
        return not end.is_fault

    def _report_faults(self, number: int) -> None:
        """Have the fault handler write to a connection; its descriptor rarely changes."""
        if number != self.faults_to:
            faulthandler.enable(number, all_threads=False)
            self.faults_to = number

    def _evaluated(self, peer: socket.socket, question: Question) -> Outcome:
        relay: Relay | None = None
        try:
            whole = question.default_graphs is None and question.named_graphs is None
            with relayed(question.text, self.settings, self.store if whole else None) as relay:
                return evaluate(self.store, self.version, question, relay.text, peer)
        except BaseException as error:  # noqa: BLE001 - also a panic of the engine, after which the worker ends
            return error_outcome(error, relay.failure if relay else None)
