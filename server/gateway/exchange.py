"""A request and its answer: what the gateway checks and knows of them, and how the answer is sent."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from graph.settings import Settings
from server.engine.failures import LeftError, LimitError
from server.engine.spool import Room, spooled
from server.engine.turns import CALLER, Caller
from server.http.errors import BodyError, LongAddressError, RequestError
from server.http.logs import Record
from server.http.rates import client as share
from server.metrics import shows

BLOCK = 1 << 16  # bytes that are sent at once; a client has its time for each
LONGEST_ADDRESS = 65_000  # bytes, of 65,535 that the parser takes; a longer query is posted
TOO_LONG = f"The URL is longer than {LONGEST_ADDRESS:,} bytes; send a long query by POST."
NAME = re.compile(rb"[a-z0-9-]+")  # no `x_forwarded_for`, which would pose as the proxy's header in a WSGI environ


@dataclass
class Exchange:
    """A request, its headers by name (several of one name joined by commas), and its answer."""

    scope: dict[str, Any]
    receive: Callable[[], Awaitable[dict[str, Any]]]
    send: Callable[[dict[str, Any]], Awaitable[None]]
    settings: Settings
    room: Room
    headers: dict[str, str] = field(default_factory=dict)
    is_begun: bool = False

    def __post_init__(self) -> None:
        for name, value in self.scope["headers"]:
            if NAME.fullmatch(name):
                key, text = name.decode(), value.decode("latin-1")
                self.headers[key] = f"{self.headers[key]},{text}" if key in self.headers else text
        self.caller: Caller = self.scope["extensions"][CALLER]
        self.address = self.scope["client"][0] if self.scope["client"] else ""
        if self.settings.proxies:  # the last of the trusted ones says who asked the first
            named = [each.strip() for each in self.headers.get("x-forwarded-for", "").split(",")]
            self.address = named[-self.settings.proxies] if len(named) >= self.settings.proxies else self.address
            self.caller.share = share(self.address)
        self.record = Record(self.address, self.scope["method"], self.scope["path"])

    def check(self) -> None:
        """Raise RequestError unless a request says once for whom it is (RFC 9112, 3.2) at a short enough address."""
        hosts = sum(name == b"host" for name, _ in self.scope["headers"])
        if hosts > 1 or (hosts == 0 and self.scope["http_version"] == "1.1"):
            raise RequestError("Send one Host header.")
        if self.headers.get("transfer-encoding", "chunked").lower() != "chunked":
            raise RequestError("Send the body with Content-Length, or with chunked alone as Transfer-Encoding.")
        if len(self.scope["raw_path"]) + len(self.scope["query_string"]) > LONGEST_ADDRESS:
            raise LongAddressError(TOO_LONG)

    async def body(self) -> bytes:
        """Return the body; raise BodyError if it is too large for the client, LeftError if it came late or in part."""
        writes = shows(self.headers.get("authorization", ""), self.settings.token)
        most = (self.settings.write_size if writes else self.settings.body_size) << 20
        announced = int(self.headers.get("content-length", "0"))
        if announced > most:  # refused before `receive`, which would ask a client that waits for 100 to send it
            raise BodyError(f"{most >> 20} MB")
        parts, size, more = [], 0, bool(announced) or "transfer-encoding" in self.headers
        if not more:
            return b""
        try:
            async with asyncio.timeout(self.settings.client_seconds):
                while more:
                    message = await self.receive()
                    if message["type"] != "http.request":
                        raise LeftError("The client closed its connection before its request was whole.")
                    parts.append(message["body"])
                    size, more = size + len(message["body"]), message["more_body"]
                    if size > most:
                        raise BodyError(f"{most >> 20} MB")
        except TimeoutError:
            raise LeftError("The client did not send its request in time.") from None
        return b"".join(parts)

    async def begin(self, status: int, headers: list[tuple[str, str]]) -> None:
        """Send the head of the answer."""
        self.is_begun, self.record.status = True, status
        encoded = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        await self.send({"type": "http.response.start", "status": status, "headers": encoded})

    async def write(self, data: bytes, *, more: bool) -> None:
        """Send a part of the body, in pieces that a slow client can take in within its time."""
        for start in range(0, len(data) or 1, BLOCK):
            piece = data if len(data) <= BLOCK else data[start : start + BLOCK]
            self.record.sent += len(piece)
            last = start + BLOCK >= len(data)
            await self.send({"type": "http.response.body", "body": piece, "more_body": more or not last})

    async def answer(self, status: int, headers: list[tuple[str, str]], body: AsyncIterator[bytes] | bytes) -> None:
        """Send a whole answer, or the blocks of one while they come.

        HTTP/1.0 knows no chunks: the end of the connection would be the end of the answer, so its length is sent first.
        """
        own = [each for each in headers if each[0].lower() != "content-length"]
        if isinstance(body, bytes):
            has_length = status not in (204, 304) and (body or self.scope["method"] != "HEAD")
            await self.begin(status, [*own, ("Content-Length", str(len(body)))] if has_length else headers)
            await self.write(body, more=False)
            return
        if self.scope["http_version"] == "1.0":
            try:
                size, body = await spooled(body, self.room)
            except OSError:
                words = "The answer is too large for HTTP/1.0, which has no chunks; ask by HTTP/1.1."
                raise LimitError("CONVOCATION_SPOOL", words, f"{self.settings.spool} MB") from None
            headers = [*own, ("Content-Length", str(size))]
        await self.begin(status, headers)
        async for block in body:
            await self.write(block, more=True)
        await self.write(b"", more=False)
