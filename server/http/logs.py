"""The access log: one line of JSON for each request; and the log of slow queries, with their text.

A line names the method, the path without its parameters, the status, the duration, the bytes of the body, the version,
the address of the client and a digest of the query. No token and no other header is ever written.
"""

import errno
import json
import logging
import sys
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache, partial
from hashlib import sha256
from logging.handlers import WatchedFileHandler
from typing import TYPE_CHECKING, Any

from flask import Flask, request
from prometheus_client import Counter, Histogram
from werkzeug.wsgi import ClosingIterator

from graph.errors import ConvocationError, SettingError
from graph.settings import Settings
from server.metrics import CUT_OFF, DURATION, LIMITS, REQUESTS, SENT

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

RECORD = "convocation.record"
LONGEST = 10_000  # characters of a slow query that are kept


class CutOffError(ConnectionResetError):
    """A response was cut off, and its connection closed."""


@dataclass
class Record:
    """The log entry of a request; `begun` and `ended` are times of the monotonic clock."""

    client: str
    method: str
    path: str
    begun: float = field(default_factory=time.monotonic)
    endpoint: str = "none"
    query: str = ""
    status: int = 500  # until an answer begins
    version: str | None = None
    sent: int = 0
    error: str | None = None
    ended: float = 0.0
    is_counted: bool = False  # as one of the requests that the client may send
    time: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def seconds(self) -> float:
        """How long the request took."""
        return self.ended - self.begun

    def facts(self) -> dict[str, object]:
        """Return the line of the access log."""
        found: dict[str, object] = {
            "time": self.time.isoformat(timespec="milliseconds"),
            "client": self.client,
            "method": self.method,
            "path": self.path,
            "status": self.status,
            "ms": round(self.seconds * 1000, 1),
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
    """The application, with every request counted and logged: at once, or `gathered` until the next `flush`."""

    app: "WSGIApplication"
    slow: int
    logger: logging.Logger
    is_gathered: bool = False
    waiting: deque[Record] = field(default_factory=deque)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a request."""
        client, method = environ.get("REMOTE_ADDR", ""), environ["REQUEST_METHOD"]
        given: Record | None = environ.get(RECORD)
        record = environ[RECORD] = given or Record(client, method, environ.get("PATH_INFO", ""))

        def begin(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            record.status = int(status[:3])
            record.version = next((value for name, value in headers if name == "X-Convocation-Version"), None)
            return start_response(status, headers, *rest)

        body = self.app(environ, begin)
        ends = [] if given else [partial(self.write, record)]
        if close := getattr(body, "close", None):
            ends.append(close)
        return ClosingIterator(_sent(body, record, counts=given is None), ends)

    def write(self, record: Record) -> None:
        """Count a request that ended now, and write its line, once."""
        if record.ended:
            return
        record.ended = time.monotonic()
        self.waiting.append(record)
        if not self.is_gathered:
            self.flush()

    def flush(self) -> None:
        """Count all requests that wait, and write their lines."""
        records = [self.waiting.popleft() for _ in range(len(self.waiting))]
        for record in records:
            requests, duration, sent = _counts(record.endpoint, record.status)
            requests.inc()
            duration.observe(record.seconds)
            sent.inc(record.sent)
        if self.logger.isEnabledFor(logging.INFO):
            self._log(logging.INFO, (record.facts() for record in records))
        slow = [each for each in records if self.slow and each.query and each.seconds >= self.slow]
        self._log(logging.WARNING, ({"slow": True, **each.facts(), "text": each.query[:LONGEST]} for each in slow))

    def _log(self, level: int, lines: Iterable[dict[str, object]]) -> None:
        """Write lines as one record: no place in the code is looked up for it, which would take as long as the rest."""
        if text := "\n".join(map(json.dumps, lines)):
            self.logger.handle(logging.LogRecord(self.logger.name, level, "", 0, text, None, None))


@lru_cache(maxsize=1000)
def _counts(endpoint: str, status: int) -> tuple[Counter, Histogram, Counter]:
    return REQUESTS.labels(endpoint, status), DURATION.labels(endpoint), SENT.labels(endpoint)


def _sent(body: Iterable[bytes], record: Record, *, counts: bool) -> Iterator[bytes]:
    """Yield the body of an answer; if it is cut off, the log says why in one line and the connection breaks."""
    try:
        for block in body:
            record.sent += len(block) * counts  # the gateway counts what it sends
            yield block
    except ConvocationError as error:
        cut_off(record, error)
        raise CutOffError(errno.ECONNRESET, str(error)) from error


def cut_off(record: Record, error: ConvocationError) -> None:
    """Note that an answer ends before its last byte."""
    record.error = str(error)
    CUT_OFF.inc()
    if limit := getattr(error, "limit", ""):
        LIMITS.labels(limit).inc()


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
    """Return the logger of a CONVOCATION_ACCESS_LOG; raise SettingError if its file cannot be written."""
    made = logging.getLogger(f"convocation.access.{place}")
    made.setLevel(logging.WARNING if place == "no" else logging.INFO)
    made.propagate = False
    try:
        stream = sys.stderr if place == "no" else sys.stdout
        handler = logging.StreamHandler(stream) if place in ("-", "no") else WatchedFileHandler(place, encoding="utf-8")
    except OSError as error:
        hint = "name a file in a folder that you can write"
        raise SettingError(f"CONVOCATION_ACCESS_LOG: {place} cannot be written: {error.strerror}; {hint}.") from error
    for old in made.handlers:
        old.close()
    made.handlers = [handler]
    return made
