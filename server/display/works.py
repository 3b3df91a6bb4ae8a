"""Papers as references: what a citation of each needs, with the authors in order and as printed."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from pyoxigraph import NamedNode

from graph.sources.parts import NameParts, guessed
from graph.terms import CVN
from graph.vocabulary.identifiers import IdentifierForm, of_term
from server.display.asking import Row, ask
from server.display.listing import pointing
from server.display.things import Thing

OF = frozenset({CVN.Paper, CVN.Person, CVN.Edition})  # of these there are lists of papers
CHUNK = 200
BESIDE = {"github.com", "gitlab.com", "huggingface.co", "www.kaggle.com"}  # hosts of data and code of papers
PAGES = re.compile(r"(?P<first>[\w:.]+)(?:\s*[-\u2010-\u2015]+\s*(?P<last>[\w:.]+))?")


def has_works(there: Thing) -> bool:
    """Return whether a thing is a paper, or wrote or published some."""
    return CVN.Paper in there.kinds or any(each.kind in (CVN.Paper, CVN.Authorship) for each in pointing(there.iri, 0))


@dataclass(frozen=True, kw_only=True)
class Work:
    """A paper as a reference cites it."""

    iri: NamedNode
    title: str
    authors: tuple[NameParts, ...] = ()
    authors_left_out: bool = False
    is_retracted: bool = False
    edition: str = ""
    proceedings: str = ""
    editors: tuple[NameParts, ...] = ()
    publisher: str = ""
    year: str = ""
    month: int = 0
    """The month in which the edition began, or 0 if it is not known."""
    extent: str = ""
    identifiers: tuple[IdentifierForm, ...] = ()
    pages: tuple[str, ...] = ()
    is_accepted: bool = True
    decision: str = ""
    key: str = ""
    """The key of the reference in a file."""

    @property
    def status(self) -> str:
        """A note for readers: that it was retracted, or submitted and not accepted; else an empty string."""
        if self.is_retracted:
            return "Retracted"
        decided = f" ({self.decision})" if self.decision else ""
        return "" if self.is_accepted else f"Submitted to {self.edition or 'a conference'}{decided}"

    @property
    def address(self) -> str:
        """The page of the paper elsewhere that says most, or else its IRI; pages of its data or code are others."""
        return next((each for each in self.pages if urlsplit(each).netloc not in BESIDE), self.iri.value)

    @property
    def first_page(self) -> str:
        """The first page number, or nothing if the page numbers are not a range."""
        found = PAGES.fullmatch(self.extent)
        return found["first"] if found else ""

    @property
    def last_page(self) -> str:
        """The last page number, or nothing if there is one page, or the page numbers are not a range."""
        found = PAGES.fullmatch(self.extent)
        return found["last"] or "" if found else ""

    def identifier(self, scheme: str) -> str:
        """Return its identifier in a scheme, or nothing."""
        return next((each.value for each in self.identifiers if each.scheme.name == scheme), "")


def works(thing: NamedNode) -> Iterator[Work]:
    """Yield the papers of a thing by title: itself, or those that it wrote or published."""
    listed = [NamedNode(row["thing"].value) for row in ask("formats/papers", entity=thing).rows]
    yield from chunked(listed)


def chunked(papers: Sequence[NamedNode]) -> Iterator[Work]:
    """Yield any number of papers as works."""
    for start in range(0, len(papers), CHUNK):
        yield from references(papers[start : start + CHUNK])


def references(papers: Sequence[NamedNode]) -> Iterator[Work]:
    """Yield what references of some papers need."""
    said: dict[str, list[Row]] = defaultdict(list)
    for row in ask("formats/works", things=papers).rows:
        said[row["thing"].value].append(row)
    authors: dict[str, list[NameParts]] = defaultdict(list)
    for row in ask("formats/authors", things=papers).rows:
        authors[row["thing"].value].append(_name(row))
    for paper in papers:
        if rows := said[paper.value]:
            yield _work(paper, rows, tuple(authors[paper.value]))


def _name(row: Row) -> NameParts:
    """Return the name of an author: in the parts that a source gives of it, or else in those that are guessed."""
    name = row["name"].value
    if "undivided" in row:
        return NameParts(name)
    given = (row[each].value if each in row else "" for each in ("family", "given", "particle", "suffix"))
    parts = NameParts(*given)
    return parts if parts.name == name else guessed(name)


def _work(paper: NamedNode, rows: Sequence[Row], authors: tuple[NameParts, ...]) -> Work:
    def texts(column: str) -> list[str]:
        return list(dict.fromkeys(row[column].value for row in rows if column in row))

    def text(column: str) -> str:
        return next(iter(texts(column)), "")

    found = (of_term(row["identifier"]) for row in rows if "identifier" in row)
    identifiers = tuple(dict.fromkeys(each for each in found if each))
    series = f"{text('series')} ({text('edition')})" if text("series") else text("edition")
    return Work(
        iri=paper,
        title=text("title"),
        authors=authors,
        authors_left_out=text("leftOut") == "true",
        is_retracted=text("retracted") == "true",
        edition=text("edition"),
        proceedings=text("volume") or series,
        editors=tuple(map(guessed, texts("editor"))),
        publisher=text("publisher"),
        year=text("year"),
        month=int(text("start")[5:7] or 0),
        extent=text("extent"),
        identifiers=identifiers,
        is_accepted=text("accepted") == "yes",
        decision=text("decision"),
        pages=tuple(dict.fromkeys([*(each.page for each in identifiers), *texts("page")])),
    )
