"""Shows the answer to a query as a page: its first rows as a table, made from the lines of TSV or N-Triples."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from flask import Response, g, render_template, request
from pyoxigraph import NamedNode

from graph.terms import PREFIXES, XSD
from server.display.words import address, short
from server.http.media import HTML

MOST = 1000  # rows that a page shows
LITERAL = re.compile(r'"(?P<value>(?:[^"\\]|\\.)*)"(?:@(?P<language>[\w-]+)|\^\^<(?P<datatype>[^>]*)>)?', re.DOTALL)
ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
PLAIN_NUMBER = re.compile(r"[+-]?(?:\d+|\d*\.\d+)(?:[eE][+-]?\d+)?")
NUMBERS = {each.value for each in (XSD.integer, XSD.decimal, XSD.double, XSD.float, XSD.int, XSD.long)}
LETTERS = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}


@dataclass(frozen=True)
class ResultCell:
    """A term as a page shows it: its words, where they lead, and its language or datatype."""

    text: str
    leads: str | None = None
    note: str = ""
    is_number: bool = False


def page(body: Iterable[bytes], is_graph: bool) -> Response:  # noqa: FBT001 - what the engine says of an answer
    """Answer with a page of the first rows; raise LimitError if the answer was cut off before there were enough."""
    lines = _lines(body)
    head = "?subject\t?predicate\t?object" if is_graph else next(lines, "")
    first = islice(lines, MOST + 1)
    split = [line.removesuffix(" .").split(" ", 2) if is_graph else line.split("\t") for line in first]
    shown = [[cell(term) for term in terms] for terms in split]
    text = render_template(
        "sparql/answer.html",
        truth=head if head in ("true", "false") else None,
        columns=[name.removeprefix("?") for name in head.split("\t")] if head else [],
        rows=shown[:MOST],
        more=len(shown) > MOST,
        is_graph=is_graph,
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


def cell(term: str) -> ResultCell:
    """Return a term, written as in Turtle, as a page shows it."""
    if term.startswith("<") and term.endswith(">") and not term.startswith("<<"):
        iri = unescaped(term[1:-1])
        try:
            return ResultCell(written(iri), address(NamedNode(iri)))
        except ValueError:
            return ResultCell(iri)
    if found := LITERAL.fullmatch(term):
        return literal(unescaped(found["value"]), found["language"] or "", found["datatype"] or "")
    return ResultCell(term, is_number=bool(PLAIN_NUMBER.fullmatch(term)))


def literal(text: str, language: str, datatype: str) -> ResultCell:
    """Return a literal with its language or its datatype, but for numbers, which are seen to be such."""
    if datatype in NUMBERS:
        return ResultCell(text, is_number=True)
    return ResultCell(text, note=language or (short(NamedNode(datatype)) if datatype else ""))


def written(iri: str) -> str:
    """Return an IRI as a page writes it: that of a thing here by its path, another by its prefix, else whole."""
    base = g.served.version.base
    if iri.startswith(f"{base}id/"):
        return iri.removeprefix(f"{base}id/")
    known = short(NamedNode(iri))
    return known if known.partition(":")[0] in PREFIXES and not known.startswith("//") else iri


def unescaped(text: str) -> str:
    """Return a text of Turtle without its escapes (RDF 1.1 Turtle, section 6.4)."""
    return ESCAPE.sub(_character, text)


def _character(found: re.Match[str]) -> str:
    return chr(int(found[1] or found[2], 16)) if found[1] or found[2] else LETTERS.get(found[3], found[3])
