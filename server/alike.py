"""Answers a query whose request differs from an earlier one in its query alone, without reading it as HTTP again.

The application says of an answer how it was asked (`ASKED`); a head that has another query, and else the same bytes,
gets its answer in the same form. What is not a small, whole answer of that form is left to the application, which takes
the answer, or the error, that is there already (`BEGUN`).
"""

import re
import socket
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import chain
from threading import Lock
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

from graph.errors import ConvocationError
from server.caching import Cache, Kept, repeatable, tag_of
from server.compression import LEAST, packed
from server.engine.client import Answer, Engine, LeftError
from server.engine.evaluation import BLOCK
from server.engine.wire import Question
from server.logs import Record
from server.reply import Wanted, rows

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

ASKED, BEGUN = "convocation.asked", "convocation.begun"
QUERY = re.compile(rb"GET /[!\"$->@-~]*\?(?:[!\"$-~]*?&)?query=([!\"$%'-~]*)(?:&[!\"$-~]*)? HTTP/1\.1\r\n")
OF_ANSWER = frozenset(("content-length", "content-encoding", "etag", "server-timing", "x-convocation-rows"))
MOST = 256  # forms that are kept


@dataclass(frozen=True)
class Asked:
    """A question to a version built at a time, and how its answer is wanted and may be compressed."""

    question: Question
    wanted: Wanted
    built: str
    encoding: str | None

    @property
    def tag(self) -> str | None:
        """The tag of the answer, or None where another time may give another answer."""
        question = self.question
        if not repeatable(question.text):
            return None
        facts = (question.base, question.default_graphs, question.named_graphs, question.text)
        return tag_of(question.version, self.built, self.wanted.suffixes, *facts)


@dataclass
class Begun:
    """A question that was asked before its request was read, and what came of it, to be taken once."""

    question: Question
    result: Answer | ConvocationError

    def close(self) -> None:
        """Give up an answer that nobody took."""
        if isinstance(self.result, Answer):
            self.result.close()


@dataclass(frozen=True)
class Form:
    """How a question was answered: what is the same in the heads of all such answers, and what the log says."""

    asked: Asked
    lines: bytes
    record: Record

    def written(self, found: Kept, tag: str) -> tuple[bytes, bytes]:
        """Return the headers, and the body as it is sent."""
        body, lines = found.body, self.lines
        if self.asked.encoding and len(body) >= LEAST:
            body = packed(body, self.asked.encoding)
            lines += b"Content-Encoding: %s\r\n" % self.asked.encoding.encode()
        if found.rows is not None:
            lines += b"X-Convocation-Rows: %d\r\n" % found.rows
        return lines + b'Content-Length: %d\r\nETag: W/"%s"\r\n' % (len(body), tag.encode()), body


class Alike:
    """The forms of the answers given last, by all of a request but its query, and whether the answer is a graph."""

    def __init__(self, engine: Engine, cache: Cache) -> None:
        self.engine, self.cache = engine, cache
        self._forms: OrderedDict[tuple[object, bytes, bytes], dict[bool, Form]] = OrderedDict()
        self._lock = Lock()

    def learn(self, head: bytes, version: object, form: Form, *, is_graph: bool) -> None:
        """Remember how a question was answered."""
        parts = parted(head)
        if parts is None or parts[1] != form.asked.question.text:
            return
        with self._lock:
            self._forms.setdefault((version, *parts[0]), {})[is_graph] = form
            while len(self._forms) > MOST:
                self._forms.popitem(last=False)

    def find(self, head: bytes, version: object) -> "Known | None":
        """Return the question of a head, if one like it was answered and the answer holds for some time."""
        parts = parted(head)
        forms = self._forms.get((version, *parts[0])) if parts else None
        if not parts or not forms or not parts[1].strip() or "service" in parts[1].lower():
            return None
        first = next(iter(forms.values())).asked
        asked = replace(first, question=replace(first.question, text=parts[1]))
        tag = asked.tag
        return Known(self, asked, tag, forms) if tag else None


@dataclass(frozen=True)
class Known:
    """A question that can be asked before its request is read, its tag, and the forms its answer may have."""

    alike: Alike
    asked: Asked
    tag: str
    forms: dict[bool, Form]

    def ask(self, client: socket.socket) -> "tuple[Kept, Form] | Begun":
        """Return the answer and its form, or what the application is to go on with.

        Raises:
            LeftError: the client closed its connection.
        """
        if (found := self.alike.cache.get(self.tag)) and (form := self.forms.get(found.is_graph)):
            return found, form
        question = self.asked.question
        try:
            answer = self.alike.engine.ask(question, client)
            first = next(answer.body, b"")
            form = self.forms.get(answer.is_graph)
            if len(first) >= BLOCK or form is None or answer.version != question.version:
                return Begun(question, replace(answer, body=chain((first,), answer.body)))
            body = first + b"".join(answer.body)
        except LeftError:
            raise
        except ConvocationError as error:
            return Begun(question, error)
        found = Kept(answer.is_graph, body, rows(body, self.asked.wanted.suffix(is_graph=answer.is_graph) or ""))
        self.alike.cache.put(self.tag, found)
        return found, form


def parted(head: bytes) -> tuple[tuple[bytes, bytes], str] | None:
    """Return what stands before and behind the query of a head, and the query; None where there is none to be read."""
    found = QUERY.match(head)
    if not found or b"\nif-none-match:" in head.lower():
        return None
    try:
        text = unquote_plus(found[1].decode("ascii"), errors="strict")
    except UnicodeDecodeError:
        return None
    return (head[: found.start(1)], head[found.end(1) :]), text


def lines_of(headers: Iterable[tuple[str, str]]) -> bytes:
    """Return the headers that all answers of a form have."""
    kept = (f"{name}: {value}\r\n" for name, value in headers if name.lower() not in OF_ANSWER)
    return "".join(kept).encode("latin-1")


def taken(environ: "WSGIEnvironment", question: Question) -> Answer | None:
    """Return the answer to a question if it was asked before its request was read.

    Raises:
        ConvocationError: what came of it.
    """
    begun: Begun | None = environ.pop(BEGUN, None)
    if begun is None or begun.question != question:
        return None
    result, begun.result = begun.result, LeftError("taken")
    if isinstance(result, Answer):
        return result
    raise result
