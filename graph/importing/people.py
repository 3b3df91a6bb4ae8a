"""The persons of all papers, before an import and after it.

All names are looked at with each import: how rare a name is changes with every other one.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache

from msgspec import Struct

from graph.identity.mentions import Mention, PaperAuthors
from graph.identity.namesakes import namesakes
from graph.identity.paths import named
from graph.identity.rule import Identities
from graph.names import slug
from graph.sources.records import Identifier

OWN = "orcid"  # what is one person's alone


class RetiredPerson(Struct, frozen=True):
    """A person whom no authorship names any more, and who has the authorships now if that is one person."""

    path: str
    label: str
    voices: tuple[str, ...]
    into: str = ""


@dataclass
class People:
    """The authorships of each edition before (`old`) and those of the editions that changed (`fresh`).

    `curated` are the persons of curated documents, each like the author of a paper.
    """

    old: dict[str, list[PaperAuthors]]
    fresh: dict[str, list[PaperAuthors]]
    curated: list[PaperAuthors] = field(default_factory=list)
    touched: set[str] = field(default_factory=set)
    """Persons of whom something else is said than before."""
    organizations: set[str] = field(default_factory=set)
    """Names of organizations of which something else is said than before."""
    moved: set[str] = field(default_factory=set)
    """Editions that did not change, but whose authorships have other persons now, or for another reason."""
    contested: set[Identifier] = field(default_factory=set)
    """Personal identifiers that are given to several people, so that they identify nobody."""

    def __post_init__(self) -> None:
        self.papers = {each: self.fresh.get(each, self.old[each]) for each in self.old}
        self.known = {each.node: each.person for papers in self.old.values() for each in _mentions(papers)}
        self._evidence = {each.node: each.evidence for papers in self.old.values() for each in _mentions(papers)}
        self._before = {each: {m.node: m for m in _mentions(self.old[each])} for each in self.fresh}
        self.slugs = cache(slug)
        self.namesakes = namesakes([paper for papers in self.old.values() for paper in papers])

    def mentions(self) -> Iterator[Mention]:
        """Yield all authorships as they are now."""
        return (mention for papers in self.papers.values() for mention in _mentions(papers))

    @property
    def persons(self) -> set[str]:
        """The paths of all persons as they are now."""
        return {mention.person for mention in self.mentions()}

    def identify(self, organization: Callable[[str], str], reserved: Iterable[str]) -> None:
        """Give each authorship its person."""
        every = [*self.curated, *(paper for papers in self.papers.values() for paper in papers)]
        identities = Identities(every, organization, self.slugs)
        named(identities, identities.find(), self.known, reserved)
        self._compare()
        apart, self.namesakes = self.namesakes, namesakes(every)
        self.touched |= {each for each in apart | self.namesakes if apart.get(each) != self.namesakes.get(each)}
        before = _shared(_mentions(p for papers in self.old.values() for p in papers), self.known)
        now = _shared(self.mentions(), {})
        self.contested = set(now)
        self.touched |= {path for _, persons in before.items() ^ now.items() for path in persons}

    def _compare(self) -> None:
        for edition, papers in self.papers.items():
            if edition in self.fresh:
                now = {mention.node: mention for mention in _mentions(papers)}
                for node in now.keys() | self._before[edition].keys():
                    self._note(now.get(node), self._before[edition].get(node))
            else:
                for mention in _mentions(papers):
                    before = self.known[mention.node]
                    if (before, self._evidence[mention.node]) != (mention.person, mention.evidence):
                        self.moved.add(edition)
                    if before != mention.person:
                        self.touched |= {before, mention.person}

    def _note(self, now: Mention | None, before: Mention | None) -> None:
        for each in filter(None, (now, before) if now != before else ()):
            self.touched.add(each.person)
            self.organizations.update(each.organizations)

    def gone(self, before: list[RetiredPerson]) -> list[RetiredPerson]:
        """Return the persons whom no authorship names any more, with those that were so before."""
        persons, lost = self.persons, defaultdict[str, list[str]](list)
        for node, path in self.known.items():
            if path not in persons:
                lost[path].append(node)
        found = {each.path: each for each in before if each.path not in persons}
        now = {mention.node: mention for mention in self.mentions()} if lost else {}
        then = {m.node: m for each in self._before.values() for m in each.values()} if lost else {}
        for path, nodes in lost.items():
            into = {now[node].person for node in nodes if node in now}
            known = [mention for node in nodes if (mention := then.get(node) or now.get(node))]
            voices = tuple(sorted({voice for mention in known for voice in mention.voices}))
            found[path] = RetiredPerson(path, known[0].name, voices, into.pop() if len(into) == 1 else "")
        return [found[path] for path in sorted(found)]


def _mentions(papers: Iterable[PaperAuthors]) -> Iterator[Mention]:
    return (mention for paper in papers for mention in paper.mentions)


def _shared(mentions: Iterable[Mention], known: dict[str, str]) -> dict[Identifier, frozenset[str]]:
    """Return the personal identifiers that several people have; `known` gives the people that are not listed."""
    holders = defaultdict[Identifier, set[str]](set)
    for mention in mentions:
        for each in mention.ids:
            if each.scheme == OWN:
                holders[each].add(known.get(mention.node, mention.person))
    return {each: frozenset(persons) for each, persons in holders.items() if len(persons) > 1}
