"""A request and its answer: what the gateway checks and knows of them, and how the answer is sent."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from typing import Any, cast

from uvicorn._types import ASGIReceiveCallable, ASGISendCallable, HTTPScope

from graph.settings import Settings
from server.engine.caller import Caller
from server.engine.failures import LimitError
from server.engine.spool import Room, Spool
from server.errors import BodyError, LongAddressError, RequestError
from server.gateway.connection import CALLER
from server.logs import Record
from server.rates import client as share

BLOCK = 1 << 16  # bytes that are sent at once; a client has its time for each
LONGEST_ADDRESS = 8190  # bytes; a longer query is posted
NAME = re.compile(rb"[a-z0-9-]+")
Headers = Iterable[tuple[str, str]]


class GoneError(Exception):
    """The client left, or did not send its request in time."""


@dataclass
class Exchange:
    """A request, its headers by name (several of one name joined by commas), and its answer."""

    scope: HTTPScope
    receive: ASGIReceiveCallable
    send: ASGISendCallable
    settings: Settings
    room: Room
    headers: dict[str, str] = field(default_factory=dict)
    is_begun: bool = False

    def __post_init__(self) -> None:
        for name, value in self.scope["headers"]:
            if NAME.fullmatch(name):  # no `x_forwarded_for`, which would pose as the proxy's header in an environ
                key, text = name.decode(), value.decode("latin-1")
                self.headers[key] = f"{self.headers[key]},{text}" if key in self.headers else text
        self.caller = cast("Caller", self.scope["extensions"][CALLER])
        self.address = self._address()
        self.record = Record(self.address, self.scope["method"], self.scope["path"])

    def _address(self) -> str:
        """Return the address of the client: of the connection, or as the last of the trusted proxies say."""
        found = self.scope["client"][0] if self.scope["client"] else ""
        if self.settings.proxies:
            named = [each.strip() for each in self.headers.get("x-forwarded-for", "").split(",")]
            found = named[-self.settings.proxies] if len(named) >= self.settings.proxies else found
            self.caller.share = share(found)
        return found

    @property
    def has_query(self) -> bool:
        """Whether the request is to the endpoint."""
        path = self.scope["path"]
        return path == "/sparql" or path.startswith("/sparql.")

    def check(self) -> None:
        """Refuse a request that does not say for whom it is, or how long it is (RFC 9112, sections 3.2 and 6.3).

        Raises:
            RequestError: it is not well formed.
        """
        hosts = sum(name == b"host" for name, _ in self.scope["headers"])
        if hosts > 1 or (hosts == 0 and self.scope["http_version"] == "1.1"):
            raise RequestError("Send one Host header.")
        if len(self.scope["raw_path"]) + len(self.scope["query_string"]) > LONGEST_ADDRESS:
            raise LongAddressError

    async def body(self, most: int) -> bytes:
        """Return the body.

        Raises:
            BodyError: it is larger than `most` bytes.
            GoneError: the client left, or did not send it in time.
        """
        announced = int(self.headers.get("content-length", "0"))
        if announced > most:  # said before the first `receive`, so that the client is not asked to send it
            raise BodyError(f"{most >> 20} MB")
        if not announced and "transfer-encoding" not in self.headers:
            return b""
        parts, size = [], 0
        try:
            async with asyncio.timeout(self.settings.client_seconds):
                while True:
                    message = cast("dict[str, Any]", await self.receive())
                    if message["type"] != "http.request":
                        raise GoneError
                    parts.append(message["body"])
                    size += len(message["body"])
                    if size > most:
                        raise BodyError(f"{most >> 20} MB")
                    if not message["more_body"]:
                        return b"".join(parts)
        except TimeoutError:
            raise GoneError from None

    async def begin(self, status: int, headers: Headers) -> None:
        """Send the head of the answer."""
        self.is_begun = True
        self.record.status = status
        encoded = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        await self.send({"type": "http.response.start", "status": status, "headers": encoded})

    async def write(self, data: bytes, *, more: bool) -> None:
        """Send a part of the body, in pieces that a slow client can take in within its time."""
        for start in range(0, len(data) or 1, BLOCK):
            piece = data if len(data) <= BLOCK else data[start : start + BLOCK]
            self.record.sent += len(piece)
            last = start + BLOCK >= len(data)
            await self.send({"type": "http.response.body", "body": piece, "more_body": more or not last})

    async def answer(self, status: int, headers: list[tuple[str, str]], blocks: AsyncIterator[bytes] | bytes) -> None:
        """Send a whole answer, or the blocks of one while they come.

        HTTP/1.0 knows no chunks: the end of the connection would be the end of the answer, so a length is sent first.
        """
        if isinstance(blocks, bytes):
            given = [pair for pair in headers if pair[0].lower() != "content-length"]
            length = [] if status in (204, 304) else [("Content-Length", str(len(blocks)))]
            await self.begin(status, [*given, *length])
            await self.write(blocks, more=False)
            return
        if self.scope["http_version"] == "1.0" and not any(name.lower() == "content-length" for name, _ in headers):
            size, blocks = await self._spooled(blocks)
            headers = [*headers, ("Content-Length", str(size))]
        await self.begin(status, headers)
        async for block in blocks:
            await self.write(block, more=True)
        await self.write(b"", more=False)

    async def _spooled(self, blocks: AsyncIterator[bytes]) -> tuple[int, AsyncIterator[bytes]]:
        """Take all blocks; return their size, and the blocks again.

        Raises:
            LimitError: there is no room for them.
        """
        spool, size = Spool(self.room), 0
        async for block in blocks:
            spool.put(block)
            size += len(block)
            if spool.is_full:
                spool.close()
                words = "The answer is too large to be sent by HTTP/1.0; ask by HTTP/1.1."
                raise LimitError("CONVOCATION_SPOOL", words, f"{self.settings.spool} MB")

        async def again() -> AsyncIterator[bytes]:
            while block := spool.get():
                yield block
            spool.close()

        return size, again()
