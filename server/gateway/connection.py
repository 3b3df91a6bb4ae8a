"""The HTTP protocol of uvicorn, with deadlines for clients that send or read too slowly, and a limit on their heads."""

import asyncio
import re
import resource
from http import HTTPStatus
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from server.engine.turns import CALLER, Caller
from server.gateway.exchange import LONGEST_ADDRESS, TOO_LONG
from server.http.errors import problem_document
from server.http.logs import Record
from server.http.rates import client as share

LONGEST_HEAD = 1 << 17  # bytes of a request line, whose address may have half of them, and its headers
RESERVED = 200  # file descriptors that are left for files, workers and logs
UPGRADE = re.compile(rb"(\r\n|^)upgrade(?=[ \t]*:)", re.IGNORECASE)


class ClientConnection(HttpToolsProtocol):
    """A connection of a client; `seconds` is how long it may take to send a head, or to read 64 kB."""

    seconds = 30.0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.caller, self.head_size, self.is_in_head = Caller(), 0, True
        self.reading: asyncio.TimerHandle | None = None
        self.writing: asyncio.TimerHandle | None = None
        self.refusal: tuple[Any, ...] = ()  # what is said behind the answers that are still to come

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first head."""
        super().connection_made(transport)
        self.caller.share = share(self.client[0]) if self.client else ""
        self._await_head(self.seconds)
        if len(self.connections) > resource.getrlimit(resource.RLIMIT_NOFILE)[0] - RESERVED:
            transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """End what is done for the client."""
        for timer in (self.reading, self.writing):
            if timer:
                timer.cancel()
        super().connection_lost(exc)
        self.caller.leave()

    def data_received(self, data: bytes) -> None:
        """Read a part of a request, whose head may not grow without end; nothing is read behind a malformed one."""
        if self.is_in_head:
            self.head_size += len(data)
            if b"pgrade" in data or b"PGRADE" in data:  # is ignored (RFC 9110, 7.8); uvicorn would drop the body
                head, end, rest = data.partition(b"\r\n\r\n")
                data = UPGRADE.sub(rb"\1x-upgrade", head) + end + rest
        if not self.refusal:
            super().data_received(data)
        if self.is_in_head and self.head_size > LONGEST_HEAD:
            self._refuse(
                HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
                f"The head of the request is larger than {LONGEST_HEAD >> 10} kB.",
            )

    def on_message_begin(self) -> None:
        """Begin a request."""
        super().on_message_begin()
        self.scope["extensions"] = {CALLER: self.caller}  # type: ignore[dict-item]

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header; one behind the body is not taken, since it could pose as one of the proxy's."""
        if self.is_in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Begin to answer."""
        self._await_head(None)
        if self.parser.should_upgrade():  # of CONNECT, or in a head that came in pieces or behind another
            self._refuse(HTTPStatus.NOT_IMPLEMENTED, "Nothing is upgraded here; send the request without Upgrade.")
            return
        if len(self.url) > LONGEST_ADDRESS:
            self._refuse(HTTPStatus.REQUEST_URI_TOO_LONG, TOO_LONG)
            return
        self.is_in_head, self.head_size = False, 0
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Begin to read the next head."""
        if not self.refusal:
            super().on_message_complete()
        self.is_in_head = True

    def on_response_complete(self) -> None:
        """Begin to wait for the next head, or refuse what came behind the request."""
        super().on_response_complete()
        if self.cycle.response_complete and not self.transport.is_closing():
            self._await_head(self.seconds)
            if self.refusal:
                self._say(*self.refusal)

    def pause_writing(self) -> None:
        """Begin to wait for a client that does not read."""
        super().pause_writing()
        self.writing = self.loop.call_later(self.seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """Go on: the client has read."""
        super().resume_writing()
        if self.writing:
            self.writing.cancel()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is not HTTP."""
        self._refuse(HTTPStatus.BAD_REQUEST, f"{msg} Send a known method, and well-formed lengths and chunks.")

    def _await_head(self, seconds: float | None) -> None:
        if self.reading:
            self.reading.cancel()
        self.reading = self.loop.call_later(seconds, self._expire) if seconds else None

    def _expire(self) -> None:
        if self.head_size:
            self._refuse(HTTPStatus.REQUEST_TIMEOUT, "The head of the request did not come in time.")
        else:
            self.transport.close()

    def _refuse(self, *refusal: Any) -> None:
        """Refuse the rest of what comes: behind the answers that are still to come, or at once if there are none."""
        if self.refusal:
            return
        self.refusal = refusal
        if self.cycle is None or self.cycle.response_complete or not self.is_in_head:
            self._say(*refusal)

    def _say(self, status: HTTPStatus, detail: str) -> None:
        if self.cycle and self.cycle.response_started and not self.cycle.response_complete:
            self.transport.abort()  # in the middle of an answer
            return
        body = problem_document(status, detail)
        head = f"content-type: application/problem+json\r\ncontent-length: {len(body)}\r\nconnection: close\r\n"
        head += "access-control-allow-origin: *\r\n\r\n"
        self.transport.write(STATUS_LINE[status] + head.encode() + body.encode())
        self.transport.close()
        record = Record(self.client[0] if self.client else "", "-", "", error=detail, status=status, sent=len(body))
        self.app.log.write(record)
