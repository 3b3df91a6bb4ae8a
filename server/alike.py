"""Answers a query whose request differs from an earlier one in its query alone, without reading it as HTTP again.

The application says of an answer how it was asked (`ASKED`); a head that has another query, and else the same bytes,
gets its answer in the same form. What is not a small, whole answer of that form is left to the application, which takes
the answer, or the error, that is there already (`BEGUN`).
"""

import socket
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import chain
from threading import Lock
from typing import TYPE_CHECKING

from graph.errors import ConvocationError
from server.caching import Cache, Kept, tagged
from server.engine.client import Answer, Engine, EngineError, LeftError, Lent
from server.engine.evaluation import BLOCK
from server.engine.lending import Loan
from server.engine.rows import rows
from server.engine.wire import Question
from server.heads import Form, Parts, parted
from server.logs import Record
from server.reply import Wanted

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

ASKED, BEGUN = "convocation.asked", "convocation.begun"
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
        return tagged(self.question, self.question.text, self.built, self.wanted.suffixes)


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
class Learned:
    """How a question was answered: as what, in which form, and what the log says."""

    asked: Asked
    form: Form
    record: Record


class Alike:
    """How the last answers were given, by all of a request but its query, and by whether the answer is a graph."""

    def __init__(self, engine: Engine, cache: Cache) -> None:
        self.engine, self.cache = engine, cache
        self._known: OrderedDict[tuple[object, bytes, bytes], dict[bool, Learned]] = OrderedDict()
        self._lock = Lock()

    def learn(self, head: bytes, version: object, learned: Learned, *, is_graph: bool) -> None:
        """Remember how a question was answered."""
        found = parted(head)
        if found is None or found[1] != learned.asked.question.text:
            return
        with self._lock:
            self._known.setdefault((version, *found[0]), {})[is_graph] = learned
            while len(self._known) > MOST:
                self._known.popitem(last=False)

    def find(self, head: bytes, version: object) -> "Known | None":
        """Return the question of a head, if one like it was answered and the answer holds for some time."""
        found = parted(head)
        learned = self._known.get((version, *found[0])) if found else None
        if not found or not learned or not found[1].strip():
            return None
        parts, text = found
        first = next(iter(learned.values())).asked
        asked = replace(first, question=replace(first.question, text=text))
        tag = asked.tag
        return Known(self, head, asked, tag, parts, learned) if tag else None


@dataclass(frozen=True)
class Known:
    """The head of a request, the question in it, the tag of the answer, and how that may be given."""

    alike: Alike
    head: bytes
    asked: Asked
    tag: str
    parts: Parts
    learned: dict[bool, Learned]

    def kept(self) -> Kept | None:
        """Return the answer if it is in memory."""
        found = self.alike.cache.get(self.tag)
        return found if found and found.is_graph in self.learned else None

    def ask(self, client: socket.socket) -> "Kept | Begun":
        """Return the answer, or what the application is to go on with.

        Raises:
            LeftError: the client closed its connection.
        """
        question = self.asked.question
        try:
            answer = self.alike.engine.ask(question, client)
            first = next(answer.body, b"")
            learned = self.learned.get(answer.is_graph)
            if len(first) >= BLOCK or learned is None or answer.version != question.version:
                return Begun(question, replace(answer, body=chain((first,), answer.body)))
            body = first + b"".join(answer.body)
        except LeftError:
            raise
        except ConvocationError as error:
            return Begun(question, error)
        found = Kept(answer.is_graph, body, rows(body, learned.form.suffix))
        self.alike.cache.put(self.tag, found)
        return found

    def lend(self, client: socket.socket, pointer: str, sign: tuple[int, int]) -> Lent:
        """Let a worker answer this request, and those like it that follow at once."""
        forms = {is_graph: learned.form for is_graph, learned in self.learned.items()}
        asked = self.asked
        loan = Loan(asked.question, self.parts, forms, asked.built, asked.wanted.suffixes, pointer, sign)
        try:
            return self.alike.engine.lend(loan, client)
        except EngineError:  # it comes again to who asks, and is told then
            return Lent()


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
