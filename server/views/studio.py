"""The web's side of the process that draws: starts it when a figure is needed, and stops it at a deadline."""

import os
import socket
import subprocess
import weakref
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

import msgspec

from graph.errors import ConvocationError
from server.engine.failures import LimitError
from server.engine.frames import DATA, QUERY, receive, send
from server.engine.process import spawn

SECONDS = 20.0  # that a figure may take


class FigureError(ConvocationError):
    """A figure cannot be drawn."""


@dataclass
class Studio:
    """Draws one figure at a time, in a process that ends when nothing was drawn for a while."""

    process: subprocess.Popen[bytes] | None = None
    peer: socket.socket | None = None
    lock: Lock = field(default_factory=Lock)

    def draw(self, kind: str, given: Any, **options: Any) -> Any:
        """Return what `painter.draw` does; raise FigureError if it cannot be drawn, LimitError if it took too long."""
        body = msgspec.msgpack.encode((kind, given, options))
        with self.lock:
            for _ in range(2):  # the process may have ended just now, since nothing was drawn for a while
                peer = self._started()
                try:
                    send(peer, QUERY, body)
                    frame = next(receive(peer), None)
                except TimeoutError:
                    self._stop()
                    words = f"The figure took longer than {SECONDS:g} s; ask for fewer rows."
                    raise LimitError("CONVOCATION_QUERY_SECONDS", words, f"{SECONDS:g} s") from None
                except OSError:
                    frame = None
                if frame:
                    break
                self._stop()
            else:
                raise FigureError("The process that draws figures ended; ask again, or for fewer rows.")
        if frame[0] == DATA:
            return msgspec.msgpack.decode(frame[1])
        raise FigureError(f"The figure cannot be drawn: {frame[1].decode()}")

    def _started(self) -> socket.socket:
        if self.peer and self.process and self.process.poll() is None:
            return self.peer
        self._stop()
        self.process, self.peer = spawn("server.views.painter", os.environ)
        self.peer.settimeout(SECONDS)
        weakref.finalize(self, self.process.kill)
        return self.peer

    def _stop(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()
        if self.peer:
            with suppress(OSError):
                self.peer.close()
        self.process = self.peer = None
