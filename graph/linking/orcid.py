"""ORCID: the works that the record of a person has, with which an iD from elsewhere is confirmed."""

from collections import defaultdict
from collections.abc import Iterator

from msgspec import Struct, field

from graph.linksets.connector import Ask, Candidate, Connector, valid
from graph.linksets.exchange import ENOUGH, may_be_one
from graph.linksets.policy import BY_IDENTIFIER
from graph.linksets.subjects import Subject, Subjects, Work

SCHEMES = {"doi": "doi", "dblp": "dblp", "arxiv": "arxiv"}


class _Value(Struct):
    value: str | None = None


class _Name(Struct):
    given: _Value | None = field(name="given-names", default=None)
    family: _Value | None = field(name="family-name", default=None)


class _Person(Struct):
    name: _Name | None = None


class _Id(Struct):
    kind: str = field(name="external-id-type")
    value: str = field(name="external-id-value")


class _Ids(Struct):
    ids: list[_Id] = field(name="external-id", default_factory=list)


class _Group(Struct):
    external: _Ids | None = field(name="external-ids", default=None)


class _Works(Struct):
    group: list[_Group] = []


class _Activities(Struct):
    works: _Works | None = None


class _Answer(Struct):
    person: _Person | None = None
    activities: _Activities | None = field(name="activities-summary", default=None)


def find(subjects: Subjects, ask: Ask) -> Iterator[Candidate]:
    """Yield the ORCID iDs of people that their own records confirm or refute by works and name."""
    works: dict[Subject, list[Work]] = defaultdict(list)
    for work in subjects.works:
        for person in work.authors:
            works[person].append(work)
    for person in subjects.others.get("Person", ()):
        for known in (each for each in person.ids if each.scheme.name == "orcid"):
            answer = ask(f"/v3.0/{known.value}/record", _Answer)
            if answer:
                ours = {each for work in works[person] for each in work.ids}
                shared = ours & set(_works(answer))
                certain = len(shared) >= ENOUGH and may_be_one(person.label, _name(answer))
                words = f"The record of {known.value} has {len(shared)} works of this person"
                yield Candidate(person, known, 1.0 if certain else 0.5, BY_IDENTIFIER, f"{words}.", certain)


def _name(answer: _Answer) -> str:
    name = answer.person.name if answer.person else None
    parts = (name.given, name.family) if name else ()
    return " ".join(each.value for each in parts if each and each.value)


def _works(answer: _Answer) -> Iterator[object]:
    activities = answer.activities
    for group in activities.works.group if activities and activities.works else ():
        for each in group.external.ids if group.external else ():
            if each.kind in SCHEMES:
                yield from valid(**{SCHEMES[each.kind]: each.value})


CONNECTOR = Connector(
    key="orcid",
    title="ORCID",
    license="https://creativecommons.org/publicdomain/zero/1.0/",
    address="https://pub.orcid.org",
    pause=1,
    find=find,
)
