"""Answers kept in memory, and the tag by which a client learns that its copy still holds (RFC 9110, section 8.8.3)."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import blake2b
from threading import Lock

from flask import Response, request
from werkzeug.http import parse_etags

from graph.policy import look
from server.engine.frames import Question
from server.http.compression import packed

SAFE = ("GET", "HEAD", "QUERY")
SHARE = 16  # one answer may take this part of the cache


@dataclass(frozen=True)
class CachedAnswer:
    """A whole answer: its kind, its bytes, its rows if they are known, and the version that gave it.

    `is_cached` is false for an answer that was just made, and `encoded` holds its bytes by the encoding.
    """

    is_graph: bool
    body: bytes
    rows: int | None
    version: int = 0
    is_cached: bool = True
    encoded: dict[str, bytes] = field(default_factory=dict, compare=False)

    def packed(self, name: str) -> bytes:
        """Return the bytes in an encoding, which is made once."""
        if name not in self.encoded:
            self.encoded[name] = packed(self.body, name)
        return self.encoded[name]


class Cache:
    """The answers used last, at most `size` bytes of them."""

    def __init__(self, size: int) -> None:
        self.size, self.used = size, 0
        self._kept: OrderedDict[str, CachedAnswer] = OrderedDict()
        self._lock = Lock()

    @property
    def largest(self) -> int:
        """How many bytes an answer that is kept may have."""
        return self.size // SHARE

    def get(self, tag: str) -> CachedAnswer | None:
        """Return the answer with a tag, if it is kept."""
        with self._lock:
            found = self._kept.get(tag)
            if found:
                self._kept.move_to_end(tag)
            return found

    def put(self, tag: str, answer: CachedAnswer) -> None:
        """Keep an answer, and drop those not used for the longest time."""
        if len(answer.body) > self.largest:
            return
        with self._lock:
            self._drop(tag)
            self._kept[tag] = answer
            self.used += cost(tag, answer)
            while self.used > self.size:
                self._drop(next(iter(self._kept)))

    def _drop(self, tag: str) -> None:
        if old := self._kept.pop(tag, None):
            self.used -= cost(tag, old)


def cost(tag: str, answer: CachedAnswer) -> int:
    """Return about how many bytes an answer takes in memory, with what it is found by."""
    return len(answer.body) + len(tag) + 500


def tag_of(version: int, *facts: object) -> str:
    """Return the tag of what is made from a version and some facts alone."""
    return f"{version}-{blake2b(repr(facts).encode('utf-8', 'surrogatepass'), digest_size=20).hexdigest()}"


def tagged(question: Question, text: str, built: str, suffixes: tuple[str | None, ...]) -> str | None:
    """Return the tag of the answer to a question with a text, or None where another time may give another answer."""
    if not look(text).repeatable:
        return None
    facts = (question.base, question.default_graphs, question.named_graphs, text)
    return tag_of(question.version, built, suffixes, *facts)


def known(tag: str) -> bool:
    """Return whether the client has the response with a tag; never for POST."""
    return request.method in SAFE and holds(request.headers.get("If-None-Match", ""), tag)


def holds(header: str, tag: str) -> bool:
    """Return whether an If-None-Match header names a tag."""
    return bool(header) and parse_etags(header).contains_weak(tag)  # also of `*`, which any answer meets


def marked(response: Response, tag: str | None) -> Response:
    """Return a response that a client may keep but must revalidate; without a tag it may not keep it."""
    if tag is None:
        response.headers["Cache-Control"] = "no-store"
    elif request.method in SAFE:
        response.set_etag(tag, weak=True)
        response.headers["Cache-Control"] = "no-cache"
    return response


def cached(tag: str, make: Callable[[], Response]) -> Response:
    """Answer with 304 if the client has the response with a tag, else make it; the client may keep it."""
    return marked(Response(status=304) if known(tag) else make(), tag)


@dataclass
class Keeper:
    """Collects the blocks of an answer while they are sent, and keeps it in the cache if it came whole and is small."""

    cache: Cache
    tag: str | None
    is_graph: bool
    version: int
    parts: list[bytes] = field(default_factory=list)
    held: int = 0

    def add(self, block: bytes) -> None:
        """Take a block."""
        self.held += len(block)
        if self.tag and self.held <= self.cache.largest:
            self.parts.append(block)
        else:
            self.parts.clear()

    def done(self) -> None:
        """Note that the answer is whole."""
        if self.tag and self.held <= self.cache.largest:
            self.cache.put(self.tag, CachedAnswer(self.is_graph, b"".join(self.parts), None, self.version))
