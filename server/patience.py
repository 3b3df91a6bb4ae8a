"""Clients that are slow: one that does not send its request, or take in the answer, in time loses its connection."""

import errno
import select
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from gunicorn.util import close_graceful
from gunicorn.workers.gthread import TConn, ThreadWorker

from server.alike import BEGUN, Begun
from server.front import Burst, Facts, Front, Waiting

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

TICK = 1.0
LINGER = 2  # milliseconds for which a thread waits for the next request
AT_ONCE = 100  # requests that a thread handles of one connection


class Watch:
    """Shuts each socket that takes longer than its time to send what is awaited from it."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._since: dict[socket.socket, float] = {}
        self._begun = False

    def begin(self, client: socket.socket, since: float | None = None) -> None:
        """Await something of a client from now on, or from an earlier time."""
        if not self._begun:  # not sooner: a thread does not outlive the fork of its process
            self._begun = True
            threading.Thread(target=self._run, daemon=True).start()
        self._since[client] = since or time.monotonic()

    def end(self, client: socket.socket) -> None:
        """Await nothing of a client any more."""
        self._since.pop(client, None)

    @contextmanager
    def awaiting(self, client: socket.socket, since: float | None = None) -> Iterator[None]:
        """Await something of a client in a block."""
        self.begin(client, since)
        try:
            yield
        finally:
            self.end(client)

    def _run(self) -> None:
        while True:
            time.sleep(TICK)
            now = time.monotonic()
            for client, since in list(self._since.items()):
                if now - since > self.seconds:
                    self.end(client)
                    with suppress(OSError):
                        client.shutdown(socket.SHUT_RDWR)


class Body:
    """The body of a request, whose reading is watched from its head on."""

    def __init__(self, body: Any, client: socket.socket, watch: Watch) -> None:
        self.body, self.client, self.watch, self.begun = body, client, watch, time.monotonic()

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes, at most so many."""
        with self.watch.awaiting(self.client, self.begun):
            return bytes(self.body.read(size))

    def readline(self, size: int = -1) -> bytes:
        """Return the next line."""
        with self.watch.awaiting(self.client, self.begun):
            return bytes(self.body.readline(size))

    def __iter__(self) -> Iterator[bytes]:
        while line := self.readline():
            yield line


class Patient:
    """The application, for clients that may take so many seconds for each step; `front` answers what it knows."""

    def __init__(
        self, app: "WSGIApplication", watch: Watch, front: Front | None = None, *, proxied: bool = False
    ) -> None:
        self.app, self.watch, self.front, self.proxied = app, watch, front, proxied
        self.known: dict[socket.socket, Facts] = {}

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> "Iterable[bytes]":
        """Answer a request whose head has come."""
        client: socket.socket = environ["gunicorn.socket"]
        self.watch.end(client)
        client.settimeout(self.watch.seconds)  # of each block that is sent (Python: of the whole `sendall`)
        environ["wsgi.input"] = Body(environ["wsgi.input"], client, self.watch)
        environ.update(self.known.pop(client, {}))
        return self.app(environ, start_response)


def is_empty(conn: TConn) -> bool:
    """Return whether nothing was read of a connection that is still to be answered."""
    return conn.parser is None or not conn.parser.unreader.buf.getvalue()


def followed(conn: TConn) -> bool:
    """Return whether the next request comes at once, so that this thread handles it too."""
    if not is_empty(conn):
        return False  # gunicorn handles it again by itself
    waiter = select.poll()
    waiter.register(conn.sock, select.POLLIN)
    return bool(waiter.poll(LINGER))


class PatientWorker(ThreadWorker):  # type: ignore[misc]
    """A worker of gunicorn that waits for the head of a request for a bounded time only."""

    @property
    def watch(self) -> Watch:
        """The watch of the application."""
        watch: Watch = self.wsgi.watch
        return watch

    def handle(self, conn: TConn) -> Any:
        """Handle a request, and those that follow it at once; the application ends the wait for its head.

        The connection is closed here, in a thread, for a client may keep that waiting: gunicorn would do it in the
        one loop that serves all.
        """
        burst = Burst()
        for _ in range(AT_ONCE):  # then others have their turn
            again = self._handled(conn, burst)
            if again is not True or not self.alive or conn.is_http2 or not followed(conn):
                break
        if again is False:
            close_graceful(conn.sock)
        return again

    def _handled(self, conn: TConn, burst: Burst) -> Any:
        front: Front | None = self.wsgi.front
        if front and self.alive and is_empty(conn):
            conn.sock.settimeout(None)
            try:
                waiting = Waiting(conn.sock, "" if self.wsgi.proxied else conn.client[0], self.watch.seconds)
                known = front.answered(waiting, burst)
            except OSError:
                return False
            if known is None:
                conn.init()
                return True
            self.wsgi.known[conn.sock] = known
        try:
            with self.watch.awaiting(conn.sock):
                return super().handle(conn)
        finally:
            begun = self.wsgi.known.pop(conn.sock, {}).get(BEGUN)
            if isinstance(begun, Begun):
                begun.close()

    def _keepalive_after(self, conn: TConn, keepalive: bool) -> bool:  # noqa: FBT001 - as gunicorn calls it
        """Read what the application left of the body, in the time that a client may take for that."""
        with self.watch.awaiting(conn.sock):
            return bool(super()._keepalive_after(conn, keepalive))

    def handle_request(self, req: Any, conn: TConn) -> Any:
        """Answer a request; a client that takes nothing in is one that left."""
        try:
            return super().handle_request(req, conn)
        except TimeoutError as error:
            raise ConnectionResetError(errno.ECONNRESET, "The client took too long.") from error
