"""Answers requests before they are read as HTTP: what came before, and queries whose requests are like earlier ones."""

import socket
import time
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from server.alike import ASKED, BEGUN, Alike, Asked, Begun, Known, Learned, lines_of
from server.caching import Kept
from server.engine.client import LeftError, Lent
from server.engine.lending import Answered
from server.heads import STATUS, WELL, Form, date, first, headed, peeked, send
from server.logs import RECORD, Record
from server.media import HTML
from server.metrics import LENT
from server.repeats import HEAD, Repeat, Repeats

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

TIMING = "Server-Timing"
AGAIN = "cache, first;dur=0.0"  # what was measured is not measured again
LEAST = 3  # requests in a row, each answered in no time, after which a connection is lent
QUICK = 0.005  # seconds
REST = 20  # requests for which a connection is not lent where that was of no use
Facts = dict[str, object]


@dataclass(frozen=True)
class Waiting:
    """A request that waits at a client's socket, which is blocking; its address, and the seconds it has for a step."""

    client: socket.socket
    address: str
    seconds: float
    begun: float = field(default_factory=time.monotonic)


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


@dataclass
class Burst:
    """The requests of one connection that follow each other at once: how many in a row were answered in no time."""

    row: int = 0

    @property
    def is_long(self) -> bool:
        """Whether the next one is likely to be of the same kind."""
        return self.row >= LEAST

    def see(self, begun: float) -> None:
        """Count a request that was begun at a time and is answered now."""
        self.row = self.row + 1 if time.monotonic() - begun < QUICK else 0

    def end(self) -> None:
        """Begin to count anew."""
        self.row = 0

    def rest(self) -> None:
        """Begin to count anew some requests later."""
        self.row = -REST


@dataclass(frozen=True)
class Front:
    """What answers a request that came before, or a query whose request is like an earlier one."""

    repeats: Repeats
    alike: Alike
    pointer: str

    def answered(self, waiting: Waiting, burst: Burst) -> Facts | None:
        """Answer a request, and return None.

        One that is not known is left there, and what is to stand in its environment is returned.

        Raises:
            OSError: the client left.
        """
        client = waiting.client
        if self.repeats.answered(client, waiting.address, waiting.seconds):
            burst.end()
            return None
        version, head = self.repeats.current(), peeked(client)
        found = self.alike.find(head, version) if head else None
        if not head or not found:
            burst.end()
            return {HEAD: head} if head else {}
        try:
            kept = found.kept()
            if burst.is_long and not kept and isinstance(version, tuple):
                lent = found.lend(client, self.pointer, version)
                if lent.told or lent.error:
                    return self._go_on(waiting, version, found, lent, burst)
                burst.rest()
            result = kept or found.ask(client)
        except LeftError as error:
            raise ConnectionResetError(str(error)) from error
        if isinstance(result, Begun):
            burst.end()
            return {HEAD: head, BEGUN: result}
        self._answer(waiting, version, found, result)
        (burst.end if kept else partial(burst.see, waiting.begun))()
        return None

    def _answer(self, waiting: Waiting, version: object, found: Known, result: Kept) -> None:
        """Send an answer in its form, and keep it."""
        learned = found.learned[result.is_graph]
        lines, body = learned.form.written(result.body, found.tag, result.rows)
        waiting.client.recv(len(found.head))
        head = WELL + date(int(time.time())) + headed(lines, first(waiting.begun))
        send(waiting.client, head + body, waiting.seconds)
        record = learned.record.again(waiting.begun, waiting.address)
        record = replace(record, query=found.asked.question.text, sent=len(body))
        self.repeats.keep(Repeat(found.head, WELL, headed(lines, AGAIN) + body, record), version)
        self.repeats.log.write(record)

    def _go_on(self, waiting: Waiting, version: object, found: Known, lent: Lent, burst: Burst) -> Facts | None:
        """Log what a worker answered, and go on behind it; what came of the request that waits now is returned.

        Raises:
            OSError: the client left.
        """
        LENT.inc(len(lent.told))
        self.repeats.log.write(*(self._record(found, told, waiting.address) for told in lent.told))
        if isinstance(lent.error, LeftError):
            raise ConnectionResetError(str(lent.error))
        if lent.rest:
            waiting.client.settimeout(waiting.seconds)
            waiting.client.sendall(lent.rest)
            waiting.client.settimeout(None)
        if lent.is_slow or lent.error:
            burst.rest()
        if lent.error is None:
            return None
        head = peeked(waiting.client)
        known = self.alike.find(head, version) if head else None
        return {HEAD: head, BEGUN: Begun(known.asked.question, lent.error)} if head and known else {}

    def _record(self, found: Known, answered: Answered, address: str) -> Record:
        record = found.learned[answered.is_graph].record.again(answered.begun, address)
        record.query, record.sent, record.ended = answered.text, answered.sent, answered.ended
        return record

    def keep(self, environ: "WSGIEnvironment", told: Told, version: object, body: bytes) -> None:
        """Keep an answer that was sent whole, and how a query was answered."""
        head, record = environ[HEAD], environ[RECORD].again(0, "")
        asked: tuple[Asked, bool] | None = environ.get(ASKED)
        if asked and told.status == "200 OK" and asked[0].wanted.media(asked[1]) is not HTML:
            form = Form(lines_of(told.headers), asked[0].wanted.suffix(is_graph=asked[1]) or "", asked[0].encoding)
            self.alike.learn(head, version, Learned(asked[0], form, record), is_graph=asked[1])
        if not body or any(name.lower() == "content-length" for name, _ in told.headers):
            lines = "".join(f"{name}: {value}\r\n" for name, value in told.headers if name != TIMING)
            after = headed(lines.encode("latin-1"), AGAIN if told.is_timed else "") + body
            self.repeats.keep(Repeat(head, STATUS.format(told.status).encode(), after, record), version)
