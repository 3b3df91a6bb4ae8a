"""A term as a page shows it."""

from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from graph.terms import XSD, Term
from server.words import address, words

LONG = 160


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
    """Return a term with its label, or its words where it has none."""
    return Cell(term, label or words(term), address(term) if isinstance(term, NamedNode) else "")
