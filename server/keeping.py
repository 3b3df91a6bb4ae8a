"""Answers what it knows before it is read as HTTP, and keeps what the application answers to know it the next time."""

import socket
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from server.alike import ASKED, BEGUN, Alike, Asked, Begun, Form, lines_of
from server.caching import REPEATABLE
from server.engine.client import LeftError
from server.logs import RECORD
from server.media import HTML
from server.repeats import HEAD, Repeat, Repeats, date, peeked, send

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

STATUS = "HTTP/1.1 {}\r\nServer: gunicorn\r\nConnection: keep-alive\r\nDate: "
TIMING = "Server-Timing"
AGAIN = "cache, first;dur=0.0"  # what was measured is not measured again
Facts = dict[str, object]


@dataclass(frozen=True)
class Front:
    """What answers a request that came before, or a query whose request is like an earlier one."""

    repeats: Repeats
    alike: Alike

    def answered(self, client: socket.socket, address: str, seconds: float) -> Facts | None:
        """Answer the request that waits at a blocking socket within some seconds, and return None.

        One that is not known is left there, and what is to stand in its environment is returned.

        Raises:
            OSError: the client left.
        """
        if self.repeats.answered(client, address, seconds):
            return None
        begun, version, head = time.monotonic(), self.repeats.current(), peeked(client)
        found = self.alike.find(head, version) if head else None
        if not head or not found:
            return {HEAD: head} if head else {}
        try:
            result = found.ask(client)
        except LeftError as error:
            raise ConnectionResetError(str(error)) from error
        if isinstance(result, Begun):
            return {HEAD: head, BEGUN: result}
        answer, form = result
        lines, body = form.written(answer, found.tag)
        client.recv(len(head))
        before, first = STATUS.format("200 OK").encode(), f"first;dur={(time.monotonic() - begun) * 1000:.1f}"
        send(client, before + date(int(time.time())) + _headed(lines, first) + body, seconds)
        record = replace(form.record.again(begun, address), query=found.asked.question.text, sent=len(body))
        self.repeats.keep(Repeat(head, before, _headed(lines, AGAIN) + body, record), version)
        self.repeats.log.write(record)
        return None

    def keep(self, environ: "WSGIEnvironment", told: "Told", version: object, body: bytes) -> None:
        """Keep an answer that was sent whole, and how a query was answered."""
        head, record = environ[HEAD], environ[RECORD].again(0, "")
        asked: tuple[Asked, bool] | None = environ.get(ASKED)
        if asked and told.status == "200 OK" and asked[0].wanted.media(asked[1]) is not HTML:
            self.alike.learn(head, version, Form(asked[0], lines_of(told.headers), record), is_graph=asked[1])
        if not body or any(name.lower() == "content-length" for name, _ in told.headers):
            lines = "".join(f"{name}: {value}\r\n" for name, value in told.headers if name != TIMING)
            after = _headed(lines.encode("latin-1"), AGAIN if told.is_timed else "") + body
            self.repeats.keep(Repeat(head, STATUS.format(told.status).encode(), after, record), version)


def _headed(lines: bytes, timing: str) -> bytes:
    """Return the headers behind the date, to the end of the head."""
    return b"\r\n" + lines + (f"{TIMING}: {timing}\r\n\r\n" if timing else "\r\n").encode()


@dataclass(frozen=True)
class Keeping:
    """The application, whose repeatable answers are kept."""

    app: "WSGIApplication"
    front: Front

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a request, and keep the answer if it can be given again."""
        if HEAD not in environ:
            return self.app(environ, start_response)
        version, told = self.front.repeats.current(), Told(start_response)
        keep = partial(self.front.keep, environ, told, version)
        return _Body(self.app(environ, told), environ, keep)


class Told:
    """The status and the headers that the application told."""

    def __init__(self, start_response: "StartResponse") -> None:
        self.start_response = start_response
        self.status, self.headers = "", [("", "")]

    def __call__(self, status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
        """Take note of both, and pass them on."""
        self.status, self.headers = status, headers
        return self.start_response(status, headers, *rest)

    @property
    def is_timed(self) -> bool:
        """Whether the time of the answer was told."""
        return any(name == TIMING for name, _ in self.headers)


class _Body:
    """The body of an answer, which is kept when all of it was sent."""

    def __init__(self, body: Iterable[bytes], environ: "WSGIEnvironment", keep: Callable[[bytes], None]) -> None:
        self.body, self.environ, self.keep = body, environ, keep

    def __iter__(self) -> Iterator[bytes]:
        if not self.environ.get(REPEATABLE):
            yield from self.body
            return
        parts = []
        for part in self.body:
            parts.append(part)
            yield part
        self.keep(b"".join(parts))

    def close(self) -> None:
        """Close the body, and an answer that nobody took."""
        begun: Begun | None = self.environ.pop(BEGUN, None)
        if begun:
            begun.close()
        if close := getattr(self.body, "close", None):
            close()
