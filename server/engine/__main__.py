"""The engine process: follows the current version and keeps its workers; `python -m server.engine <socket fd>`."""

import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Event, Thread

from graph.errors import ConvocationError, StoreError
from graph.remote.marker import RemoteHome, home_of, open_version
from graph.settings import Settings
from graph.store import Store
from graph.store.embedded import EmbeddedStore
from graph.versions.home import Home, Version
from server.engine.pool import Pool, end_with_parent
from server.engine.process import total
from server.metrics import WORKERS

AT_ONCE = 300_000  # quads that are read into memory before serving, in about a second
BYTES_PER_QUAD = 400  # of the store in memory (measured: 382 B per triple)
TICK = 0.05
SHORT = 0.02  # seconds after which to look again while the pool is being filled
QUIET = 3.0  # seconds without a write after which a version is read into memory
ENDS: dict[int, str] = {
    0: "renewal",
    signal.SIGALRM: "time",
    signal.SIGABRT: "memory",
    signal.SIGSEGV: "nesting",
    signal.SIGIO: "disconnection",
}


@dataclass
class Loading:
    """A store that is read into memory while its version is served from disk."""

    disk: EmbeddedStore
    quads: int
    store: EmbeddedStore | None = None
    stop: Event = field(default_factory=Event)

    def load(self) -> EmbeddedStore:
        """Read the store into memory; return it there."""
        if self.quads <= AT_ONCE:
            return EmbeddedStore.memory(self.disk.quads())
        return self.disk.near(self.stop.is_set)

    def load_after(self, seconds: float) -> None:
        """Read the store into memory after some seconds, unless stopped."""
        if not self.stop.wait(seconds):
            found = self.load()
            if not self.stop.is_set():
                self.store = found


@dataclass
class EngineServer:
    """The served version, the pool of its workers, and the store that is being read into memory."""

    home: Home | RemoteHome
    settings: Settings
    listener: socket.socket
    pool: Pool | None = None
    loading: Loading | None = None
    old: set[int] = field(default_factory=set)
    ring: Callable[[], None] = field(default=lambda: None)

    def run(self) -> None:
        """Serve until stopped by a signal."""
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        read_end, self.ring = wakeup_pipe()
        while os.getppid() != 1:
            full = self.turn()
            wait_for(read_end, TICK if full else SHORT)

    def turn(self) -> bool:
        """Follow the current version and fill the pool; return whether it is full."""
        self._reap()
        number = self.home.current_number()
        if number is not None and (self.pool is None or self.pool.version != number):
            self._follow(number)
        if self.loading and self.loading.store:
            self._bring_near(self.loading.store)
        if self.pool is None:
            return True
        self.pool.lower_priorities()
        self.pool.enforce_budget()
        return self.pool.fill(self.listener)

    def _follow(self, number: int) -> None:
        """Open the current version, unless it is gone already because newer ones were made since."""
        try:
            self._open(self.home.version(number))
        except StoreError:
            if self.home.current_number() == number:
                raise

    def _open(self, version: Version) -> None:
        """Serve a version; its workers replace the old ones, which finish their queries.

        A version made by an update is served from disk at once, and read into memory unless another follows soon.
        """
        store, quads = open_version(self.home, version), version.counts.get("quads", 0)
        if self.loading:
            self.loading.stop.set()
            self.loading = None
        if isinstance(store, EmbeddedStore) and fits(quads, self.settings):
            loading = Loading(store, quads)
            if version.is_built and quads <= AT_ONCE:
                store = loading.load()
            else:
                self.loading = loading
                quiet = 0.0 if version.is_built else QUIET
                Thread(target=loading.load_after, args=(quiet,), daemon=True).start()
        self._replace(store, version.number)

    def _replace(self, store: Store, number: int) -> None:
        self._retire()
        self.pool = Pool(store, number, self.settings, ring=self.ring)

    def _bring_near(self, store: Store) -> None:
        """Add workers that have in memory what the others read from disk."""
        if self.pool and self.loading and self.loading.quads <= AT_ONCE:  # of an update: all workers use it
            self._replace(store, self.pool.version)
        elif self.pool and self.loading:
            self.pool.add_memory_workers(store, max(1, copies(self.loading.quads, self.settings)))
        self.loading = None

    def _retire(self) -> None:
        if self.pool:
            self.old |= self.pool.retire()

    def _reap(self) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            WORKERS.labels(why(status)).inc()
            self.old.discard(pid)
            if self.pool:
                self.pool.gone(pid)

    def _stop(self, *_: object) -> None:
        self._retire()
        deadline = time.monotonic() + self.settings.query_seconds + 1
        while self.old and time.monotonic() < deadline:
            self._reap()
            time.sleep(TICK)
        for pid in self.old:
            os.kill(pid, signal.SIGKILL)
        os._exit(0)


def why(status: int) -> str:
    """Return why a worker ended, by its wait status; after a long query it is replaced by a fresh one."""
    number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    return ENDS.get(number, "fault") if number or os.WEXITSTATUS(status) == 0 else "fault"


def wakeup_pipe() -> tuple[socket.socket, Callable[[], None]]:
    """Return a socket that becomes readable when a worker ends or rings, and the function that rings."""
    read_end, write_end = socket.socketpair()
    for end in (read_end, write_end):
        end.settimeout(0)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(write_end.fileno(), warn_on_full_buffer=False)

    def ring() -> None:
        with suppress(BlockingIOError):  # full: it is readable already
            write_end.send(b"\0")

    return read_end, ring


def wait_for(read_end: socket.socket, seconds: float) -> None:
    """Wait until a worker ends or rings, for at most `seconds`."""
    if select.select([read_end], [], [], seconds)[0]:
        read_end.recv(1 << 12)


def fits(quads: int, settings: Settings) -> bool:
    """Return whether to read a store into memory: as the setting says, or if two copies fit."""
    if settings.memory in ("yes", "no"):
        return settings.memory == "yes"
    return copies(quads, settings) > 0


def copies(quads: int, settings: Settings) -> int:
    """Return how many workers may have their own copy in memory, besides the one they are forked from.

    All copies together take at most a third of the memory.
    """
    return min(settings.queries, total() // 3 // max(1, quads * BYTES_PER_QUAD) - 1)


def main() -> None:
    """Run the engine on the listening socket whose file descriptor is the first argument."""
    end_with_parent()
    settings = Settings.from_environment()
    listener = socket.socket(fileno=int(sys.argv[1]))
    try:
        EngineServer(home_of(settings), settings, listener).run()
    except ConvocationError as error:
        sys.exit(f"convocation: {error}")


if __name__ == "__main__":
    main()
