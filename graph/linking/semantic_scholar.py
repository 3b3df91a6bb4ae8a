"""Semantic Scholar: papers by DOI, arXiv or ACL identifier, which give those of other graphs at once."""

from collections.abc import Iterator
from urllib.parse import quote

from msgspec import Struct, field

from graph.linksets.connector import Ask, Candidate, Connector, FoundAuthor, FoundWork, valid
from graph.linksets.exchange import exchanged
from graph.linksets.subjects import Subjects, Work

PREFIXES = {"doi": "DOI", "acl": "ACL", "arxiv": "ARXIV"}
FIELDS = "externalIds,title,year,authors"


class _Ids(Struct):
    doi: str | None = field(name="DOI", default=None)
    acl: str | None = field(name="ACL", default=None)
    arxiv: str | None = field(name="ArXiv", default=None)
    dblp: str | None = field(name="DBLP", default=None)


class _Person(Struct):
    name: str = ""


class _Answer(Struct):
    id: str = field(name="paperId")
    title: str = ""
    year: int | None = None
    others: _Ids = field(name="externalIds", default_factory=_Ids)
    authors: list[_Person] = []


def find(subjects: Subjects, ask: Ask) -> Iterator[Candidate]:
    """Yield the links of papers with an identifier that Semantic Scholar knows."""

    def look(work: Work) -> Iterator[FoundWork]:
        found = ask(f"/graph/v1/paper/{_known(work)}?fields={FIELDS}", _Answer)
        if found:
            ids = valid(
                semantic_scholar=found.id,
                doi=found.others.doi,
                acl=found.others.acl,
                arxiv=found.others.arxiv,
                dblp=found.others.dblp,
            )
            authors = tuple(FoundAuthor(each.name) for each in found.authors)
            yield FoundWork(found.title, found.year or 0, ids, authors)

    yield from exchanged((each for each in subjects.works if _known(each)), look)


def _known(work: Work) -> str:
    """Return how Semantic Scholar is asked for a work, or an empty string."""
    known = ((prefix, work.value(scheme)) for scheme, prefix in PREFIXES.items())
    return next((quote(f"{prefix}:{value}", safe=":/") for prefix, value in known if value), "")


CONNECTOR = Connector(
    key="semantic-scholar",
    title="Semantic Scholar",
    license="https://opendatacommons.org/licenses/by/1-0/",
    address="https://api.semanticscholar.org",
    pause=1.5,
    find=find,
)
