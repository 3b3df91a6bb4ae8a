"""Answers kept in memory, and the tag by which a client learns that its copy still holds (RFC 9110, section 8.8.3)."""

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from threading import Lock

from flask import Response, request

from graph.policy import look
from server.engine.wire import Question

SAFE = ("GET", "HEAD", "QUERY")
REPEATABLE = "convocation.repeatable"  # in the environment of a request: the same head gets the same answer
SHARE = 16  # one answer may take this part of the cache


@dataclass(frozen=True)
class Kept:
    """A whole answer: whether it is a graph, its bytes, and its rows where they are known."""

    is_graph: bool
    body: bytes
    rows: int | None


class Cache:
    """The answers used last, at most `size` bytes of them."""

    def __init__(self, size: int) -> None:
        self.size, self.used = size, 0
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self._lock = Lock()

    @property
    def largest(self) -> int:
        """How many bytes an answer that is kept may have."""
        return self.size // SHARE

    def get(self, tag: str) -> Kept | None:
        """Return the answer with a tag, if it is kept."""
        with self._lock:
            found = self._kept.get(tag)
            if found:
                self._kept.move_to_end(tag)
            return found

    def put(self, tag: str, answer: Kept) -> None:
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


def cost(tag: str, answer: Kept) -> int:
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
    """Return whether the client says that it holds the answer with a tag; nobody is asked that by POST."""
    held = request.if_none_match
    return request.method in SAFE and not held.star_tag and held.contains_weak(tag)


def marked(response: Response, tag: str | None) -> Response:
    """Return a response that a client may keep and must ask about, or that it may not keep where it has no tag."""
    if tag is None:
        response.headers["Cache-Control"] = "no-store"
    elif request.method in SAFE:
        response.set_etag(tag, weak=True)
        response.headers["Cache-Control"] = "no-cache"
        request.environ[REPEATABLE] = True
    return response


def remember(cache: Cache, tag: str, is_graph: bool, chunks: Iterable[bytes]) -> Iterator[bytes]:  # noqa: FBT001
    """Yield the parts of an answer, and keep it when it came whole and is small."""
    parts: list[bytes] = []
    held = 0
    for chunk in chunks:
        held += len(chunk)
        if held <= cache.largest:
            parts.append(chunk)
        else:
            parts.clear()
        yield chunk
    if held <= cache.largest:
        cache.put(tag, Kept(is_graph, b"".join(parts), None))
