"""Turns the answer of the engine into a response: whole where it is small, else while it comes."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

from flask import Response, request

from server.caching import Cache, Kept, remember
from server.engine.client import Answer
from server.engine.evaluation import BLOCK
from server.engine.rows import rows
from server.media import HTML, Media
from server.result_page import page


@dataclass(frozen=True)
class Wanted:
    """The serializations that the client takes: of results, and of a graph."""

    results: Media | None
    graph: Media | None

    @property
    def results_suffix(self) -> str | None:
        """The serialization of results to ask the engine for; a page is made from lines."""
        return _lines(self.results, "tsv")

    @property
    def graph_suffix(self) -> str | None:
        """The serialization of a graph to ask the engine for; a page is made from lines."""
        return _lines(self.graph, "nt")

    def suffix(self, *, is_graph: bool) -> str | None:
        """Return the serialization to ask the engine for, of an answer of a kind."""
        return self.graph_suffix if is_graph else self.results_suffix

    @property
    def suffixes(self) -> tuple[str | None, ...]:
        """What tells the serializations from others."""
        return tuple(each.suffix if each else None for each in (self.results, self.graph))

    def media(self, is_graph: bool) -> Media:  # noqa: FBT001 - what the engine says of an answer
        """Return the serialization of an answer."""
        media = self.graph if is_graph else self.results
        assert media is not None  # noqa: S101 - the engine refuses what is not wanted
        return media

    def varied(self, response: Response) -> Response:
        """Return a response marked as chosen by Accept."""
        response.vary.add("Accept")
        return response


def _lines(media: Media | None, page: str) -> str | None:
    return page if media is HTML else media.suffix if media else None


@dataclass
class Stream:
    """The body of an answer while it comes; closed, it gives its turn to the next query, read or not."""

    first: bytes
    answer: Answer
    keep: tuple[Cache, str | None]

    def __iter__(self) -> Iterator[bytes]:
        cache, tag = self.keep
        chunks = self._chunks()
        yield from chunks if tag is None else remember(cache, tag, self.answer.is_graph, chunks)

    def _chunks(self) -> Iterator[bytes]:
        yield self.first
        yield from self.answer.body

    def close(self) -> None:
        """Give the turn back."""
        self.answer.close()


def kept(found: Kept, wanted: Wanted, begun: float) -> Response:
    """Answer from memory."""
    response = _response(found.body, found.is_graph, wanted)
    if found.rows is not None:
        response.headers["X-Convocation-Rows"] = str(found.rows)
    response.headers["Server-Timing"] = f"cache, first;dur={_passed(begun)}"
    return response


def fresh(answer: Answer, wanted: Wanted, begun: float, keep: tuple[Cache, str | None]) -> Response:
    """Answer from the engine: whole if all of it is there already.

    Raises:
        LimitError: the answer was cut off before a byte of it was sent.
    """
    first = next(answer.body, b"")
    passed = _passed(begun)
    if len(first) < BLOCK:
        response = _whole(answer, first, wanted, keep)
    else:
        response = _response(Stream(first, answer, keep), answer.is_graph, wanted)
        if request.method == "HEAD":
            answer.close()
    response.headers["X-Convocation-Version"] = str(answer.version)
    response.headers["Server-Timing"] = f"first;dur={passed}"
    return response


def _whole(answer: Answer, first: bytes, wanted: Wanted, keep: tuple[Cache, str | None]) -> Response:
    """Answer with what fits in one block; an error at its end is still an error of its own."""
    body = first + b"".join(answer.body)
    found = Kept(answer.is_graph, body, rows(body, wanted.suffix(is_graph=answer.is_graph) or ""))
    cache, tag = keep
    if tag:
        cache.put(tag, found)
    response = _response(body, answer.is_graph, wanted)
    if found.rows is not None:
        response.headers["X-Convocation-Rows"] = str(found.rows)
    return response


def _response(body: bytes | Stream, is_graph: bool, wanted: Wanted) -> Response:  # noqa: FBT001
    media = wanted.media(is_graph)
    if media is HTML:
        chunks = [body] if isinstance(body, bytes) else body
        try:
            return wanted.varied(page(chunks, is_graph))
        finally:
            if isinstance(body, Stream):
                body.close()
    return wanted.varied(Response(body, content_type=media.header))


def _passed(begun: float) -> str:
    return f"{(time.monotonic() - begun) * 1000:.1f}"
