"""A term as a page shows it."""

import re
from dataclasses import dataclass, replace

from pyoxigraph import Literal, NamedNode

from graph.terms import XSD, Term
from graph.vocabulary.identifiers import of_term
from server.display.words import address, words

LONG = 160
SCHEME = re.compile(r"^https?://(www\.)?|/$")


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
