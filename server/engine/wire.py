"""What the web and a worker say to each other over a Unix socket: frames of one letter, a length and a body."""

import json
import socket
import struct
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Self

HEAD, DATA, END, ERROR, STALE, CRASH = b"H", b"D", b"E", b"X", b"S", b"F"
FRAME = struct.Struct(">cI")
FATAL = b"Fatal"  # how the last words of a worker begin that crashes; its fault handler writes them, without a frame
Frame = tuple[bytes, bytes]
Receive = Callable[[int], bytes]


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

    def encode(self) -> bytes:
        """Return the question as the body of a frame."""
        return json.dumps(asdict(self)).encode()

    @classmethod
    def decode(cls, body: bytes) -> Self:
        """Return the question of the body of a frame."""
        facts = json.loads(body)
        for name in ("default_graphs", "named_graphs"):
            facts[name] = None if facts[name] is None else tuple(facts[name])
        return cls(**facts)


def send(peer: socket.socket, kind: bytes, body: bytes = b"") -> None:
    """Send one frame."""
    peer.sendall(FRAME.pack(kind, len(body)) + body)


def receive(peer: socket.socket, take: Receive | None = None) -> Iterator[Frame]:
    """Yield frames until the other side closes; a frame that is cut off is not yielded; `take` receives the bytes."""
    take = take or peer.recv
    while head := _exactly(take, FRAME.size):
        if head == FATAL:
            yield CRASH, b"".join(iter(lambda: take(1 << 10), b""))
            return
        kind, length = FRAME.unpack(head)
        body = _exactly(take, length)
        if body is None:
            return
        yield kind, body


def _exactly(take: Receive, length: int) -> bytes | None:
    parts = []
    while length:
        part = take(min(length, 1 << 17))
        if not part:
            return None
        parts.append(part)
        length -= len(part)
    return b"".join(parts)
