"""A lean HTTP client that keeps its connection and reports when the first byte came."""

import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader
from urllib.parse import urlencode

ACCEPT = "application/sparql-results+json, application/n-triples"


class BrokenError(Exception):
    """The server ended the connection within an answer."""


@dataclass(frozen=True)
class Reply:
    """An answer: its status, the bytes of its body, and the seconds until its first and its last byte."""

    status: int
    size: int
    first: float
    total: float
    body: bytes = b""
    whole: bool = True


class Connection:
    """One connection to a server on this machine; opened when first needed and again when the server closed it."""

    def __init__(self, port: int, patience: float = 600.0) -> None:
        self.port, self.patience = port, patience
        self._socket: socket.socket | None = None
        self._file: BufferedReader | None = None

    def close(self) -> None:
        """Close the connection."""
        if self._socket and self._file:
            self._file.close()
            self._socket.close()
        self._socket = self._file = None

    def ask(self, path: str, query: str, *, keep: bool = False, **more: str) -> Reply:
        """Send a query by GET and read the whole answer; `keep` its body.

        Raises:
            BrokenError: the server closes the connection without an answer.
            OSError: it does not answer in time.
        """
        target = f"{path}?{urlencode({'query': query, **more})}"
        head = f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nAccept: {ACCEPT}\r\n\r\n".encode()
        reused = self._file is not None
        try:
            return self._exchange(head, keep=keep)
        except BrokenError:
            self.close()
            if not reused:  # else the server had closed it, as it may between two requests
                raise
            return self._exchange(head, keep=keep)

    def _exchange(self, head: bytes, *, keep: bool) -> Reply:
        file = self._opened()
        begun = time.perf_counter()
        assert self._socket  # noqa: S101 - _opened sets it
        try:
            self._socket.sendall(head)
            line = file.readline()
        except (ConnectionError, BrokenPipeError) as error:
            raise BrokenError from error
        if not line:
            raise BrokenError
        fields = self._fields(file)
        first, parts, whole = 0.0, [], True
        size = 0
        try:
            for part in _parts(file, fields):
                first = first or time.perf_counter() - begun
                size += len(part)
                if keep:
                    parts.append(part)
        except (BrokenError, ConnectionError, ValueError):
            whole = False
        total = time.perf_counter() - begun
        if not whole or fields.get("connection", "").lower() == "close":
            self.close()
        return Reply(int(line.split()[1]), size, first or total, total, b"".join(parts), whole)

    def _opened(self) -> BufferedReader:
        if not self._file:
            self._socket = socket.create_connection(("127.0.0.1", self.port), self.patience)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._file = self._socket.makefile("rb")
        return self._file

    @staticmethod
    def _fields(file: BufferedReader) -> dict[str, str]:
        fields = {}
        while line := file.readline().strip():
            name, _, value = line.decode("latin-1").partition(":")
            fields[name.lower()] = value.strip()
        return fields


def _parts(file: BufferedReader, fields: dict[str, str]) -> Iterator[bytes]:
    if "chunked" in fields.get("transfer-encoding", ""):
        while length := int(file.readline().partition(b";")[0] or b"x", 16):
            yield _exactly(file, length)
            file.readline()
        file.readline()
        return
    left = int(fields.get("content-length", 0))
    while left:
        part = _exactly(file, min(left, 1 << 17))
        left -= len(part)
        yield part


def _exactly(file: BufferedReader, length: int) -> bytes:
    part = file.read(length)
    if len(part) < length:
        raise BrokenError
    return part
