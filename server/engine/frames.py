"""What the web and a worker say to each other over a Unix socket: frames of one letter, a length and a body."""

import socket
import struct
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Self

import msgspec

QUERY, HEAD, DATA, END, ERROR, STALE, CRASH = b"Q", b"H", b"D", b"E", b"X", b"S", b"F"
LEAVING = b"-"  # the body of an END after which the worker closes the connection
FRAME = struct.Struct(">cI")
FATAL = b"Fatal"  # how the last words of a worker begin that crashes; its fault handler writes them, without a frame
BLOCK = 1 << 17  # bytes that are received at once
Frame = tuple[bytes, bytes]
Receive = Callable[[int], bytes]


class Head(msgspec.Struct, frozen=True, array_like=True):
    """The first frame of an answer: the version that gave it, and whether it is a graph."""

    version: int
    is_graph: bool


@dataclass(frozen=True)
class Question:
    """A query, how its answer is wanted, and its limits; `timeout` in seconds, `size` in bytes or 0, `rows` or 0."""

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
    check: bool = False  # whether it is SPARQL at all; asked of nothing

    def encode(self) -> bytes:
        """Return the question as the body of a frame."""
        return QUESTIONS.encode(self)

    @classmethod
    def decode(cls, body: bytes) -> Self:
        """Return the question of the body of a frame."""
        return msgspec.msgpack.decode(body, type=cls)


QUESTIONS = msgspec.msgpack.Encoder()


def send(peer: socket.socket, kind: bytes, body: bytes = b"", before: Iterable[Frame] = ()) -> None:
    """Send one frame, and those before it, at once: each packet wakes the other side."""
    frames = (*before, (kind, body))
    peer.sendall(b"".join(part for kind, body in frames for part in (FRAME.pack(kind, len(body)), body)))


def receive(peer: socket.socket, take: Receive | None = None) -> Iterator[Frame]:
    """Yield frames until the other side closes; a frame that is cut off is not yielded; `take` receives the bytes."""
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
    """Return whether there are so many bytes, after taking what is missing."""
    while len(waiting) < length:
        part = take(BLOCK)
        if not part:
            return False
        waiting += part
    return True
