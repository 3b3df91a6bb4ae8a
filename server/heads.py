"""Heads of HTTP as bytes: of requests that wait at a socket, and of answers that are written without WSGI."""

import re
import socket
import time
from dataclasses import dataclass
from email.utils import formatdate
from functools import lru_cache
from urllib.parse import unquote_plus

from server.compression import LEAST, packed
from server.engine.rows import rows

LONGEST = 8190  # bytes of a head
END = b"\r\n\r\n"
OTHERWISE = (b"\nconnection:", b"\nexpect:", b"\ncontent-length:", b"\ntransfer-encoding:", b"\nupgrade:", b"\nrange:")
PEEK = socket.MSG_PEEK | socket.MSG_DONTWAIT
QUERY = re.compile(rb"GET /[!\"$->@-~]*\?(?:[!\"$-~]*?&)?query=([!\"$%'-~]*)(?:&[!\"$-~]*)? HTTP/1\.1\r\n")
VALUE = re.compile(rb"[!\"$%'-~]*")
STATUS = "HTTP/1.1 {}\r\nServer: gunicorn\r\nConnection: keep-alive\r\nDate: "
WELL = STATUS.format("200 OK").encode()
Parts = tuple[bytes, bytes]


@dataclass(frozen=True)
class Form:
    """What the answers to like queries have in common: headers, the serialization, how it is compressed."""

    lines: bytes
    suffix: str
    encoding: str | None

    def written(self, body: bytes, tag: str, count: int | None) -> tuple[bytes, bytes]:
        """Return the headers of an answer of so many rows, and its body as it is sent."""
        lines = self.lines
        if self.encoding and len(body) >= LEAST:
            body = packed(body, self.encoding)
            lines += b"Content-Encoding: %s\r\n" % self.encoding.encode()
        if count is not None:
            lines += b"X-Convocation-Rows: %d\r\n" % count
        return lines + b'Content-Length: %d\r\nETag: W/"%s"\r\n' % (len(body), tag.encode()), body

    def answer(self, body: bytes, tag: str, begun: float) -> tuple[bytes, int]:
        """Return a whole answer that was begun at a time, and the size of its body as it is sent."""
        lines, body = self.written(body, tag, rows(body, self.suffix))
        return WELL + date(int(time.time())) + headed(lines, first(begun)) + body, len(body)


def waiting(client: socket.socket) -> bytes | None:
    """Return the bytes that wait at a socket, without taking them."""
    try:
        return client.recv(LONGEST + 1, PEEK)
    except BlockingIOError:
        return None


def peeked(client: socket.socket) -> bytes | None:
    """Return the head that waits at a socket, if it is a whole one, of a GET without a body, and nothing behind it."""
    data = waiting(client) or b""
    whole = data.startswith(b"GET /") and data.endswith(END) and data.find(END) == len(data) - len(END)
    if not whole or len(data) > LONGEST or b" HTTP/1.1\r\n" not in data:
        return None
    small = data.lower()
    return None if any(each in small for each in OTHERWISE) else data


def parted(head: bytes) -> tuple[Parts, str] | None:
    """Return what stands before and behind the query of a head, and the query; None where there is none to be read."""
    found = QUERY.match(head)
    if not found or b"\nif-none-match:" in head.lower():
        return None
    text = unquoted(found[1])
    return None if text is None else ((head[: found.start(1)], head[found.end(1) :]), text)


def between(head: bytes, parts: Parts) -> str | None:
    """Return the query of a head that has the same parts before and behind it as an earlier one; None if it has not."""
    before, behind = parts
    if len(head) > LONGEST or not head.startswith(before) or not head.endswith(behind):
        return None
    value = head[len(before) : len(head) - len(behind)]
    return unquoted(value) if VALUE.fullmatch(value) else None


def unquoted(value: bytes) -> str | None:
    """Return the text of a value of a query string; None where it is not UTF-8."""
    try:
        return unquote_plus(value.decode("ascii"), errors="strict")
    except UnicodeDecodeError:
        return None


def headed(lines: bytes, timing: str) -> bytes:
    """Return the headers behind the date, to the end of the head."""
    return b"\r\n" + lines + (f"Server-Timing: {timing}\r\n\r\n" if timing else "\r\n").encode()


def first(begun: float) -> str:
    """Return how the time until the first byte is told."""
    return f"first;dur={(time.monotonic() - begun) * 1000:.1f}"


def send(client: socket.socket, data: bytes, seconds: float) -> None:
    """Send data to a blocking socket, within some seconds where it cannot take all at once.

    Raises:
        OSError: the client left, or takes nothing in.
    """
    sent = sent_at_once(client, data)
    if sent < len(data):
        client.settimeout(seconds)
        client.sendall(data[sent:])
        client.settimeout(None)


def sent_at_once(client: socket.socket, data: bytes) -> int:
    """Send what a socket takes without a wait; return how many bytes that are."""
    try:
        return client.send(data, socket.MSG_DONTWAIT)
    except BlockingIOError:
        return 0


@lru_cache(maxsize=2)
def date(now: int) -> bytes:
    """Return a time as HTTP writes it (RFC 9110, section 5.6.7)."""
    return formatdate(now, usegmt=True).encode()
