"""OpenAlex: works by DOI, which give their authors with ORCID iDs by position."""

from collections.abc import Iterator
from urllib.parse import quote

from msgspec import Struct

from graph.linksets.connector import Ask, Candidate, Connector, FoundAuthor, FoundWork, valid
from graph.linksets.exchange import exchanged
from graph.linksets.subjects import Subjects, Work

NOBODY = {"A9999999999", "A5317838346"}  # authors unknown or deleted, never a person


class _Person(Struct):
    id: str | None = None
    display_name: str | None = None
    orcid: str | None = None


class _Authorship(Struct):
    author: _Person
    raw_author_name: str | None = None


class _Answer(Struct):
    id: str
    title: str | None = None
    doi: str | None = None
    publication_year: int | None = None
    authorships: list[_Authorship] = []


def find(subjects: Subjects, ask: Ask) -> Iterator[Candidate]:
    """Yield the links of papers with a DOI, and of their authors."""

    def look(work: Work) -> Iterator[FoundWork]:
        found = ask(f"/works/doi:{quote(work.value('doi'), safe='/')}", _Answer)
        if found:
            authors = tuple(FoundAuthor(*_author(each)) for each in found.authorships)
            ids = valid(openalex=found.id, doi=found.doi)
            yield FoundWork(found.title or "", found.publication_year or 0, ids, authors)

    yield from exchanged((each for each in subjects.works if each.value("doi")), look)


def _author(found: _Authorship) -> tuple[str, tuple]:  # type: ignore[type-arg]
    person = found.author
    nobody = (person.id or "").rpartition("/")[2] in NOBODY
    name = found.raw_author_name or person.display_name or ""
    return name, () if nobody else valid(openalex=person.id, orcid=person.orcid)


CONNECTOR = Connector(
    key="openalex",
    title="OpenAlex",
    license="https://creativecommons.org/publicdomain/zero/1.0/",
    address="https://api.openalex.org",
    pause=1,
    find=find,
)
