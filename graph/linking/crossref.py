"""Crossref: the records of DOIs, which give ORCID iDs of authors by position."""

from collections.abc import Iterator
from urllib.parse import quote

from msgspec import Struct, field

from graph.linksets.connector import Ask, Candidate, Connector, FoundAuthor, FoundWork, valid
from graph.linksets.exchange import exchanged
from graph.linksets.subjects import Subjects, Work


class _Person(Struct):
    family: str = ""
    given: str = ""
    name: str = ""
    orcid: str | None = field(name="ORCID", default=None)


class _Date(Struct):
    parts: list[list[int | None]] = field(name="date-parts", default_factory=list)


class _Message(Struct):
    doi: str = field(name="DOI")
    title: list[str] = []
    author: list[_Person] = []
    issued: _Date | None = None


class _Answer(Struct):
    message: _Message


def find(subjects: Subjects, ask: Ask) -> Iterator[Candidate]:
    """Yield the links of the authors of papers with a DOI."""

    def look(work: Work) -> Iterator[FoundWork]:
        answer = ask(f"/works/{quote(work.value('doi'), safe='')}", _Answer)
        if answer:
            found = answer.message
            people = ((f"{each.given} {each.family}".strip() or each.name, each.orcid) for each in found.author)
            authors = tuple(FoundAuthor(name, valid(orcid=orcid)) for name, orcid in people)
            year = next((each or 0 for parts in (found.issued.parts if found.issued else ()) for each in parts), 0)
            yield FoundWork(next(iter(found.title), ""), year, valid(doi=found.doi), authors)

    yield from exchanged((each for each in subjects.works if each.value("doi")), look)


CONNECTOR = Connector(
    key="crossref",
    title="Crossref",
    license="https://creativecommons.org/publicdomain/zero/1.0/",
    address="https://api.crossref.org",
    pause=1,
    find=find,
)
