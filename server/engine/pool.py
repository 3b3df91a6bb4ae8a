"""A pool of workers, forked from this process and kept at a number."""

import contextlib
import ctypes
import mmap
import os
import signal
import socket
import struct
import time
from dataclasses import dataclass, field

from graph.settings import Settings
from graph.store import Store
from server.engine.worker import LONG, Worker

LIBC = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1
CLOCK = struct.Struct("d")
LOW = 19
SPARE = 2  # workers that wait for a query when a version is new
SETTLED = 0.5  # seconds after which a version is not new any more, and as many wait as there may be


def end_with_parent() -> None:
    """Let the kernel end this process when its parent ends, however that ends (Linux)."""
    prctl = getattr(LIBC, "prctl", None)
    if prctl:
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


@dataclass
class Pool:
    """Workers of one store and version, as many as the settings say queries may run."""

    store: Store
    version: int
    settings: Settings
    slots: dict[int, int] = field(default_factory=dict)
    clocks: mmap.mmap = field(init=False)
    slowed: set[int] = field(default_factory=set)
    size: int = field(init=False)
    begun: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.size = self.settings.queries
        self.clocks = mmap.mmap(-1, CLOCK.size * self.size)

    def fill(self, listener: socket.socket) -> bool:
        """Fork workers; return whether there are as many as there may be.

        At first there are a few more than are busy, so that none is forked in vain where versions follow each other.
        """
        used = set(self.slots.values())
        settled = time.monotonic() - self.begun > SETTLED
        missing = self.size - len(used) if settled else SPARE - sum(not self._since(slot) for slot in used)
        for slot in [slot for slot in range(self.size) if slot not in used][: max(0, missing)]:
            CLOCK.pack_into(self.clocks, slot * CLOCK.size, 0.0)
            self.slots[self._fork(listener, slot)] = slot
        return len(self.slots) == self.size

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

        Worker(self.store, self.version, self.settings, busy).serve(listener)

    def gone(self, pid: int) -> bool:
        """Forget a worker that ended; return whether it was one."""
        self.slowed.discard(pid)
        return self.slots.pop(pid, None) is not None

    def slow_down(self) -> None:
        """Give way: a worker that is busy for long runs at the lowest priority."""
        now = time.monotonic()
        for pid, slot in self.slots.items():
            since = self._since(slot)
            if since and now - since > LONG and pid not in self.slowed:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.setpriority(os.PRIO_PROCESS, pid, LOW)
                self.slowed.add(pid)

    def retire(self) -> set[int]:
        """Tell the workers to stop after their question; return them."""
        for pid in self.slots:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
        retired, self.slots = set(self.slots), {}
        return retired
