"""The tokens of SPARQL, as an engine may read them.

`TOKEN` reads a text as people mean it. `reached` finds where an engine may begin to read a keyword: Oxigraph's grammar
(spargebra, a PEG) takes keywords in any case and without a boundary on either side, so that `SERVICESILENT<…>` and
`BYRAND()` are read, takes `<` for an operator or an IRI by what stands around it, and reads `'''` as an empty string
and a quotation mark where what follows is no long string.
"""

import re
from collections.abc import Collection, Iterator
from heapq import heappop, heappush
from typing import NamedTuple

TOKEN = re.compile(
    r"""
    (?P<comment> \#[^\r\n]* )
  | (?P<string> \"{3}(?:\"{0,2}(?:[^\"\\]|\\.))*\"{3} | '{3}(?:'{0,2}(?:[^'\\]|\\.))*'{3}
      | \"(?:[^\"\\\r\n]|\\.)*\" | '(?:[^'\\\r\n]|\\.)*' )
  | (?P<iri> <[^<>\"{}|^`\x00-\x20]*> )
  | (?P<variable> [?$]\w+ )
  | (?P<language> @[\w-]+ )
  | (?P<name> [\w.-]*:(?:(?:[\w:%]|\\.)(?:[\w.:%-]|\\.)*)? )
  | (?P<word> \w+ )
  | (?P<open> \{ )
  | (?P<close> \} )
    """,
    re.VERBOSE | re.DOTALL,
)
Token = re.Match[str]
ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
LONG = re.compile(
    r"\"{3}(?P<double>(?:\"{0,2}(?:[^\"\\]|\\.))*+)\"{3}|'{3}(?P<single>(?:'{0,2}(?:[^'\\]|\\.))*+)'{3}", re.DOTALL
)
SHORT = re.compile(r"\"(?:[^\"\\\r\n]|\\.)*+\"|'(?:[^'\\\r\n]|\\.)*+'", re.DOTALL)
IRI = re.compile(r"<[^<>\"{}|^`\x00-\x20]*+>")
STEP = re.compile(
    r"""
    (?P<space> (?:[ \t\r\n]|\#[^\r\n]*+)++ )
  | (?P<variable> [?$][A-Za-z0-9_]++ )
  | (?P<run> (?:[^ \t\r\n\#'"<{}();,?$\\]|\\.)++ )
  | (?P<sign> . )
    """,
    re.VERBOSE | re.DOTALL,
)
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*:[A-Za-z0-9_]*")
BEGIN, GRAPH, OTHER = "begin", "graph", "other"  # the context: where an operation may begin, what names a graph
NAMING = {"GRAPH", "FROM", "NAMED"}  # keywords behind which an engine reads the name of a graph, and nothing else
PATIENCE = 6  # steps for each character of a text, after which each place counts


class TokenPosition(NamedTuple):
    """A place of a text that an engine may read from: its context, and the number of braces around it."""

    start: int
    before: str = OTHER
    depth: int = 0


def reached(text: str, places: Collection[int]) -> list[TokenPosition]:
    """Return those places where an engine may begin to read a keyword, in each way that it may have come there.

    Places in comments, strings, IRIs and variables are not among them, but for those that another reading of the text
    leads to; where readings differ both are followed.
    """
    waiting, last, found = [TokenPosition(0, BEGIN)], max(places, default=-1), list[TokenPosition]()
    before, left = None, PATIENCE * len(text) + 1000
    while waiting and left:
        place = heappop(waiting)
        if place == before or place.start > last:
            continue
        before, left = place, left - 1
        if place.start in places:
            found.append(place)
        for following in _steps(text, place, places, found):
            heappush(waiting, following)
    return found if left else [TokenPosition(each, before) for each in places for before in (BEGIN, OTHER)]


def _steps(
    text: str, place: TokenPosition, places: Collection[int], found: list[TokenPosition]
) -> Iterator[TokenPosition]:
    """Yield where the next token may end; in a word each character may be the first of a keyword."""
    start, before, depth = place
    step = STEP.match(text, start)
    if not step:
        return
    end = step.end()
    match step.lastgroup:
        case "space":
            yield TokenPosition(end, before, depth)
        case "variable":
            yield TokenPosition(end, OTHER, depth)
        case "run":
            name = NAME.match(text, start) if before == GRAPH else None
            hidden = name.end() if name else start + 1
            found += [TokenPosition(each, OTHER, depth) for each in range(hidden, end) if each in places]
            yield TokenPosition(end, GRAPH if step[0].upper() in NAMING else OTHER, depth)
        case _:
            yield from _signs(text, place, places)


def _signs(text: str, place: TokenPosition, places: Collection[int]) -> Iterator[TokenPosition]:
    start, _, depth = place
    match text[start]:
        case '"' | "'":
            yield from (TokenPosition(end, BEGIN, depth) for end in _strings(text, start))
        case "<":
            iri = IRI.match(text, start)
            if iri:
                yield TokenPosition(iri.end(), BEGIN, depth)
            if not iri or {"#", "'", "\\"} & set(iri[0]) or any(each in places for each in range(start, iri.end())):
                yield TokenPosition(start + 1, OTHER, depth)
        case ";":
            yield TokenPosition(start + 1, BEGIN, depth)
        case sign:
            yield TokenPosition(start + 1, OTHER, depth + (sign == "{") - (sign == "}"))


def _strings(text: str, start: int) -> Iterator[int]:
    """Yield where a string may end; an engine that refuses an escape in a long one reads a short one instead."""
    long = LONG.match(text, start)
    if long:
        yield long.end()
        body = long[long.lastgroup or 0]
        if "\\" not in body:
            return
    short = SHORT.match(text, start)
    if short:
        yield short.end()


def without_escapes(text: str) -> str:
    """Return the text with code point escapes resolved (SPARQL 1.1, section 19.2)."""

    def character(found: re.Match[str]) -> str:
        point = int(found[1] or found[2], 16)
        return chr(point) if point <= 0x10FFFF else " "  # noqa: PLR2004 - the last code point

    return ESCAPE.sub(character, text)
