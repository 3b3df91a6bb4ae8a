"""Answers a query of the endpoint: what was asked, whether the answer is held already, and the headers it comes with.

The gateway and Flask both answer through this module, so there is one place that decides who may be called out to and
which answers may be kept.
"""

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from functools import lru_cache

from graph.policy import decide
from graph.settings import Settings
from graph.versions.home import Version
from server.engine.answer import LEFT, Answer
from server.engine.client import Engine
from server.engine.evaluation import BLOCK
from server.engine.failures import LeftError, MediaError
from server.engine.frames import Question
from server.engine.rows import rows
from server.engine.turns import NOBODY, Caller
from server.http.caching import SAFE, Cache, CachedAnswer, Keeper, holds, tagged
from server.http.compression import encoding
from server.http.errors import NotAcceptableError
from server.http.media import HTML, RESULTS, TRIPLES, Media, best, offers_text
from server.sparql.protocol import Sent, check_version, dataset, parameters, query_text, timeout

BARE = ("GET", "HEAD")
REMEMBERED = 8192  # bytes of an address up to which it is remembered what it asks
OUTCOME = "convocation.outcome"  # in the environ of a request: what came of its query before Flask was asked
Header = tuple[str, str]


@dataclass(frozen=True)
class AcceptedFormats:
    """The serializations that the client takes: of results, and of a graph."""

    results: Media | None
    graph: Media | None

    @property
    def suffixes(self) -> tuple[str | None, ...]:
        """The names of both serializations."""
        return tuple(each.suffix if each else None for each in (self.results, self.graph))

    def media(self, *, is_graph: bool) -> Media:
        """Return the serialization of an answer."""
        media = self.graph if is_graph else self.results
        assert media is not None  # noqa: S101 - the engine refuses what is not wanted
        return media


def _suffix(media: Media | None, page: str) -> str | None:
    """Return the serialization to ask the engine for; a page is made from lines."""
    return page if media is HTML else media.suffix if media else None


@dataclass(frozen=True)
class PreparedQuery:
    """A question and how its answer is wanted; `tag` names the answer, None if the next one may differ."""

    question: Question
    wanted: AcceptedFormats
    tag: str | None
    held: bool
    encoding: str | None


@dataclass(frozen=True)
class StartedQuery:
    """An answer that is too large to wait for: its first block, and the rest while it comes."""

    first: bytes
    answer: Answer

    @property
    def is_graph(self) -> bool:
        """Whether the answer is a graph."""
        return self.answer.is_graph

    @property
    def version(self) -> int:
        """The version that answers."""
        return self.answer.version


Outcome = CachedAnswer | StartedQuery | None  # None: the client's own copy still holds


def read(sent: Sent, settings: Settings, version: Version) -> PreparedQuery | None:
    """Return the question of a request to the endpoint; None if it brings no query.

    Raises:
        RequestError: it is not a request of the protocol.
        RefusedError: it calls out to an endpoint that is not allowed.
        NotAcceptableError: the client takes no serialization of any answer.
    """
    short = sent.method in BARE and len(sent.query) < REMEMBERED
    make = _remembered if short else _read  # a request without a body is its own key
    return make(sent, settings, version.number, version.built, version.base)


def _read(sent: Sent, settings: Settings, number: int, built: str, base: str) -> PreparedQuery | None:
    given = parameters(sent)
    text = query_text(sent, given)
    if text is None:
        return None
    check_version(sent, given)
    names = given.all("format")
    wanted = AcceptedFormats(_wanted(RESULTS, sent, names), _wanted(TRIPLES, sent, names))
    if wanted.results is None and wanted.graph is None:
        raise NotAcceptableError(offers_text((*RESULTS, *TRIPLES, HTML)))
    default_graphs, named_graphs = dataset(given)
    question = Question(
        text=text,
        version=number,
        results=_suffix(wanted.results, "tsv"),
        graph=_suffix(wanted.graph, "nt"),
        base=base + "sparql",
        timeout=timeout(sent, given, settings),
        size=settings.query_size << 20,
        rows=settings.query_rows,
        default_graphs=default_graphs,
        named_graphs=named_graphs,
    )
    return prepared(question, wanted, sent, settings, built)


_remembered = lru_cache(maxsize=512)(_read)


def prepared(question: Question, wanted: AcceptedFormats, sent: Sent, settings: Settings, built: str) -> PreparedQuery:
    """Return a question to a version; raise RefusedError if it calls out to an endpoint that is not allowed."""
    decide(question.text, frozenset(settings.services.split()))
    tag = tagged(question, question.text, built, wanted.suffixes)
    held = tag is not None and sent.method in SAFE and holds(sent.held, tag)
    return PreparedQuery(question, wanted, tag, held, encoding(sent.encodings))


def _wanted(offers: tuple[Media, ...], sent: Sent, names: list[str]) -> Media | None:
    try:
        return best((*offers, HTML), sent.suffix, names, sent.accept)
    except NotAcceptableError:
        return None


async def resolve(asked: PreparedQuery, engine: Engine, cache: Cache, caller: Caller = NOBODY) -> Outcome:
    """Return what client or cache holds, else the answer, whole if small; raise ConvocationError if there is none."""
    if asked.held:
        return None
    if asked.tag and (found := cache.get(asked.tag)):
        return found
    answer = await _answer(asked, engine, caller)
    first = await answer.read()
    if len(first) >= BLOCK:
        return StartedQuery(first, answer)
    body = first
    while block := await answer.read():  # an error at the end of a small answer is still an error of its own
        body += block
    suffix = asked.question.graph if answer.is_graph else asked.question.results
    found = CachedAnswer(answer.is_graph, body, rows(body, suffix or ""), answer.version)
    if asked.tag and answer.version == asked.question.version:
        cache.put(asked.tag, found)
    return replace(found, is_cached=False)


async def blocks(asked: PreparedQuery, begun: StartedQuery, cache: Cache, caller: Caller) -> AsyncIterator[bytes]:
    """Yield the blocks of a large answer, and keep a whole one; raise LeftError or the error that cut it off."""
    answer = begun.answer
    tag = asked.tag if answer.version == asked.question.version else None
    keeper, block = Keeper(cache, tag, answer.is_graph, answer.version), begun.first
    try:
        while block:
            if caller.is_gone:
                raise LeftError(LEFT)
            keeper.add(block)
            yield block
            block = await answer.read()
        keeper.done()
    finally:
        answer.close()


async def _answer(asked: PreparedQuery, engine: Engine, caller: Caller) -> Answer:
    try:
        return await engine.answer(asked.question, caller)
    except MediaError as error:
        offers = TRIPLES if error.kind == "graph" else RESULTS
        raise NotAcceptableError(offers_text((*offers, HTML))) from error


def is_page(asked: PreparedQuery, outcome: Outcome) -> bool:
    """Return whether the answer is to be shown as a page."""
    return outcome is not None and asked.wanted.media(is_graph=outcome.is_graph) is HTML


def headers(asked: PreparedQuery, outcome: Outcome, begun: float, *, safe: bool) -> list[Header]:
    """Return the headers of an answer to a request that `begun` then; `safe` says whether its method is."""
    found = [("Vary", "Accept, Accept-Encoding")]
    version = asked.question.version
    if outcome is not None:
        found.append(("Content-Type", asked.wanted.media(is_graph=outcome.is_graph).header))
        version = outcome.version
        if isinstance(outcome, CachedAnswer) and outcome.rows is not None:
            found.append(("X-Convocation-Rows", str(outcome.rows)))
        source = "cache, " if isinstance(outcome, CachedAnswer) and outcome.is_cached else ""
        found.append(("Server-Timing", f"{source}first;dur={(time.monotonic() - begun) * 1000:.1f}"))
    found.append(("X-Convocation-Version", str(version)))
    if asked.tag is None or version != asked.question.version:
        found.append(("Cache-Control", "no-store"))
    elif safe:
        found += [("ETag", f'W/"{asked.tag}"'), ("Cache-Control", "no-cache")]
    return found
