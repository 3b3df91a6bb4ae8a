"""Shows the answer to a query as a page: its first rows as a table, made from the lines of TSV or N-Triples."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from flask import Response, render_template, request
from pyoxigraph import NamedNode

from server.media import HTML
from server.words import address

MOST = 1000  # rows that a page shows
LITERAL = re.compile(r'"(?P<value>(?:[^"\\]|\\.)*)"(?:@(?P<language>[\w-]+)|\^\^<(?P<datatype>[^>]*)>)?', re.DOTALL)
ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
LETTERS = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}


@dataclass(frozen=True)
class Cell:
    """A term as a page shows it: its words, where they lead, and its language or datatype."""

    text: str
    leads: str | None = None
    note: str = ""


def page(body: Iterable[bytes], is_graph: bool) -> Response:  # noqa: FBT001 - what the engine says of an answer
    """Answer with a page of the first rows; the rest is not asked for.

    Raises:
        LimitError: the answer was cut off before there were enough.
    """
    lines = _lines(body)
    head = "?subject\t?predicate\t?object" if is_graph else next(lines, "")
    split = _triple if is_graph else _solution
    shown = [[cell(term) for term in split(line)] for line in islice(lines, MOST + 1)]
    text = render_template(
        "sparql/answer.html",
        truth=head if head in ("true", "false") else None,
        columns=[name.removeprefix("?") for name in head.split("\t")] if head else [],
        rows=shown[:MOST],
        more=len(shown) > MOST,
        asked=request.values.get("query", ""),
    )
    return Response(text, content_type=HTML.header)


def _lines(body: Iterable[bytes]) -> Iterator[str]:
    rest = b""
    for chunk in body:
        *whole, rest = (rest + chunk).split(b"\n")
        yield from (line.decode() for line in whole)
    if rest:
        yield rest.decode()


def _solution(line: str) -> list[str]:
    return line.split("\t")


def _triple(line: str) -> list[str]:
    return line.removesuffix(" .").split(" ", 2)


def cell(term: str) -> Cell:
    """Return a term, written as in Turtle, as a page shows it."""
    if term.startswith("<") and term.endswith(">") and not term.startswith("<<"):
        iri = unescaped(term[1:-1])
        try:
            return Cell(iri, address(NamedNode(iri)))
        except ValueError:
            return Cell(iri)
    if found := LITERAL.fullmatch(term):
        return Cell(unescaped(found["value"]), note=found["language"] or found["datatype"] or "")
    return Cell(term)


def unescaped(text: str) -> str:
    """Return a text of Turtle without its escapes (RDF 1.1 Turtle, section 6.4)."""
    return ESCAPE.sub(_character, text)


def _character(found: re.Match[str]) -> str:
    return chr(int(found[1] or found[2], 16)) if found[1] or found[2] else LETTERS.get(found[3], found[3])
