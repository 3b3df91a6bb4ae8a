"""Compression of answers by Accept-Encoding, whole or while they stream (RFC 9110, section 12.5.3)."""

import zlib
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from functools import lru_cache
from typing import Protocol

import zstandard
from flask import Flask, Response, request
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

LEAST = 860  # bytes; a smaller answer fits one packet anyway
LEVEL = 1  # of gzip: a third of the time of level 6 for a tenth more bytes
BARE = (204, 206, *range(300, 400))  # answers without a body, or with a part of one, or with one that nobody reads
GZIP = 16 + zlib.MAX_WBITS
KINDS = ("text/", "application/json", "application/xml", "application/n-", "application/trig", "application/javascript")


class Encoder(Protocol):
    """What compresses parts of an answer."""

    def encode(self, data: bytes) -> bytes:
        """Return all that a client needs to read the data."""
        ...

    def end(self) -> bytes:
        """Return the last bytes."""
        ...


class Gzip:
    """The gzip encoding (RFC 1952)."""

    def __init__(self) -> None:
        self._made = zlib.compressobj(LEVEL, zlib.DEFLATED, GZIP)

    def encode(self, data: bytes) -> bytes:
        """Return all that a client needs to read the data."""
        return self._made.compress(data) + self._made.flush(zlib.Z_SYNC_FLUSH)

    def end(self) -> bytes:
        """Return the last bytes."""
        return self._made.flush(zlib.Z_FINISH)


class Zstd:
    """The zstd encoding (RFC 8878): a third of the time of gzip for a quarter fewer bytes, on 1.6 MB of results."""

    def __init__(self) -> None:
        self._made = zstandard.ZstdCompressor(LEVEL).compressobj()

    def encode(self, data: bytes) -> bytes:
        """Return all that a client needs to read the data."""
        return self._made.compress(data) + self._made.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)

    def end(self) -> bytes:
        """Return the last bytes."""
        return self._made.flush(zstandard.COMPRESSOBJ_FLUSH_FINISH)


ENCODERS: dict[str, Callable[[], Encoder]] = {"zstd": Zstd, "gzip": Gzip}


class Encoded:
    """A body that is compressed while it streams, so that a part goes on as soon as it is there."""

    def __init__(self, body: Iterable[bytes] | Iterable[str], encoder: Encoder) -> None:
        self.body, self.encoder = body, encoder

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self.body:
            yield self.encoder.encode(chunk.encode() if isinstance(chunk, str) else chunk)
        yield self.encoder.end()

    def close(self) -> None:
        """Close the body."""
        close = getattr(self.body, "close", None)
        if close:
            close()


async def encoded(blocks: AsyncIterator[bytes], name: str) -> AsyncIterator[bytes]:
    """Yield blocks in an encoding while they come."""
    encoder = ENCODERS[name]()
    async for block in blocks:
        yield encoder.encode(block)
    yield encoder.end()


def init_app(app: Flask) -> None:
    """Compress what gains by it, for clients that can read it."""
    app.after_request(compressed)


def compressed(response: Response) -> Response:
    """Return a response, compressed if the client can read that and it is worth it."""
    if not compressible(response):
        return response
    response.vary.add("Accept-Encoding")
    name = encoding()
    if name is None or not large(response):
        return response
    if response.is_streamed:
        response.response = Encoded(response.response, ENCODERS[name]())
    else:
        response.set_data(packed(response.get_data(), name))
    response.headers["Content-Encoding"] = name
    tag, _ = response.get_etag()
    if tag:
        response.set_etag(tag, weak=True)
    return response


def packed(body: bytes, name: str) -> bytes:
    """Return a whole body in an encoding."""
    encoder = ENCODERS[name]()
    return encoder.encode(body) + encoder.end()


def compressible(response: Response) -> bool:
    """Return whether a response is of a kind that gains by compression."""
    if response.direct_passthrough or response.status_code in BARE or "Content-Encoding" in response.headers:
        return False
    kind = response.mimetype or ""
    return kind.startswith(KINDS) or kind.endswith(("+json", "+xml"))


def large(response: Response) -> bool:
    """Return whether a response would be smaller."""
    return response.is_streamed or len(response.get_data()) >= LEAST


def encoding(header: str | None = None) -> str | None:
    """Return the best encoding that an Accept-Encoding header allows, by default that of the request; None for none.

    A client that says nothing gets none, and one that says `*` may not have heard of zstd.
    """
    return _encoding(request.headers.get("Accept-Encoding", "") if header is None else header)


@lru_cache(maxsize=64)
def _encoding(header: str) -> str | None:
    given = parse_accept_header(header, Accept)
    if not given:
        return None
    named = {name for name, _ in given}
    weights = {name: given[name] for name in ENCODERS if name in named or name == "gzip"}
    best = max(weights, key=lambda name: weights[name])
    plain = max((weight for name, weight in given if name == "identity"), default=0.0)  # competes only if it is named
    return best if weights[best] > 0 and weights[best] >= plain else None
