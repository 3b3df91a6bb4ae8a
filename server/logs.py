"""The access log: one line of JSON for each request; and the log of slow queries, with their text.

A line names the method, the path without its parameters, the status, the duration, the bytes of the body, the version,
the address of the client and a digest of the query. No token and no other header is ever written.
"""

import errno
import json
import logging
import socket
import struct
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from logging.handlers import WatchedFileHandler
from typing import TYPE_CHECKING, Any

from flask import Flask, request
from prometheus_client import Counter, Histogram

from graph.errors import ConvocationError, SettingError
from graph.settings import Settings
from server.metrics import CUT_OFF, DURATION, LIMITS, REQUESTS, SENT

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

RECORD = "convocation.record"
LONGEST = 10_000  # characters of a slow query that are kept
RESET = struct.pack("ii", 1, 0)  # linger for no time: the close is a reset


class CutOffError(ConnectionResetError):
    """An answer ends before its last byte, and the connection with it."""


@dataclass
class Record:
    """What is known of a request when it ends."""

    environ: "WSGIEnvironment"
    begun: float = field(default_factory=time.monotonic)
    endpoint: str = "none"
    query: str = ""
    status: int = 0
    version: str | None = None
    sent: int = 0
    error: str | None = None
    ended: float | None = None

    def again(self, begun: float, address: str) -> "Record":
        """Return the record of a request that gets the same answer; its client is at another address, if given."""
        environ = {name: self.environ.get(name) for name in ("REMOTE_ADDR", "REQUEST_METHOD", "PATH_INFO")}
        if address:
            environ["REMOTE_ADDR"] = address
        return Record(environ, begun, self.endpoint, self.query, self.status, self.version, self.sent)

    def facts(self, seconds: float) -> dict[str, object]:
        """Return the line of the access log."""
        found: dict[str, object] = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "client": self.environ.get("REMOTE_ADDR"),
            "method": self.environ["REQUEST_METHOD"],
            "path": self.environ.get("PATH_INFO", ""),
            "status": self.status,
            "ms": round(seconds * 1000, 1),
            "bytes": self.sent,
            "version": self.version,
            "query": _digest(self.query) if self.query else None,
            "error": self.error,
        }
        return {name: value for name, value in found.items() if value is not None}


@lru_cache(maxsize=1000)
def _digest(query: str) -> str:
    return sha256(query.encode()).hexdigest()[:16]


@dataclass
class Log:
    """The application, with every request written down and counted."""

    app: "WSGIApplication"
    slow: int
    logger: logging.Logger

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a request."""
        record = environ[RECORD] = Record(environ)

        def begin(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            record.status = int(status[:3])
            record.version = next((value for name, value in headers if name == "X-Convocation-Version"), None)
            return start_response(status, headers, *rest)

        return _Body(self.app(environ, begin), record, self)

    def write(self, *records: Record) -> None:
        """Count requests and write their lines, all at once."""
        lines, slow = [], []
        for record in records:
            seconds = (record.ended or time.monotonic()) - record.begun
            requests, duration, sent = _counts(record.endpoint, record.status)
            requests.inc()
            duration.observe(seconds)
            sent.inc(record.sent)
            lines.append(facts := record.facts(seconds))
            if self.slow and record.query and seconds >= self.slow:
                slow.append({"slow": True, **facts, "text": record.query[:LONGEST]})
        if lines and self.logger.isEnabledFor(logging.INFO):
            text = "\n".join(map(json.dumps, lines))
            # no place in the code is looked up for it, which would take as long as the rest
            self.logger.handle(logging.LogRecord(self.logger.name, logging.INFO, "", 0, text, None, None))
        for each in slow:
            self.logger.warning(json.dumps(each))


@lru_cache(maxsize=1000)
def _counts(endpoint: str, status: int) -> tuple[Counter, Histogram, Counter]:
    return REQUESTS.labels(endpoint, status), DURATION.labels(endpoint), SENT.labels(endpoint)


class _Body:
    """The body of an answer; where it is cut off, the log says why in one line and the connection breaks."""

    def __init__(self, body: Iterable[bytes], record: Record, log: Log) -> None:
        self.body, self.record, self.log = body, record, log

    def __iter__(self) -> Iterator[bytes]:
        try:
            for block in self.body:
                self.record.sent += len(block)
                yield block
        except ConvocationError as error:
            self.record.error = str(error)
            CUT_OFF.inc()
            if limit := getattr(error, "limit", ""):
                LIMITS.labels(limit).inc()
            _break(self.record.environ)
            raise CutOffError(errno.ECONNRESET, str(error)) from error

    def close(self) -> None:
        """Write the line."""
        try:
            if close := getattr(self.body, "close", None):
                close()
        finally:
            self.log.write(self.record)


def _break(environ: "WSGIEnvironment") -> None:
    """Reset the connection where its end alone would look like the end of the answer (RFC 9112, section 6.3)."""
    client = environ.get("gunicorn.socket")
    if client and environ.get("SERVER_PROTOCOL") == "HTTP/1.0":
        with suppress(OSError):
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            client.close()


def note_query(text: str) -> None:
    """Let the log know the query of the request."""
    if record := request.environ.get(RECORD):
        record.query = text


def init_app(app: Flask) -> None:
    """Log and count every request of an application."""
    settings: Settings = app.config["SETTINGS"]
    log = app.config["LOG"] = Log(app.wsgi_app, settings.slow_seconds, logger(settings.access_log))
    app.wsgi_app = log  # type: ignore[method-assign]

    @app.before_request
    def _endpoint() -> None:
        if request.endpoint and (record := request.environ.get(RECORD)):
            record.endpoint = request.endpoint


def logger(place: str) -> logging.Logger:
    """Return the logger that writes to a place of the setting CONVOCATION_ACCESS_LOG.

    Raises:
        SettingError: the file cannot be written.
    """
    made = logging.getLogger(f"convocation.access.{place}")
    made.setLevel(logging.WARNING if place == "no" else logging.INFO)
    made.propagate = False
    try:
        stream = sys.stderr if place == "no" else sys.stdout
        handler = logging.StreamHandler(stream) if place in ("-", "no") else WatchedFileHandler(place, encoding="utf-8")
    except OSError as error:
        cure = "name a file in a folder that you can write"
        raise SettingError(f"CONVOCATION_ACCESS_LOG: {place} cannot be written: {error.strerror}; {cure}.") from error
    for old in made.handlers:
        old.close()
    made.handlers = [handler]
    return made
