"""The HTTP protocol of uvicorn, with deadlines for clients that send or read too slowly, and a limit on their heads."""

import asyncio
import resource
from http import HTTPStatus
from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from server.engine.caller import CALLER, Caller
from server.errors import problem_document
from server.rates import client as share

LONGEST_HEAD = 1 << 16  # bytes of a request line and its headers
RESERVED = 200  # file descriptors that are left for files, workers and logs


class ClientConnection(HttpToolsProtocol):
    """A connection of a client; `seconds` is how long it may take to send a head, or to read 64 kB."""

    seconds = 30.0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.caller = Caller()
        self.head_size, self.is_in_head = 0, True
        self.reading: asyncio.TimerHandle | None = None
        self.writing: asyncio.TimerHandle | None = None

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
        """Read a part of a request, whose head may not grow without end."""
        if self.is_in_head:
            self.head_size += len(data)
        super().data_received(data)
        if self.is_in_head and self.head_size > LONGEST_HEAD and not self.transport.is_closing():
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "The head of the request is larger than 64 kB.")

    def on_message_begin(self) -> None:
        """Begin a request."""
        super().on_message_begin()
        self.is_in_head = True
        self.scope["extensions"] = {CALLER: self.caller}  # type: ignore[dict-item]

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header; one behind the body is not taken, since it could pose as one of the proxy's."""
        if self.is_in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Begin to answer."""
        self.is_in_head, self.head_size = False, 0
        self._await_head(None)
        super().on_headers_complete()

    def on_response_complete(self) -> None:
        """Begin to wait for the next head."""
        super().on_response_complete()
        if not self.transport.is_closing() and self.cycle.response_complete:
            self._await_head(self.seconds)

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
        """Refuse what is not HTTP, unless an answer is on its way already."""
        if self.cycle and self.cycle.response_started and not self.cycle.response_complete:
            self.transport.abort()
        else:
            self._refuse(HTTPStatus.BAD_REQUEST, f"{msg} Send HTTP/1.1 with well-formed lengths and chunks.")

    def _await_head(self, seconds: float | None) -> None:
        if self.reading:
            self.reading.cancel()
        self.reading = self.loop.call_later(seconds, self.transport.close) if seconds else None

    def _refuse(self, status: HTTPStatus, detail: str) -> None:
        body = problem_document(status, detail)
        head = f"content-type: application/problem+json\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
        self.transport.write(STATUS_LINE[status] + head.encode() + body.encode())
        self.transport.close()
