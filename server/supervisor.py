"""Keeps the engine and the web processes running, and ends all together; `python -P -m server.supervisor <fd>`."""

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

import click
from prometheus_client.multiprocess import mark_process_dead

from graph.settings import Settings
from server.metrics import FOLDER

TICK = 0.1  # seconds between looks
PAUSE = 0.2  # seconds before a process that ended is started again; doubled while it ends again and again
LONGEST = 30.0  # seconds, the longest of these pauses
STEADY = 20.0  # seconds after which a process counts as one that runs
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
    few = {"MALLOC_ARENA_MAX": "2"}  # else each thread that makes pages keeps free memory of its own
    environment = os.environ | settings.environment | quiet | few
    return subprocess.Popen(  # noqa: S603 - our own modules
        command,
        pass_fds=[listener.fileno()],
        env=environment,
        process_group=0,  # so that Ctrl-C reaches the supervisor alone, which stops the others in order
    )


@dataclass
class KeptProcess:
    """A process that is started again when it ends by itself, after pauses that grow while it goes on to."""

    begin: Callable[[], Process]
    pause: float = PAUSE

    def __post_init__(self) -> None:
        self._start()

    def _start(self) -> None:
        self.process, self.begun, self.due = self.begin(), time.monotonic(), 0.0

    def look(self) -> None:
        """Start the process again if it ended and its pause is over."""
        if self.process.poll() is None:
            return
        now = time.monotonic()
        if not self.due:
            self.pause = PAUSE if now - self.begun > STEADY else min(2 * self.pause, LONGEST)
            self.due = now + self.pause
            mark_process_dead(self.process.pid)  # type: ignore[no-untyped-call]
            if self.pause > PAUSE * 2:
                words = f"A process of the server ended again; it is started again in {self.pause:.0f} s."
                click.echo(f"{words} Its own words are above.", err=True)
        elif now >= self.due:
            self._start()


@dataclass
class Supervisor:
    """The engine and the web processes of one server."""

    settings: Settings
    listener: socket.socket
    stops: int = 0

    def run(self) -> int:
        """Serve until a signal; return the exit code.

        On the first signal it accepts no more connections and lets running requests end; a second signal kills them.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        engine = EngineProcess(self.settings)
        with engine.folder, tempfile.TemporaryDirectory() as counts:
            os.environ[FOLDER] = counts
            queries = KeptProcess(engine.start)
            web = [KeptProcess(lambda: self._web(engine)) for _ in range(self.settings.workers)]
            try:
                while not self.stops:
                    time.sleep(TICK)
                    for each in (queries, *web):
                        each.look()
            finally:
                self.listener.close()
                self._end([each.process for each in web])
                self._end([queries.process])
        return 0

    def _end(self, processes: list[Process]) -> None:
        """Let processes end in order, or kill them at a second signal."""
        for process in processes:
            process.terminate()
        while any(process.poll() is None for process in processes):
            if self.stops > 1:
                for process in processes:
                    process.kill()
            time.sleep(TICK / 2)

    def _web(self, engine: EngineProcess) -> Process:
        return start("server.web", self.settings, self.listener, engine.path)

    def _stop(self, _: int, __: FrameType | None) -> None:
        self.stops += 1


def main() -> None:
    """Serve at the listening socket whose file descriptor is the first argument."""
    listener = socket.socket(fileno=int(sys.argv[1]))
    listener.set_inheritable(False)
    sys.exit(Supervisor(Settings.from_environment(), listener).run())


if __name__ == "__main__":
    main()
