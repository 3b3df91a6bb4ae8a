"""Lets Flask answer a request in a thread: the WSGI environ, a fair share of the threads, and the way back."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Iterable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from server.engine.failures import BusyError
from server.engine.spool import Spool
from server.engine.turns import NoPlaceError, Turns
from server.gateway.exchange import Exchange
from server.logs import RECORD, CutOffError
from server.querying import OUTCOME

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

WHOLE = 1 << 18  # bytes up to which an answer is sent in one go
PAUSE = 0.05  # seconds between looks whether a slow reader has made room


@dataclass
class Response:
    """What Flask answers, filled by its thread and read by the event loop."""

    exchange: Exchange
    loop: asyncio.AbstractEventLoop
    status: int = 500
    headers: list[tuple[str, str]] = field(default_factory=list)
    is_done: bool = False
    error: BaseException | None = None

    def __post_init__(self) -> None:
        self.spool = Spool(self.exchange.room)
        self.ready = asyncio.Event()

    def start(self, status: str, headers: list[tuple[str, str]], _: Any = None) -> Any:
        """Take the head (PEP 3333)."""
        self.status, self.headers = int(status[:3]), headers
        return None

    def run(self, app: "WSGIApplication", environ: "WSGIEnvironment") -> None:
        """Let the application answer, in a thread."""
        parts: list[bytes] = []
        try:
            body = app(environ, self.start)
            try:
                for part in body:
                    parts.append(part)
                    if sum(map(len, parts)) >= WHOLE:
                        self._hand_over(parts)
                        parts = []
            finally:
                if close := getattr(body, "close", None):
                    close()
        except BaseException as error:  # noqa: BLE001 - the event loop decides what it means
            self.error = error
        self.loop.call_soon_threadsafe(self._take, parts, True)  # noqa: FBT003

    def _hand_over(self, parts: list[bytes]) -> None:
        """Give blocks to the event loop; wait while a slow reader leaves no room for more.

        Raises:
            CutOffError: the client left, or did not read in time.
        """
        self.loop.call_soon_threadsafe(self._take, parts, False)  # noqa: FBT003
        until = time.monotonic() + self.exchange.settings.query_seconds
        while self.spool.is_full and not self.exchange.caller.is_gone and time.monotonic() < until:
            time.sleep(PAUSE)
        if self.spool.is_full or self.exchange.caller.is_gone:
            raise CutOffError

    def _take(self, parts: list[bytes], is_done: bool) -> None:  # noqa: FBT001 - called by the loop
        try:
            for part in parts:
                if part:
                    self.spool.put(part)
        except OSError as error:
            self.error = error
        self.is_done = is_done or self.error is not None
        self.ready.set()

    async def blocks(self) -> AsyncIterator[bytes]:
        """Yield the body."""
        while True:
            while block := self.spool.get():
                yield block
            if self.is_done:
                break
            self.ready.clear()
            await self.ready.wait()
        if self.error:
            raise self.error


@dataclass
class FlaskBridge:
    """Runs a WSGI application in the threads of an executor, of which each client has a fair share."""

    app: "WSGIApplication"
    threads: Executor
    turns: Turns
    server: tuple[str, int]

    async def answer(self, exchange: Exchange, body: bytes, outcome: object = None) -> None:
        """Let Flask answer a request; `outcome` is what came of its query already.

        Raises:
            BusyError: too many requests wait for a thread.
        """
        environ = self._environ(exchange, body) | ({OUTCOME: outcome} if outcome is not None else {})
        share, loop = exchange.caller.share, asyncio.get_running_loop()
        try:
            await self.turns.take(share, exchange.settings.query_seconds)
        except (NoPlaceError, TimeoutError):
            words = "Too many requests wait already; send this one again in some seconds."
            raise BusyError("CONVOCATION_THREADS", words, str(exchange.settings.threads)) from None
        response = Response(exchange, loop)
        running = loop.run_in_executor(self.threads, response.run, self.app, environ)
        running.add_done_callback(lambda _: self.turns.leave(share))
        try:
            await response.ready.wait()
            if response.is_done and response.error is None:
                await exchange.answer(response.status, response.headers, b"".join(_all(response.spool)))
            else:
                await exchange.answer(response.status, response.headers, response.blocks())
        finally:
            response.spool.close()

    def _environ(self, exchange: Exchange, body: bytes) -> "WSGIEnvironment":
        scope, headers = exchange.scope, exchange.headers
        host, port = self.server
        environ: WSGIEnvironment = {
            "REQUEST_METHOD": scope["method"],
            "SCRIPT_NAME": "",
            "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
            "QUERY_STRING": scope["query_string"].decode("latin-1"),
            "RAW_URI": scope["raw_path"].decode("latin-1"),
            "SERVER_NAME": host,
            "SERVER_PORT": str(port),
            "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
            "REMOTE_ADDR": exchange.address,
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
            RECORD: exchange.record,
            "CONTENT_TYPE": headers.get("content-type", ""),
        }
        if body:
            environ["CONTENT_LENGTH"] = str(len(body))
        own = ("content-type", "content-length", "transfer-encoding")
        named = {f"HTTP_{name.upper().replace('-', '_')}": text for name, text in headers.items() if name not in own}
        return environ | named


def _all(spool: Spool) -> Iterable[bytes]:
    while block := spool.get():
        yield block
