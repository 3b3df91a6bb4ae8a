"""Papers as references: what a citation of each needs, with the authors in order and as printed."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from bibtexparser.middlewares.names import parse_single_name_into_parts
from pyoxigraph import NamedNode

from graph.terms import CVN
from graph.vocabulary.identifiers import IdentifierForm, of_term
from server.display.asking import Row, ask
from server.display.listing import pointing
from server.display.things import Thing

OF = frozenset({CVN.Paper, CVN.Person, CVN.Edition})  # of these there are lists of papers
CHUNK = 200
BESIDE = {"github.com", "gitlab.com", "huggingface.co", "www.kaggle.com"}  # hosts of data and code of papers


def has_works(there: Thing) -> bool:
    """Return whether a thing is a paper, or wrote or published some."""
    return CVN.Paper in there.kinds or any(each.kind in (CVN.Paper, CVN.Authorship) for each in pointing(there.iri, 0))


@dataclass(frozen=True)
class AuthorName:
    """The name of an author in the parts that references need."""

    given: str
    family: str

    @property
    def inverted(self) -> str:
        """The family name first."""
        return f"{self.family}, {self.given}" if self.given else self.family


@dataclass(frozen=True)
class Work:
    """A paper as a reference cites it."""

    iri: NamedNode
    title: str
    authors: tuple[str, ...]
    edition: str
    proceedings: str
    year: str
    identifiers: tuple[IdentifierForm, ...]
    pages: tuple[str, ...]

    @property
    def key(self) -> str:
        """A key of the reference, the last part of the IRI."""
        return self.iri.value.rpartition("/")[2]

    @property
    def address(self) -> str:
        """The page of the paper elsewhere that says most, or else its IRI; pages of its data or code are others."""
        return next((each for each in self.pages if urlsplit(each).netloc not in BESIDE), self.iri.value)

    def identifier(self, scheme: str) -> str:
        """Return its identifier in a scheme, or nothing."""
        return next((each.value for each in self.identifiers if each.scheme.name == scheme), "")


def named(printed: str) -> AuthorName:
    """Return a name in parts, by the rules of BibTeX; what comes before the family name, such as van, belongs to it."""
    parts = parse_single_name_into_parts(printed, strict=False)
    return AuthorName(" ".join(parts.first), " ".join((*parts.von, *parts.last, *parts.jr)))


def works(thing: NamedNode) -> Iterator[Work]:
    """Yield the papers of a thing by title: itself, or those that it wrote or published."""
    listed = [NamedNode(row["thing"].value) for row in ask("formats/papers", entity=thing).rows]
    for start in range(0, len(listed), CHUNK):
        yield from references(listed[start : start + CHUNK])


def references(papers: Sequence[NamedNode]) -> Iterator[Work]:
    """Yield what references of some papers need."""
    said: dict[str, list[Row]] = defaultdict(list)
    for row in ask("formats/works", things=papers).rows:
        said[row["thing"].value].append(row)
    authors: dict[str, list[str]] = defaultdict(list)
    for row in ask("formats/authors", things=papers).rows:
        authors[row["thing"].value].append(row["name"].value)
    for paper in papers:
        if rows := said[paper.value]:
            yield _work(paper, rows, tuple(authors[paper.value]))


def _work(paper: NamedNode, rows: Sequence[Row], authors: tuple[str, ...]) -> Work:
    def text(column: str) -> str:
        return next((row[column].value for row in rows if column in row), "")

    found = (of_term(row["identifier"]) for row in rows if "identifier" in row)
    identifiers = tuple(dict.fromkeys(each for each in found if each))
    pages = (*(each.page for each in identifiers), *(row["page"].value for row in rows if "page" in row))
    proceedings = f"{text('series')} ({text('edition')})" if text("series") else text("edition")
    return Work(
        paper,
        text("title"),
        authors,
        text("edition"),
        proceedings,
        text("year"),
        identifiers,
        tuple(dict.fromkeys(pages)),
    )
