"""How a term reads on a page, and where its link leads."""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from flask import g, request
from pyoxigraph import Literal, NamedNode

from graph.terms import CODE, CVN, PREFIXES, SHAPE, XSD, Term
from graph.vocabulary.identifiers import of_term
from server.http.rates import seconds_left

MINUS = "−"  # noqa: RUF001 - the sign, which is as wide as the plus
DIGITS = 9  # enough for any page, line or year; Python refuses to convert thousands of them
LONG = 160
SCHEME = re.compile(r"^https?://(www\.)?|/$")


def words(term: Term) -> str:
    """Return a term as readers write it: of an IRI its last part, and a value that is not well formed as it is."""
    if not isinstance(term, Literal):
        return local(term)
    write = WRITERS.get(term.datatype)
    try:
        return write(term.value) if write else term.value
    except (ValueError, ArithmeticError):
        return term.value


def local(iri: NamedNode) -> str:
    """Return the last part of an IRI, its words apart."""
    last = re.split(r"[/#]", iri.value.rstrip("/#"))[-1]
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", last).lower() if re.fullmatch(r"[A-Za-z]+", last) else last


def plural(word: str) -> str:
    """Return the plural of a noun, which may have other words before it."""
    if word.endswith("series"):
        return word
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(("s", "x", "ch", "sh")) else f"{word}s"


def number(text: str) -> str:
    """Return a number with commas between thousands."""
    return f"{Decimal(text):,f}"


def day(text: str) -> str:
    """Return a date in words."""
    return _day(date.fromisoformat(text))


def moment(text: str) -> str:
    """Return a date and time in words, in the time zone in which it is given."""
    at = datetime.fromisoformat(text)
    return f"{_day(at.date())}, {at:%H:%M}" + (f" (UTC{at:%z})" if at.tzinfo else "")


def hour(text: str) -> str:
    """Return the hour of a date and time, in the time zone in which it is given; a value not well formed as it is."""
    with suppress(ValueError):
        return f"{datetime.fromisoformat(text):%H:%M}"
    return text


def zone(text: str) -> str:
    """Return the time zone of a date and time, or an empty string."""
    try:
        offset = f"{datetime.fromisoformat(text):%z}"
    except ValueError:
        return ""
    return f"UTC{offset[0].replace('-', MINUS)}{offset[1:3]}:{offset[3:5]}" if offset else ""


def weekday(text: str) -> str:
    """Return a date in words with its day of the week; a value not well formed as it is."""
    with suppress(ValueError):
        return f"{date.fromisoformat(text):%A}, {day(text)}"
    return text


def days(start: str, end: str) -> str:
    """Return the days from one to another in words, as in "December 10 to 15, 2024", or the one that is known."""
    try:
        first, last = date.fromisoformat(start), date.fromisoformat(end)
    except ValueError:
        return " – ".join(filter(None, (start, end)))  # noqa: RUF001 - the dash of a range
    if first == last:
        return _day(first)
    if first.year != last.year:
        return f"{_day(first)} – {_day(last)}"  # noqa: RUF001
    until = f"{last.day}" if first.month == last.month else f"{last:%B} {last.day}"
    dash = "–" if first.month == last.month else " – "  # noqa: RUF001
    return f"{first:%B} {first.day}{dash}{until}, {last.year}"


def _day(at: date) -> str:
    return f"{at:%B} {at.day}, {at.year}"


WRITERS: dict[NamedNode, Callable[[str], str]] = {
    XSD.integer: number,
    XSD.decimal: number,
    XSD.date: day,
    XSD.dateTime: moment,
    XSD.boolean: lambda text: "yes" if text == "true" else "no",
}


def address(iri: NamedNode) -> str:
    """Return the URL to link an IRI to, or an empty string."""
    seconds_left()  # a page of many thousand links is cut off here
    return _address(iri.value, g.served.version.base, request.script_root)


@lru_cache(maxsize=10_000)
def _address(iri: str, base: str, root: str) -> str:
    for prefix, place in (
        (f"{base}id/", "/page/"),
        (f"{base}graph/", "/graph/"),
        (CODE.prefix, "/code/"),
        (CVN.prefix, "/ontology#"),
        (SHAPE.prefix, "/shapes#"),
    ):
        if iri.startswith(prefix):
            return root + place + iri.removeprefix(prefix)
    return iri if iri.startswith(("http://", "https://")) else ""


def line_address(source: NamedNode, line: str) -> str:
    """Return the address of a line of a source on the source's page."""
    first = line.partition("-")[0]
    place = address(source)
    return f"{place}?line={first}#line-{first}" if first.isdigit() else place


def short(iri: NamedNode) -> str:
    """Return an IRI with a prefix in place of its namespace, if it is a known one."""
    for prefix, namespace in PREFIXES.items():
        if iri.value.startswith(namespace):
            return f"{prefix}:{iri.value.removeprefix(namespace)}"
    return iri.value.partition("://")[2]


def whole_number(text: str) -> int | None:
    """Return the number of at most nine ASCII digits; None for any other text."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= DIGITS else None


@dataclass(frozen=True)
class Cell:
    """A term, its words, and where its link leads if it has one."""

    term: Term
    words: str
    href: str

    @property
    def is_number(self) -> bool:
        """Whether it is a number."""
        return isinstance(self.term, Literal) and self.term.datatype in (XSD.integer, XSD.decimal)

    @property
    def is_long(self) -> bool:
        """Whether it is a text that reads as a paragraph."""
        return isinstance(self.term, Literal) and len(self.words) > LONG


def cell(term: Term, label: str | None = None) -> Cell:
    """Return a term with its label, or its words where it has none; an identifier leads to the page of its scheme."""
    if found := of_term(term):
        return Cell(term, f"{found.scheme.label} {found.value}", found.page)
    href = address(term) if isinstance(term, NamedNode) else ""
    outside = href == term.value  # an address of the web reads as one
    return Cell(term, label or (SCHEME.sub("", href) if outside else words(term)), href)


def as_year(shown: Cell) -> Cell:
    """Return a cell of a year, which has no comma between its thousands."""
    return replace(shown, words=shown.term.value)
