"""The protocol between the web process and a worker over a Unix socket: frames of a letter, a length and a body."""

import socket
import struct
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Self

import msgspec

QUERY, HEAD, DATA, END, ERROR, STALE, CRASH = b"Q", b"H", b"D", b"E", b"X", b"S", b"F"
LEAVING = b"-"  # body of an END after which the worker closes the connection
FRAME = struct.Struct(">cI")
FATAL = b"Fatal"  # first bytes of what the fault handler of a crashing worker writes, which is no frame
BLOCK = 1 << 17  # bytes that are received at once
Frame = tuple[bytes, bytes]
Receive = Callable[[int], bytes]


class Head(msgspec.Struct, frozen=True, array_like=True):
    """The first frame of an answer: the version that gave it, and whether it is a graph."""

    version: int
    is_graph: bool


@dataclass(frozen=True)
class Question:
    """A query, the formats of its answer, and limits: `timeout` in seconds, `size` in bytes, `rows` (0: no limit)."""

    text: str
    version: int
    results: str | None
    graph: str | None
    base: str
    timeout: float
    size: int = 0
    rows: int = 0
    default_graphs: tuple[str, ...] | None = None
    named_graphs: tuple[str, ...] | None = None
    check: bool = False  # only parse it: it is evaluated on an empty store

    def encode(self) -> bytes:
        """Return the question as the body of a frame."""
        return QUESTIONS.encode(self)

    @classmethod
    def decode(cls, body: bytes) -> Self:
        """Return the question of the body of a frame."""
        return msgspec.msgpack.decode(body, type=cls)


QUESTIONS = msgspec.msgpack.Encoder()


def send(peer: socket.socket, kind: bytes, body: bytes = b"", before: Iterable[Frame] = ()) -> None:
    """Send one frame, and those before it, in one packet, since each packet wakes the peer."""
    frames = (*before, (kind, body))
    peer.sendall(b"".join(part for kind, body in frames for part in (FRAME.pack(kind, len(body)), body)))


def receive(peer: socket.socket, take: Receive | None = None) -> Iterator[Frame]:
    """Yield frames until the peer closes, but no truncated one; `take` receives the bytes."""
    take, waiting = take or peer.recv, bytearray()
    while _filled(waiting, FRAME.size, take):
        if waiting.startswith(FATAL):
            yield CRASH, bytes(waiting) + b"".join(iter(lambda: take(BLOCK), b""))
            return
        kind, length = FRAME.unpack_from(waiting)
        if not _filled(waiting, FRAME.size + length, take):
            return
        body = bytes(waiting[FRAME.size : FRAME.size + length])
        del waiting[: FRAME.size + length]
        yield kind, body


def _filled(waiting: bytearray, length: int, take: Receive) -> bool:
    """Receive until there are `length` bytes; return whether there are."""
    while len(waiting) < length:
        part = take(BLOCK)
        if not part:
            return False
        waiting += part
    return True
