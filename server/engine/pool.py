"""A pool of workers, forked from this process and kept at a number.

Where the store is large and was read into memory, a few workers have it there, near, each its own copy; the others ask
the disk, where the near ones are busy.
"""

import contextlib
import ctypes
import fcntl
import mmap
import os
import select
import signal
import socket
import struct
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from graph.settings import Settings
from graph.store import Store
from server.engine.memory import grown, total
from server.engine.memory_pages import may_hurry
from server.engine.worker import SLOW, Worker

LIBC = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1
CLOCK = struct.Struct("d")
LOW = 19
SPARE = 2  # workers that wait for a query; more are forked as soon as these are busy
IDLE = 10.0  # seconds without a query after which a worker beyond these ends, so that its memory goes back
YIELD = 0.003  # seconds for which a query is left to the near workers
SOON = 0.1  # seconds of work after which a near worker is not expected to end soon, and no query waits for it longer
REST = 1.0  # seconds after the end of a near worker before another is made
DEAR = 1.0  # seconds after which a near worker is slowed down that could not be used again then


def end_with_parent() -> None:
    """Let the kernel end this process when its parent ends, however that ends (Linux)."""
    prctl = getattr(LIBC, "prctl", None)
    if prctl:
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


@dataclass
class Pool:
    """Workers of one store and version, as many as the settings say queries may run; and `near` ones beside them."""

    store: Store
    version: int
    settings: Settings
    near: Store | None = None
    slots: dict[int, int] = field(default_factory=dict)
    clocks: mmap.mmap = field(init=False)
    slowed: set[int] = field(default_factory=set)
    size: int = field(init=False)
    near_size: int = 0
    near_ended: float = 0.0
    ring: Callable[[], None] = field(default=lambda: None)

    def __post_init__(self) -> None:
        self.size = self.settings.queries
        self.clocks = mmap.mmap(-1, CLOCK.size * (2 * self.size + 1))  # the last tells whether there are near ones
        self.turn = tempfile.TemporaryFile()  # noqa: SIM115 - its lock is of use as long as the pool

    def bring_near(self, store: Store, count: int) -> None:
        """Let so many workers have a store in memory, and the others leave queries to them."""
        self.near, self.near_size = store, count
        CLOCK.pack_into(self.clocks, 2 * self.size * CLOCK.size, float(count))

    def fill(self, listener: socket.socket) -> bool:
        """Fork workers until some wait for a query, up to the limit; return whether no more are wanted now."""
        used = set(self.slots.values())
        idle = sum(not self._since(slot) for slot in used if slot < self.size)
        free = [slot for slot in range(self.size) if slot not in used][: max(0, SPARE - idle)]
        near = [slot for slot in range(self.size, self.size + self.near_size) if slot not in used]
        rested = time.monotonic() - self.near_ended > REST
        for slot in [*free, *(near if rested else ())]:
            CLOCK.pack_into(self.clocks, slot * CLOCK.size, 0.0)
            self.slots[self._fork(listener, slot)] = slot
        return rested or not near

    def _since(self, slot: int) -> float:
        """Return since when a worker is busy, 0 where it is not."""
        (since,) = CLOCK.unpack_from(self.clocks, slot * CLOCK.size)
        return float(since)

    def _fork(self, listener: socket.socket, slot: int) -> int:
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                self._work(listener, slot)
                code = 0
            finally:
                os._exit(code)
        return pid

    def _work(self, listener: socket.socket, slot: int) -> None:
        end_with_parent()
        for number in (signal.SIGCHLD, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        signal.set_wakeup_fd(-1)
        signal.pthread_sigmask(signal.SIG_SETMASK, set())

        def busy(since: float) -> None:
            CLOCK.pack_into(self.clocks, slot * CLOCK.size, since)

        if self.near and slot >= self.size:
            worker = Worker(self.near, self.version, self.settings, busy, is_near=True)
        else:
            spare = IDLE if slot >= SPARE else None
            wait = self._yielding(listener)
            worker = Worker(
                self.store, self.version, self.settings, busy, wait=wait, keeps=self._has_no_near, spare=spare
            )
        worker.ring = self.ring
        worker.serve(listener)

    def _has_no_near(self) -> bool:
        """Return whether the workers on disk are the only ones, and may keep their connections."""
        return not CLOCK.unpack_from(self.clocks, 2 * self.size * CLOCK.size)[0]

    def _yielding(self, listener: socket.socket) -> Callable[[], None]:
        """Return what lets a worker wait until a query comes that no near worker takes; one worker waits for all.

        Should one be taken in the last moment, the worker takes the next, which does no harm.
        """
        waiter = select.poll()
        waiter.register(listener, select.POLLIN)

        def wait() -> None:
            if self._has_no_near():
                return
            fcntl.lockf(self.turn, fcntl.LOCK_EX)  # let go of by the kernel, should this process end
            try:
                while not self._has_no_near():
                    waiter.poll()
                    until = time.monotonic() + SOON
                    time.sleep(YIELD)
                    while waiter.poll(0) and self._ends_soon(until):
                        time.sleep(YIELD)
                    if waiter.poll(0):
                        return
            finally:
                fcntl.lockf(self.turn, fcntl.LOCK_UN)

        return wait if self.settings.memory != "no" else lambda: None

    def _ends_soon(self, until: float) -> bool:
        """Return whether a near worker began a query a short while ago, and there is time to wait for it."""
        now = time.monotonic()
        starts = (self._since(slot) for slot in range(self.size, 2 * self.size))
        return now < until and any(start and now - start < SOON for start in starts)

    def gone(self, pid: int) -> bool:
        """Forget a worker that ended; return whether it was one."""
        self.slowed.discard(pid)
        slot = self.slots.pop(pid, None)
        if slot is not None and slot >= self.size:
            self.near_ended = time.monotonic()
        return slot is not None

    def slow_down(self) -> None:
        """Give way: a worker that is busy for long runs at the lowest priority."""
        now, hurries = time.monotonic(), may_hurry()
        for pid, slot in self.slots.items():
            since = self._since(slot)
            long = bool(since) and now - since > (SLOW if hurries or slot < self.size else DEAR)
            if long == (pid in self.slowed):
                continue
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.setpriority(os.PRIO_PROCESS, pid, LOW if long else os.getpriority(os.PRIO_PROCESS, 0))
                if long and not hurries and self._since(slot) != since:  # it ended meanwhile, and would stay slow
                    os.kill(pid, signal.SIGTERM)
            (self.slowed.add if long else self.slowed.discard)(pid)

    def keep_budget(self) -> None:
        """End the query that takes the most memory if all together take more than they may.

        Each has a limit of its own, by the kernel; twelve of them at that limit would take all of most machines.
        """
        most = (self.settings.queries_memory << 20) or total() // 2
        taken = {pid: grown(pid) for pid, slot in self.slots.items() if self._since(slot)}
        if sum(taken.values()) > most:
            with contextlib.suppress(ProcessLookupError):
                os.kill(max(taken, key=lambda pid: taken[pid]), signal.SIGABRT)

    def retire(self) -> set[int]:
        """Tell the workers to stop after their question; return them."""
        for pid in self.slots:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
        retired, self.slots = set(self.slots), {}
        self.turn.close()
        return retired
