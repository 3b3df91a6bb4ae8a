"""The persons of all papers, before an import and after it.

All names are looked at with each import: how rare a name is changes with every other one.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache

from msgspec import Struct
from msgspec.structs import replace

from graph.identity.decisions import Deciding, references
from graph.identity.evidence import CURATED
from graph.identity.mentions import Mention, PaperAuthors
from graph.identity.namesakes import namesakes
from graph.identity.paths import named
from graph.identity.rule import Identities
from graph.importing.renaming import FormerName, FormerNames, carries
from graph.names import slug
from graph.sources.records import Identifier

OWN = "orcid"  # what is one person's alone


class RetiredPerson(Struct, frozen=True):
    """A person whom no authorship names any more, and who has the authorships now if that is one person."""

    path: str
    label: str
    voices: tuple[str, ...]
    into: str = ""


class DecidedState(Struct):
    """The effect of decisions: the persons that authorships had without them, and the preferred name of each person."""

    moved: dict[str, str] = {}
    preferred: dict[str, str] = {}


@dataclass
class People:
    """The authorships of each edition before (`old`) and those of the editions that changed (`fresh`).

    `curated` are the persons of curated documents, each like the author of a paper.
    """

    old: dict[str, list[PaperAuthors]]
    fresh: dict[str, list[PaperAuthors]]
    curated: list[PaperAuthors] = field(default_factory=list)
    before: DecidedState = field(default_factory=DecidedState)
    """The effect that decisions had before."""
    formers: FormerNames = field(default_factory=FormerNames)
    """The former names that are not to be shown."""
    renamed: dict[str, str] = field(default_factory=dict)
    """The new paths of persons whose paths held a former name."""
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

    def identify(self, identities: Identities, deciding: Deciding, reserved: Iterable[str], *, again: bool) -> None:
        """Give each authorship its person; `again` if the decisions are others than before: they start without any."""
        without = self.known | {node: path for node, path in self.before.moved.items() if node in self.known}
        holding = {path: former for former in self.formers.formers for path in self._holding(former)}
        without = {node: path for node, path in without.items() if path not in holding}
        deciding.apply()
        known = self.known
        if holding or self.formers.restored:
            known = {node: each for node, each in known.items() if each not in holding and not self._is_restored(each)}
        named(identities, identities.find(), without if again else known, reserved)
        self.renamed = {path: self._now(former) for path, former in holding.items()}
        self.decided = self._decided(identities, deciding, without)
        changed = self.decided.preferred.items() ^ self.before.preferred.items()
        self.touched |= {path for path, _ in changed}
        self._compare()
        apart, self.namesakes = self.namesakes, namesakes(identities.papers, deciding.apart())
        self.touched |= {each for each in apart | self.namesakes if apart.get(each) != self.namesakes.get(each)}
        before = _shared(_mentions(p for papers in self.old.values() for p in papers), self.known)
        now = _shared(self.mentions(), {})
        self.contested = set(now)
        self.touched |= {path for _, persons in before.items() ^ now.items() for path in persons}

    def _holding(self, former: FormerName) -> set[str]:
        """Return the paths that hold a former name, of the persons who were printed under it before."""
        papers = (paper for each in self.old.values() for paper in each)
        found = ((paper.paper in former.papers, mention) for paper in papers for mention in paper.mentions)
        paths = {mention.person for near, mention in found if former.is_of(mention, near=near)}
        return {path for path in paths if carries(path, former.former)}

    def _now(self, former: FormerName) -> str:
        """Return the path of the person who had a former name, or an empty string if that is not one person."""
        persons = {each.person for each in self.mentions() if former.references & {*references(each)}}
        return persons.pop() if len(persons) == 1 else ""

    def identities(self, organization: Callable[[str], str]) -> Identities:
        """Return all authorships, each of a person of its own."""
        every = [*self.curated, *(paper for papers in self.papers.values() for paper in papers)]
        return Identities(every, organization, self.slugs)

    def _decided(self, identities: Identities, deciding: Deciding, without: dict[str, str]) -> DecidedState:
        """Return the effect of the decisions on the persons, now that they have their paths."""
        groups = (identities.groups[place] for place in deciding.touched)
        members = {identities.mentions[each].node for group in groups for each in group.members}
        affected = {without[node] for node in members if node in without}
        now = ((mention.node, mention.person) for mention in identities.mentions if mention.node in without)
        moved = {
            node: without[node]
            for node, path in now
            if path != without[node] and (node in self.before.moved or without[node] in affected)
        }
        return DecidedState(moved, one_person_each(deciding, self.mentions()))

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
        moved = self.before.moved
        undone = {each.node for each in self.mentions() if moved.get(each.node) == each.person} if moved else set()
        for node, path in self.known.items():
            if path not in persons and node not in undone and not self._is_secret(path):
                lost[path].append(node)
        led = (replace(each, into=self.renamed.get(each.into, each.into)) for each in before)
        found = {each.path: each for each in led if each.path not in persons and not self._is_secret(each.path)}
        now = {mention.node: mention for mention in self.mentions()} if lost else {}
        then = {m.node: m for each in self._before.values() for m in each.values()} if lost else {}
        for path, nodes in lost.items():
            into = {now[node].person for node in nodes if node in now}
            known = [mention for node in nodes if (mention := then.get(node) or now.get(node))]
            voices = tuple(sorted({voice for mention in known for voice in mention.voices}))
            found[path] = RetiredPerson(path, known[0].name, voices, into.pop() if len(into) == 1 else "")
        return [found[path] for path in sorted(found)]

    def _is_restored(self, path: str) -> bool:
        return re.sub("-[0-9]+$", "", path) in self.formers.restored

    def _is_secret(self, path: str) -> bool:
        """Return whether a path leaves no trace: it holds a former name, or a name that is one no more."""
        if path in self.renamed or self._is_restored(path):
            return True
        return bool(self.renamed) and any(carries(path, each.former) for each in self.formers.formers)


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


def one_person_each(deciding: Deciding, mentions: Iterable[Mention]) -> dict[str, str]:
    """Return the preferred name of each person; a decision about several or about a curated person is left out."""
    naming = [each for each in deciding.decisions if each.decision.preferred]
    curated = {each.value for mention in mentions for each in mention.ids if each.scheme == CURATED} if naming else ()
    found = {}
    for placed in naming:
        persons = deciding.persons(placed.decision)
        if len(persons) > 1:
            deciding.left_out(placed, f"it names {' and '.join(sorted(persons))}: decide first that they are the same")
        elif persons & {*curated}:
            hint = "change the name in that file, or in graph/data/curation.yaml"
            deciding.left_out(placed, f"{min(persons)} is a person of a curated document: {hint}")
        elif persons:
            found[persons.pop()] = placed.decision.preferred or ""
    return found
