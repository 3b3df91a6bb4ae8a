"""Lets Flask answer a request in a thread: the WSGI environ (PEP 3333), a fair share of the threads, the way back."""

import asyncio
import contextlib
import sys
import time
from collections.abc import AsyncIterator
from concurrent.futures import Executor
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes

from werkzeug.wsgi import ClosingIterator

from server.engine.failures import BusyError
from server.engine.spool import Spool
from server.engine.turns import CALLER, NoPlaceError, Turns
from server.gateway.exchange import Exchange
from server.http.logs import RECORD, CutOffError
from server.sparql.querying import OUTCOME

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication, WSGIEnvironment

WHOLE = 1 << 18  # bytes up to which an answer is sent in one go
PAUSE = 0.05  # seconds between looks whether a slow reader has made room
WSGI = {"wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.multithread": True, "wsgi.multiprocess": True}
WSGI["wsgi.run_once"] = False
OWN = ("content-type", "content-length", "transfer-encoding")  # headers that have names of their own, or that are done


@dataclass
class FlaskResponse:
    """An answer of Flask, filled by a thread and read by the event loop."""

    exchange: Exchange
    loop: asyncio.AbstractEventLoop
    ready: asyncio.Event = field(default_factory=asyncio.Event)
    status: int = 500
    headers: list[tuple[str, str]] = field(default_factory=list)
    rest: bytes = b""
    is_done: bool = False
    error: BaseException | None = None

    def __post_init__(self) -> None:
        self.spool = Spool(self.exchange.room)

    def start(self, status: str, headers: list[tuple[str, str]], _: Any = None) -> Any:  # noqa: D102 - PEP 3333
        self.status, self.headers = int(status[:3]), headers

    def run(self, app: "WSGIApplication", environ: "WSGIEnvironment") -> None:
        """Let the application answer, in a thread."""
        parts, size = list[bytes](), 0
        error: BaseException | None = None
        until = time.monotonic() + 2 * self.exchange.settings.query_seconds  # the head has its time, and the body too
        try:
            with contextlib.closing(ClosingIterator(app(environ, self.start))) as body:
                for part in body:
                    parts.append(part)
                    size += len(part)
                    if size >= WHOLE:
                        putting = asyncio.run_coroutine_threadsafe(self._put(b"".join(parts)), self.loop)
                        putting.result(max(0.0, until - time.monotonic()))
                        parts, size = [], 0
        except BaseException as raised:  # noqa: BLE001 - the event loop raises it
            error = CutOffError() if isinstance(raised, TimeoutError) else raised
        self.loop.call_soon_threadsafe(self._end, b"".join(parts), error)

    async def _put(self, data: bytes) -> None:
        """Take a part of the body; wait while a slow reader leaves no room for more."""
        self.spool.put(data)
        self.ready.set()
        while self.spool.is_full and not self.exchange.caller.is_gone:  # noqa: ASYNC110 - by no event
            await asyncio.sleep(PAUSE)
        if self.exchange.caller.is_gone:
            raise CutOffError

    def _end(self, rest: bytes, error: BaseException | None) -> None:
        self.is_done, self.rest, self.error = True, rest, error
        self.ready.set()

    async def blocks(self) -> AsyncIterator[bytes]:
        """Yield the body."""
        while self.spool or not self.is_done:
            self.ready.clear()
            while block := self.spool.get():
                yield block
            if not self.is_done:
                await self.ready.wait()
        if self.error:
            raise self.error
        yield self.rest


@dataclass
class FlaskBridge:
    """Runs a WSGI application in the threads of an executor, of which each client has a fair share."""

    app: "WSGIApplication"
    threads: Executor
    turns: Turns
    server: tuple[str, int]

    async def answer(self, exchange: Exchange, body: bytes, outcome: object = None) -> None:
        """Let Flask answer a request whose query had an `outcome`; raise BusyError if no thread becomes free."""
        share, settings = exchange.caller.share, exchange.settings
        try:
            await self.turns.take(share, settings.query_seconds)
        except (NoPlaceError, TimeoutError):
            words = "Too many requests wait already; send this one again in some seconds."
            raise BusyError("CONVOCATION_THREADS", words, str(settings.threads)) from None
        loop = asyncio.get_running_loop()
        response = FlaskResponse(exchange, loop)
        running = loop.run_in_executor(self.threads, response.run, self.app, self._environ(exchange, body, outcome))
        running.add_done_callback(lambda _: self.turns.leave(share))
        await response.ready.wait()
        try:
            is_whole = response.is_done and not response.error and not response.spool
            content = response.rest if is_whole else response.blocks()
            await exchange.answer(response.status, response.headers, content)
        finally:
            response.spool.close()

    def _environ(self, exchange: Exchange, body: bytes, outcome: object) -> "WSGIEnvironment":
        scope, headers = exchange.scope, exchange.headers
        return {
            "REQUEST_METHOD": scope["method"],
            "SCRIPT_NAME": "",  # that of the base, which no request can change
            "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
            "QUERY_STRING": scope["query_string"].decode("latin-1"),
            "RAW_URI": scope["raw_path"].decode("latin-1"),
            "CONTENT_TYPE": headers.get("content-type", ""),
            "CONTENT_LENGTH": str(len(body)) if body else "",
            "SERVER_NAME": self.server[0],
            "SERVER_PORT": str(self.server[1]),
            "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
            "REMOTE_ADDR": exchange.address,
            "wsgi.input": BytesIO(body),
            "wsgi.errors": sys.stderr,
            RECORD: exchange.record,
            OUTCOME: outcome,
            CALLER: exchange.caller,
            **WSGI,
            **{f"HTTP_{name.upper().replace('-', '_')}": text for name, text in headers.items() if name not in OWN},
        }
