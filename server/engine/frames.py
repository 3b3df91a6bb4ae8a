"""The protocol between the web process and a worker over a Unix socket: frames of a letter, a length and a body."""

import socket
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Self

import msgspec

QUERY, HEAD, DATA, END, ERROR, STALE, CRASH = b"Q", b"H", b"D", b"E", b"X", b"S", b"F"
LEAVING = b"-"  # body of an END after which the worker closes the connection
FRAME = struct.Struct(">cI")
FATAL = b"Fatal"  # first bytes of what the fault handler of a crashing worker writes, which is no frame
BLOCK = 1 << 17  # bytes that are received at once
Frame = tuple[bytes, bytes]


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


def frames(waiting: bytearray) -> Iterator[Frame]:
    """Take the whole frames out of bytes that were received; last words of a crashing worker stay."""
    while len(waiting) >= FRAME.size and not waiting.startswith(FATAL):
        kind, length = FRAME.unpack_from(waiting)
        end = FRAME.size + length
        if len(waiting) < end:
            return
        body = bytes(waiting[FRAME.size : end])
        del waiting[:end]
        yield kind, body


def receive(peer: socket.socket) -> Iterator[Frame]:
    """Yield frames until the peer closes, but no truncated one."""
    waiting = bytearray()
    while block := peer.recv(BLOCK):
        waiting += block
        yield from frames(waiting)
    if waiting.startswith(FATAL):
        yield CRASH, bytes(waiting)
