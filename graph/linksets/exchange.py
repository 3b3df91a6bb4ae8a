"""Exchanges identifiers: a record that has one of a work gives its others, and those of its authors by position.

A person needs two shared works: by one, two lists of authors may be shifted, or two people of one name confused.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from rapidfuzz.fuzz import ratio

from graph.identity.names import compatible
from graph.linksets.connector import Candidate, FoundWork
from graph.linksets.policy import BY_IDENTIFIER
from graph.linksets.subjects import Subject, Work
from graph.names import slug
from graph.sources.text import person_name
from graph.vocabulary.identifiers import IdentifierForm

ENOUGH = 2  # shared works that make a person certain
SPLIT = "; another person of this name has the identifier too, so that the two may be one"
ALIKE = 85  # of 100, the least likeness of titles under one identifier
COMPARED = "semapv:CompositeMatching"
Look = Callable[[Work], Iterable[FoundWork]]


@dataclass(frozen=True)
class Match:
    """A work and the record of it; `shared` is the identifier that both have, if any."""

    work: Work
    found: FoundWork
    shared: IdentifierForm | None

    @property
    def evidence(self) -> str:
        """Why the two are one."""
        if self.shared:
            return f"The record has the {self.shared.scheme.label} identifier {self.shared.value} too"
        return "Title, year and the names of all authors agree"


def exchanged(works: Iterable[Work], look: Look) -> Iterator[Candidate]:
    """Yield the links of works and their authors that the records of another graph give."""
    matches = [match for work in works if (match := best(work, look(work)))]
    for match in matches:
        yield from of_work(match)
    yield from of_people(matches)


def best(work: Work, records: Iterable[FoundWork]) -> Match | None:
    """Return the match of a work among records: by an identifier, else the only one that agrees in everything."""
    alike = list[Match]()
    for found in records:
        shared = next((each for each in found.ids if each in work.ids), None)
        near = ratio(slug(work.label), slug(found.title)) >= ALIKE
        if shared and (near or _same_people(work, found)):
            return Match(work, found, shared)
        if not shared and slug(work.label) == slug(found.title) and _same_time(work, found):
            alike += [Match(work, found, None)] if _same_people(work, found) else []
    return alike[0] if len(alike) == 1 else None


def of_work(match: Match) -> Iterator[Candidate]:
    """Yield the further identifiers of a work."""
    kinds = {each.scheme.name for each in match.work.ids}
    sure = 1.0 if match.shared else 0.97
    how = BY_IDENTIFIER if match.shared else COMPARED
    for each in match.found.ids:
        if each.scheme.name not in kinds:
            yield Candidate(match.work, each, sure, how, f"{match.evidence}.", certain=bool(match.shared))


def of_people(matches: Iterable[Match]) -> Iterator[Candidate]:
    """Yield the identifiers of authors: .99 for two works, .9 for one or a split person, .5 for a conflict."""
    works: dict[tuple[Subject, IdentifierForm], list[Match]] = defaultdict(list)
    for match in matches:
        ours, theirs = match.work.authors, match.found.authors
        for mine, other in zip(ours, theirs, strict=True) if len(ours) == len(theirs) else ():
            for each in other.ids if may_be_one(mine.label, other.name) else ():
                works[mine, each].append(match)
    owners: dict[IdentifierForm, set[Subject]] = defaultdict(set)
    owned: dict[tuple[Subject, str], int] = defaultdict(int)
    for person, found in works:
        owners[found].add(person)
        owned[person, found.scheme.name] += 1
    for (person, found), those in works.items():
        if not person.value(found.scheme.name):
            several = owned[person, found.scheme.name] > 1
            yield _of_person(person, found, those, conflict=_conflict(person, owners[found], several=several))


def _of_person(person: Subject, found: IdentifierForm, those: list[Match], conflict: str) -> Candidate:
    shared = len({each.work.path for each in those})
    certain = not conflict and shared >= ENOUGH and all(each.shared for each in those)
    words = f"{shared} work{'s' * (shared > 1)} in common, at the same position, such as {those[0].work.label!r}"
    sure = {"": 0.99 if shared >= ENOUGH else 0.9, SPLIT: 0.9}.get(conflict, 0.5)
    return Candidate(person, found, sure, BY_IDENTIFIER if certain else COMPARED, f"{words}{conflict}.", certain)


def _conflict(person: Subject, owners: set[Subject], *, several: bool) -> str:
    """Return what speaks against the identifier of a person: others who have it, and others which the person has."""
    if several:
        return "; other works give the person another identifier"
    if {slug(each.label) for each in owners} == {slug(person.label)}:
        return SPLIT if len(owners) > 1 else ""
    return "; other works give the identifier to somebody of another name"


def _same_time(work: Work, found: FoundWork) -> bool:
    """Return whether the years agree, as far as both are known; proceedings may be printed a year later."""
    return not (work.year and found.year) or abs(work.year - found.year) <= 1


def _same_people(work: Work, found: FoundWork) -> bool:
    """Return whether two lists of authors are the same, name by name."""
    ours, theirs = work.authors, found.authors
    pairs = zip(ours, theirs, strict=False)
    return len(ours) == len(theirs) > 0 and all(may_be_one(mine.label, other.name) for mine, other in pairs)


def may_be_one(first: str, second: str) -> bool:
    """Return whether two names, as they are written, may be of one person."""
    return compatible(slug(person_name(first)), slug(person_name(second)))
