"""The client of the writer process: starts it when it is first needed, and reports how an update ended."""

import json
import os
import signal
import socket
import subprocess
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from graph.errors import ConvocationError
from graph.settings import Settings
from graph.updates.writer import Change, UpdateOutcome
from server.engine.failures import BusyError, EngineError, LimitError, revived
from server.engine.frames import HEAD, Frame, receive
from server.engine.process import spawn
from server.engine.writer import send_change


@dataclass
class Writing:
    """The process that writes for this one; changes wait for each other, at most `waiting` of them."""

    settings: Settings
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    peer: socket.socket | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self._turn = threading.Lock()
        self._places = threading.Semaphore(1 + self.settings.waiting)

    def write(self, change: Change) -> UpdateOutcome:
        """Make a change; return the version it made.

        Raises:
            QueryError: the update cannot be applied.
            PayloadError: a serialization is not well formed.
            ShapeError: the graph would break a shape.
            UnknownGraphError: there is no such graph.
            LimitError: the change passed its time or memory, or too many wait.
            EngineError: the process ended without saying why.
        """
        with self._turns():
            kind, body = self._exchange(change)
            if kind == HEAD:
                return UpdateOutcome(**json.loads(body))
            raise revived(json.loads(body), EngineError)

    @contextmanager
    def _turns(self) -> Iterator[None]:
        if not self._places.acquire(blocking=False):
            waiting = self.settings.waiting
            raise BusyError("CONVOCATION_WAITING", f"{waiting} changes wait already; send it again.", str(waiting))
        try:
            if not self._turn.acquire(timeout=self.settings.query_seconds):
                value = f"{self.settings.query_seconds} s"
                raise BusyError("CONVOCATION_QUERY_SECONDS", "Other changes take their time; send it again.", value)
            try:
                yield
            finally:
                self._turn.release()
        finally:
            self._places.release()

    def _exchange(self, change: Change) -> Frame:
        if self.process is None or self.process.poll() is not None:
            self._start()
        assert self.peer is not None  # noqa: S101 - it was started
        try:
            send_change(self.peer, change)
            answer = next(receive(self.peer), None)
        except OSError:
            answer = None
        if answer is None:
            raise self._end(change.seconds)
        return answer

    def _start(self) -> None:
        self.close()
        self.process, self.peer = spawn("server.engine.writer", os.environ | self.settings.environment)
        self._closing = weakref.finalize(self, _close, self.peer, self.process)

    def close(self) -> None:
        """Let the process end when its change is made."""
        if self.process:
            self._closing()
            self.process = self.peer = None

    def _end(self, seconds: float) -> ConvocationError:
        assert self.process is not None  # noqa: S101 - it was asked
        code = self.process.wait()
        self.close()
        hint = "nothing was changed; divide it into smaller ones"
        if code == -signal.SIGALRM:
            value = f"{seconds or self.settings.query_seconds:g} s"
            words = f"The update exceeded the time limit of {value}; {hint}."
            return LimitError("CONVOCATION_QUERY_SECONDS", words, value)
        if code == -signal.SIGABRT:
            value, more = f"{self.settings.query_memory} MB", ", or set CONVOCATION_VALIDATE=no for a large graph"
            words = f"The update exceeded the memory limit of {value}; {hint}{more}."
            return LimitError("CONVOCATION_QUERY_MEMORY", words, value)
        return EngineError("The process that writes ended; ask whether the change was made before you send it again.")


def _close(peer: socket.socket, process: subprocess.Popen[bytes]) -> None:
    peer.close()
    try:
        process.wait(timeout=1)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
