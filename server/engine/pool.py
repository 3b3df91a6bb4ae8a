"""A pool of workers, forked from this process when they are needed.

If a large store was read into memory, a few workers have their own copy of it there; the others read from disk while
those are busy.
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
from server.engine.process import can_raise_priority, grown, total
from server.engine.worker import SLOW, Worker

LIBC = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1
CLOCK = struct.Struct("d")
LOW = 19
SPARE = 2  # idle workers; more are forked as soon as these are busy
IDLE = 10.0  # idle seconds after which a worker beyond these ends, to free its memory
YIELD = 0.003  # seconds for which a query is left to the in-memory workers
SOON = 0.1  # seconds after which an in-memory worker is not expected to end soon, and no query waits for it
REST = 1.0  # seconds between the end of an in-memory worker and the next
DEAR = 1.0  # seconds before the priority of an in-memory worker is lowered, if it cannot be raised again


def end_with_parent() -> None:
    """Let the kernel end this process when its parent ends, however that ends (Linux)."""
    prctl = getattr(LIBC, "prctl", None)
    if prctl:
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


@dataclass
class Pool:
    """Workers of one version: on `store`, and a few on `near`, the same store in memory."""

    store: Store
    version: int
    settings: Settings
    near: Store | None = None
    slots: dict[int, int] = field(default_factory=dict)
    clocks: mmap.mmap = field(init=False)
    slowed: set[int] = field(default_factory=set)
    size: int = field(init=False)
    memory_count: int = 0
    memory_ended: float = 0.0
    ring: Callable[[], None] = field(default=lambda: None)

    def __post_init__(self) -> None:
        self.size = self.settings.queries
        self.clocks = mmap.mmap(-1, CLOCK.size * (2 * self.size + 1))  # the last: whether there are in-memory workers
        self.turn = tempfile.TemporaryFile()  # noqa: SIM115 - its lock is of use as long as the pool

    def add_memory_workers(self, store: Store, count: int) -> None:
        """Add `count` workers with a store in memory, to which the others leave queries."""
        self.near, self.memory_count = store, count
        CLOCK.pack_into(self.clocks, 2 * self.size * CLOCK.size, float(count))

    def fill(self, listener: socket.socket) -> bool:
        """Fork workers until enough are idle, up to the limit; return whether no more are wanted now."""
        used = set(self.slots.values())
        idle = sum(not self._since(slot) for slot in used if slot < self.size)
        free = [slot for slot in range(self.size) if slot not in used][: max(0, SPARE - idle)]
        near = [slot for slot in range(self.size, self.size + self.memory_count) if slot not in used]
        rested = time.monotonic() - self.memory_ended > REST
        for slot in [*free, *(near if rested else ())]:
            CLOCK.pack_into(self.clocks, slot * CLOCK.size, 0.0)
            self.slots[self._fork(listener, slot)] = slot
        return rested or not near

    def _since(self, slot: int) -> float:
        """Return since when a worker is busy; 0 if it is idle."""
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
            worker = Worker(self.near, self.version, self.settings, busy, in_memory=True)
        else:
            spare = IDLE if slot >= SPARE else None
            wait = self._yielding(listener)
            worker = Worker(
                self.store, self.version, self.settings, busy, wait=wait, keeps=self._disk_only, spare=spare
            )
        worker.ring = self.ring
        worker.serve(listener)

    def _disk_only(self) -> bool:
        """Return whether there are no in-memory workers, so that those on disk may keep their connections."""
        return not CLOCK.unpack_from(self.clocks, 2 * self.size * CLOCK.size)[0]

    def _yielding(self, listener: socket.socket) -> Callable[[], None]:
        """Return a function that blocks until a query comes that no in-memory worker takes.

        One worker waits for all others, by a lock. If the query is taken at the last moment, it takes the next one.
        """
        waiter = select.poll()
        waiter.register(listener, select.POLLIN)

        def wait() -> None:
            if self._disk_only():
                return
            fcntl.lockf(self.turn, fcntl.LOCK_EX)  # released by the kernel if this process ends
            try:
                while not self._disk_only():
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
        """Return whether an in-memory worker began a query shortly ago, so that it may end soon."""
        now = time.monotonic()
        starts = (self._since(slot) for slot in range(self.size, 2 * self.size))
        return now < until and any(start and now - start < SOON for start in starts)

    def gone(self, pid: int) -> bool:
        """Remove a worker that ended; return whether it was one."""
        self.slowed.discard(pid)
        slot = self.slots.pop(pid, None)
        if slot is not None and slot >= self.size:
            self.memory_ended = time.monotonic()
        return slot is not None

    def lower_priorities(self) -> None:
        """Run long queries at the lowest priority."""
        now, hurries = time.monotonic(), can_raise_priority()
        for pid, slot in self.slots.items():
            since = self._since(slot)
            long = bool(since) and now - since > (SLOW if hurries or slot < self.size else DEAR)
            if long == (pid in self.slowed):
                continue
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.setpriority(os.PRIO_PROCESS, pid, LOW if long else os.getpriority(os.PRIO_PROCESS, 0))
                if long and not hurries and self._since(slot) != since:  # it ended meanwhile and would stay slow
                    os.kill(pid, signal.SIGTERM)
            (self.slowed.add if long else self.slowed.discard)(pid)

    def enforce_budget(self) -> None:
        """End the query that uses the most memory if all queries together exceed their limit.

        Each has a limit of its own, by the kernel; twelve queries at that limit would fill most machines.
        """
        most = (self.settings.queries_memory << 20) or total() // 2
        taken = {pid: grown(pid) for pid, slot in self.slots.items() if self._since(slot)}
        if sum(taken.values()) > most:
            with contextlib.suppress(ProcessLookupError):
                os.kill(max(taken, key=lambda pid: taken[pid]), signal.SIGABRT)

    def retire(self) -> set[int]:
        """Have the workers stop after their query; return them."""
        for pid in self.slots:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
        retired, self.slots = set(self.slots), {}
        self.turn.close()
        return retired
