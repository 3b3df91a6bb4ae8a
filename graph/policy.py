"""The policy on queries and updates: which other hosts they may call, and whether an answer may be cached.

`decide` is asked wherever a text comes in, and `confine` by the stores themselves right before the engine gets the
text, so that no way to the engine is without it. Both look for the keywords in all places where the engine may read
them (`graph.tokens.reached`): in doubt a text asks others, and its answer changes.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache

from graph.errors import QueryError, RefusedError, quoted
from graph.tokens import BEGIN, GRAPH, reached, without_escapes

VERSIONS = ("1.0", "1.1", "1.2", "1.2-basic")  # of SPARQL that are spoken here
SPACE = r"(?:[ \t\r\n]|\#[^\r\n]*+)*+"
NAME = r"(?:[^ \t\r\n{}<>();,\"'?$\#\\:]|\\.)*+:(?:[^ \t\r\n{}<>();,\"'\#\\]|\\.)*+"
IRI = r"<[^<>\"{}|^`\x00-\x20]*+>"
TARGET = rf"(?P<target>{IRI}|[?$][^ \t\r\n{{}}<>();,\"'\#]++|{NAME})"
SILENT = rf"(?P<silent>silent{SPACE})?"
FLAGS = re.IGNORECASE | re.DOTALL
SERVICE = re.compile(rf"service(?={SPACE}{SILENT}{TARGET}{SPACE}\{{)", FLAGS)
LOAD = re.compile(
    rf"load(?={SPACE}{SILENT}{TARGET}(?:{SPACE}into{SPACE}graph{SPACE}(?P<graph>{IRI}|{NAME}))?(?P<end>))", FLAGS
)
VERSION = re.compile(rf"version(?={SPACE}(?P<version>\"[^\"\r\n]*+\"|'[^'\r\n]*+'))", FLAGS)
CHANGING = re.compile(rf"(?:rand|now|uuid|bnode)(?={SPACE}\()", FLAGS)
BREAK = re.compile(r"[^\r\n]")
SIGNS = ("now", "rand", "uuid", "load", "service", "version", "bnode", "\\u")  # looked for first, in small letters
SHORT = 10_000  # characters of a text whose decision is remembered
LINE = 2_000  # characters of a line that are looked at
LONG = 1_000_000  # characters of a text in which functions are taken for called wherever they stand


@dataclass(frozen=True)
class RemoteCall:
    """A SERVICE, or a LOAD as a whole from `begin` to `stop`: whom it asks, as it is written and where."""

    keyword: str
    target: str
    start: int
    end: int
    is_silent: bool
    begin: int
    stop: int
    graph: str = ""

    @property
    def iri(self) -> str:
        """The IRI that it asks, if it is written as one."""
        return self.target[1:-1] if self.target.startswith("<") else ""


@dataclass(frozen=True)
class Decision:
    """The SERVICE and LOAD calls of a text, and whether repeating it gives the same answer.

    `unknown` is a version of SPARQL that it names and nobody speaks here; one `is_escaped` if escapes hide its calls.
    """

    targets: tuple[RemoteCall, ...] = ()
    loads: tuple[RemoteCall, ...] = ()
    repeatable: bool = True
    unknown: str = ""
    is_escaped: bool = False

    @property
    def calls(self) -> tuple[RemoteCall, ...]:
        """All that it asks of others."""
        return (*self.targets, *self.loads)


ENDPOINTS: ContextVar[frozenset[str]] = ContextVar("endpoints", default=frozenset())
PLAIN = Decision()


def decide(text: str, services: frozenset[str] = frozenset(), loads: frozenset[str] = frozenset()) -> Decision:
    """Decide on a query or an update; one that is SILENT may name others than those allowed, and fails when it is met.

    Raises:
        RefusedError: it asks an endpoint or loads a document that is not in the allow lists, or does not name it by a
            whole IRI that is written without escapes.
        QueryError: it says that it is of an unknown version of SPARQL.
    """
    decision = look(text)
    for call in decision.calls:
        allowed = services if call.keyword == "SERVICE" else loads
        known = call.iri in allowed or (call.is_silent and call.iri)
        if not known or "\\" in call.target or decision.is_escaped:
            _refuse(call, allowed)
    if decision.unknown:
        known = ", ".join(VERSIONS)
        raise QueryError(f"VERSION {quoted(decision.unknown)} is not spoken here; write one of {known}, or none.")
    return decision


@contextmanager
def asking(endpoints: frozenset[str]) -> Iterator[None]:
    """Let the engine ask some endpoints by itself within the block; at all other times it asks none."""
    before = ENDPOINTS.set(endpoints)
    try:
        yield
    finally:
        ENDPOINTS.reset(before)


def confine(text: str) -> None:
    """Refuse a text by which the engine would ask an endpoint that it may not ask at this moment, or load a document.

    Raises:
        RefusedError: it would, be it in silence.
        QueryError: the text says that it is of an unknown version of SPARQL.
    """
    endpoints = ENDPOINTS.get()
    decision = decide(text, endpoints)
    for call in decision.calls:
        if call.keyword == "LOAD" or call.iri not in endpoints:
            _refuse(call, endpoints)


def redirected(text: str, addresses: Mapping[RemoteCall, str]) -> str:
    """Return the query with other addresses in place of those that some of its SERVICEs ask."""
    for call in sorted(addresses, key=lambda each: each.start, reverse=True):
        text = f"{text[: call.start]}<{addresses[call]}>{text[call.end :]}"
    return text


def local(text: str) -> str:
    """Return the query with GRAPH in place of each SERVICE: of the same syntax, line by line, it asks nobody."""
    for call in reversed(look(text).targets):
        between = BREAK.sub(" ", text[call.begin + len("GRAPH") : call.start])
        text = f"{text[: call.begin]}GRAPH{between}{text[call.start :]}"
    return text


def look(text: str) -> Decision:
    """Return what a text does, allowed or not."""
    return _remembered(text) if len(text) <= SHORT else _look(text)


def _look(text: str) -> Decision:
    small = text.lower()
    for sign in SIGNS:
        if sign in small:
            break
    else:
        return PLAIN
    read = _read(text, small)
    if "\\u" not in small:
        return read
    plain = without_escapes(text)
    other = _read(plain, plain.lower())
    same = [each.target for each in read.calls] == [each.target for each in other.calls]
    both = read if same else Decision((*read.targets, *other.targets), (*read.loads, *other.loads))
    repeatable = read.repeatable and other.repeatable
    return Decision(both.targets, both.loads, repeatable, read.unknown or other.unknown, not same)


_remembered = lru_cache(maxsize=2048)(_look)


def _read(text: str, small: str) -> Decision:
    """Return what a text does as it is written; `small` is the text in small letters."""
    services = list(SERVICE.finditer(text)) if "service" in small else []
    loads = [each for each in LOAD.finditer(text) if _may_begin(text, each.start())] if "load" in small else []
    versions = list(VERSION.finditer(text)) if "version" in small else []
    changing = list(CHANGING.finditer(text)) if any(each in small for each in ("rand", "now", "uuid", "bnode")) else []
    every = (*services, *loads, *versions, *(changing if len(text) <= LONG else ()))
    if not every:
        return Decision(repeatable=False) if changing else PLAIN
    places = reached(text, {each.start() for each in every})
    anywhere = {each.start for each in places}
    asking = {each.start for each in places if each.before != GRAPH}
    beginning = {each.start for each in places if each.before == BEGIN and each.depth <= 0}
    spoken = [each["version"][1:-1] for each in versions if each.start() in beginning]
    targets = tuple(_call("SERVICE", each) for each in services if each.start() in asking)
    return Decision(
        targets,
        tuple(_call("LOAD", each) for each in loads if each.start() in beginning),
        not targets and not any(each.start() in anywhere or len(text) > LONG for each in changing),
        next((each for each in spoken if each not in VERSIONS), ""),
    )


def _may_begin(text: str, place: int) -> bool:
    """Return whether an operation may begin at a place, by what stands right before, which spares most of a walk."""
    end = place
    while end and text[end - 1] in " \t\r\n":
        end -= 1
    if end == 0 or text[end - 1] in ";>'\"":
        return True
    line = text[max(0, end - LINE) : end].rpartition("\n")  # that text may be the end of a comment
    return end < place and ("#" in line[2] or (not line[1] and end > LINE))


def _call(keyword: str, found: re.Match[str]) -> RemoteCall:
    start, end = found.span("target")
    stop = found.end("end") if keyword == "LOAD" else end
    graph = found["graph"] or "" if keyword == "LOAD" else ""
    return RemoteCall(keyword, found["target"], start, end, bool(found["silent"]), found.start(), stop, graph)


def _refuse(call: RemoteCall, allowed: frozenset[str]) -> None:
    known = f"only {', '.join(sorted(allowed))} may be" if allowed else "none may be"
    hint = f"Write the whole IRI without escapes, or ask the operator to add it to CONVOCATION_{call.keyword}S"
    done = "asked" if call.keyword == "SERVICE" else "loaded"
    raise RefusedError(f"{call.keyword} {call.target} is not {done} from here; {known}. {hint}.")
