"""dblp: the records of papers by title, which give their keys and DOIs and the person identifiers of authors."""

from collections.abc import Iterator
from urllib.parse import urlencode

from msgspec import Struct, field

from graph.linksets.connector import Ask, Candidate, Connector, FoundAuthor, FoundWork, valid
from graph.linksets.exchange import exchanged
from graph.linksets.subjects import Subjects, Work


class _Author(Struct):
    text: str
    pid: str = field(name="@pid", default="")


class _Authors(Struct):
    author: list[_Author] | _Author = []  # a single one is no list


class _Info(Struct):
    key: str
    title: str
    year: str
    authors: _Authors = field(default_factory=_Authors)
    doi: str = ""


class _Hit(Struct):
    info: _Info


class _Hits(Struct):
    hit: list[_Hit] = []


class _Result(Struct):
    hits: _Hits


class _Answer(Struct):
    result: _Result


def find(subjects: Subjects, ask: Ask) -> Iterator[Candidate]:
    """Yield the links of papers and authors that have no identifier of dblp."""

    def look(work: Work) -> Iterator[FoundWork]:
        words = {"q": " ".join(word for word in work.label.split() if word.isalnum()), "format": "json", "h": 10}
        answer = ask(f"/search/publ/api?{urlencode(words)}", _Answer)
        for hit in answer.result.hits.hit if answer else ():
            people = hit.info.authors.author
            authors = [people] if isinstance(people, _Author) else people
            yield FoundWork(
                hit.info.title.removesuffix("."),
                int(hit.info.year),
                valid(dblp=hit.info.key, doi=hit.info.doi),
                tuple(FoundAuthor(each.text, valid(dblp_person=each.pid)) for each in authors),
            )

    yield from exchanged((each for each in subjects.works if _is_open(each)), look)


def _is_open(work: Work) -> bool:
    people = any(not each.value("dblp-person") for each in work.authors)
    return not work.value("dblp") or people


CONNECTOR = Connector(
    key="dblp",
    title="dblp computer science bibliography",
    license="https://creativecommons.org/publicdomain/zero/1.0/",
    address="https://dblp.org",
    pause=2,
    find=find,
)
