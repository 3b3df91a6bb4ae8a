"""OpenReview: the forums of papers, which give the profiles of their authors by position."""

from collections.abc import Iterator
from urllib.parse import urlencode

from msgspec import Struct

from graph.linksets.connector import Ask, Candidate, Connector, FoundAuthor, FoundWork, valid
from graph.linksets.exchange import exchanged
from graph.linksets.subjects import Subjects, Work


class _Text(Struct, frozen=True):
    value: str = ""


class _Texts(Struct, frozen=True):
    value: tuple[str, ...] = ()


class _Content(Struct):
    title: _Text = _Text()
    authors: _Texts = _Texts()
    authorids: _Texts = _Texts()


class _Note(Struct):
    id: str
    content: _Content


class _Answer(Struct):
    notes: list[_Note] = []


def find(subjects: Subjects, ask: Ask) -> Iterator[Candidate]:
    """Yield the profiles of the authors of papers that have a forum."""

    def look(work: Work) -> Iterator[FoundWork]:
        answer = ask(f"/notes?{urlencode({'id': work.value('openreview')})}", _Answer)
        for each in answer.notes if answer else ():
            names, profiles = each.content.authors.value, each.content.authorids.value
            pairs = zip(names, profiles, strict=True) if len(names) == len(profiles) else ()
            authors = tuple(FoundAuthor(name, valid(openreview_person=profile)) for name, profile in pairs)
            yield FoundWork(each.content.title.value, work.year, valid(openreview=each.id), authors)

    yield from exchanged((each for each in subjects.works if each.value("openreview")), look)


CONNECTOR = Connector(
    key="openreview",
    title="OpenReview",
    license="https://creativecommons.org/licenses/by/4.0/",
    address="https://api2.openreview.net",
    pause=1,
    find=find,
)
