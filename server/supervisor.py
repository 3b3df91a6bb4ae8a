"""Keeps the engine and the web process running, and ends both together."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from graph.settings import Settings
from server.engine.failures import EngineError
from server.metrics import FOLDER

TRIES, WINDOW = 5, 20
PAUSE = 0.5  # seconds before a process that ended at once is started again
Process = subprocess.Popen[bytes]


@dataclass
class EngineProcess:
    """The engine, and the socket at which it answers, which outlives it."""

    settings: Settings
    folder: tempfile.TemporaryDirectory[str] = field(default_factory=tempfile.TemporaryDirectory)
    listener: socket.socket = field(default_factory=lambda: socket.socket(socket.AF_UNIX))

    def __post_init__(self) -> None:
        self.listener.bind(self.path)
        self.listener.listen(1024)

    @property
    def path(self) -> str:
        """The address of the socket."""
        return str(Path(self.folder.name) / "engine")

    def start(self) -> Process:
        """Start the engine; return its process."""
        return start("server.engine", self.settings, self.listener)


def start(module: str, settings: Settings, listener: socket.socket, *arguments: str) -> Process:
    """Start a module as a process that listens on a socket of ours."""
    command = [sys.executable, "-P", "-m", module, str(listener.fileno()), *arguments]
    quiet = {"RUST_BACKTRACE": "0"}  # a worker that runs out of memory says so in one line
    environment = os.environ | settings.environment | quiet
    return subprocess.Popen(  # noqa: S603 - our own modules
        command,
        pass_fds=[listener.fileno()],
        env=environment,
        process_group=0,  # so that Ctrl-C reaches the supervisor alone, which stops the others in order
    )


@dataclass
class Supervisor:
    """The engine and the web process of one server."""

    settings: Settings
    listener: socket.socket
    told: int = 0
    ends: list[float] = field(default_factory=list)

    def run(self) -> int:
        """Serve until told to stop; return the exit code.

        To stop, it takes no more connections and lets the requests that run end; told again, it ends them.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        engine = EngineProcess(self.settings)
        with engine.folder, tempfile.TemporaryDirectory() as counts:
            os.environ[FOLDER] = counts
            queries = engine.start()
            web = self._web(engine)
            try:
                while not self.told:
                    time.sleep(PAUSE / 5)
                    queries = queries if queries.poll() is None else self._again(engine.start)
                    web = web if web.poll() is None else self._again(lambda: self._web(engine))
            finally:
                self.listener.close()
                for process in (web, queries):
                    self._end(process)
        return 0

    def _end(self, process: Process) -> None:
        """Let a process end in order, or at once when told to stop again."""
        process.terminate()
        while process.poll() is None:
            if self.told > 1:
                process.kill()
            time.sleep(PAUSE / 10)

    def _web(self, engine: EngineProcess) -> Process:
        return start("server.web", self.settings, self.listener, engine.path)

    def _again(self, begin: Callable[[], Process]) -> Process:
        """Start a process again that ended by itself.

        Raises:
            EngineError: it has done so again and again.
        """
        now = time.monotonic()
        self.ends = [*(end for end in self.ends if now - end < WINDOW), now]
        if len(self.ends) > TRIES:
            raise EngineError(f"A process of the server ended {TRIES} times in {WINDOW} s; its own words stand above.")
        time.sleep(PAUSE)
        return begin()

    def _stop(self, _: int, __: FrameType | None) -> None:
        self.told += 1
