"""Decisions by people, brought into the groups of authorships before the rule: they win over all that it finds.

A decision that contradicts a verified identifier, a paper or an earlier decision is left out and reported.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from graph.curated.decisions import PERSON, PersonDecision, PlacedDecision
from graph.errors import Problem
from graph.identity.evidence import CURATED, Evidence
from graph.identity.groups import AuthorGroup
from graph.identity.mentions import PREFERRED, Mention
from graph.identity.rule import Identities
from graph.names import slug

VERIFIED = {"orcid": "the ORCID iDs", CURATED: "the curated persons"}  # of which a person has one
APART = "decision "  # begins the key by which a decision keeps groups apart, as two identifiers of a scheme do


def references(mention: Mention) -> Iterator[str]:
    """Yield each text by which a decision can refer to an authorship."""
    yield mention.node
    for each in mention.ids:
        yield f"{PERSON if each.scheme == CURATED else each.scheme}:{each.value}"


@dataclass
class Deciding:
    """The decisions that are applied to authorships."""

    identities: Identities
    decisions: Sequence[PlacedDecision]
    problems: list[Problem] = field(default_factory=list)
    touched: set[int] = field(default_factory=set)
    """The places of the authorships that decisions name."""
    _places: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    _applied: list[tuple[PlacedDecision, set[int]]] = field(default_factory=list)

    def apply(self) -> None:
        """Join what is the same and keep apart what is different; leave out what contradicts, as a problem."""
        wanted = {each for placed in self.decisions for group in placed.decision.groups for each in group}
        for place, mention in enumerate(self.identities.mentions) if wanted else ():
            for each in references(mention):
                if each in wanted:
                    self._places[each].append(place)
        for number, placed in enumerate(self.decisions):
            self._decide(number, placed)

    def persons(self, decision: PersonDecision) -> set[str]:
        """Return the paths of the persons whom a decision names, once the authorships have theirs."""
        places = (place for group in decision.groups for each in group for place in self._places.get(each, ()))
        return {self.identities.mentions[place].person for place in places}

    def apart(self) -> set[frozenset[str]]:
        """Return the pairs of persons who are different by a decision, once the authorships have theirs."""
        found = set[frozenset[str]]()
        for placed, _ in self._applied:
            persons = [
                {self.identities.mentions[place].person for each in group for place in self._places[each]}
                for group in placed.decision.groups
            ]
            for some, others in combinations(persons, 2) if placed.decision.different else ():
                found |= {frozenset((one, other)) for one in some for other in others}
        return found

    def left_out(self, placed: PlacedDecision, words: str) -> None:
        """Report that a decision is left out."""
        self.problems.append(Problem(placed.path, placed.line, f"This decision has no effect: {words}."))

    def _decide(self, number: int, placed: PlacedDecision) -> None:
        decision = placed.decision
        unknown = [each for group in decision.groups for each in group if each not in self._places]
        named = sum(map(len, decision.groups))
        if len(unknown) == named or (unknown and not decision.former):  # a former name may be on files not imported yet
            hint = "no imported paper has it; correct it, or import the list that has it"
            self.left_out(placed, f"{unknown[0]} is no authorship or identifier of this graph: {hint}")
            return
        groups = [[place for each in group for place in self._places.get(each, ())] for group in decision.groups]
        joins = decision.same or decision.former  # another name may be no reason for the rule to join the person
        wrong = self._not_same(groups[0]) if joins else self._not_different(groups) if decision.different else ""
        if wrong:
            self.left_out(placed, f"{wrong}; correct one of them")
            return
        places = {place for group in groups for place in group}
        if joins:
            for each in sorted(places)[1:]:
                self._join(min(places), each, Evidence("decision", decision.reviewer))
        if decision.preferred:
            self.identities.groups[min(places)].ids[f"{PREFERRED}{slug(decision.preferred)}"] = {""}
        for name, group in enumerate(groups) if decision.different else ():
            for place in group:
                self.identities.groups[place].ids[f"{APART}{number}"] = {str(name)}
        self._applied.append((placed, places))
        self.touched |= places

    def _join(self, one: int, other: int, because: Evidence) -> None:
        if self.identities.groups[one] is not self.identities.groups[other]:
            self.identities.join(other, one, because)

    def _groups(self, places: Iterable[int]) -> list[AuthorGroup]:
        return list({id(group): group for group in (self.identities.groups[each] for each in places)}.values())

    def _not_same(self, places: list[int]) -> str:
        """Return why authorships cannot be of one person, or an empty string."""
        for one, other in combinations(self._groups(places), 2):
            if papers := one.papers & other.papers:
                paper = self.identities.papers[min(papers)].paper
                return f"both {self._called(one)} and {self._called(other)} are authors of {paper}"
            for scheme in one.ids.keys() & other.ids.keys():
                if one.ids[scheme].isdisjoint(other.ids[scheme]):
                    both = f"{self._called(one)} and {self._called(other)}"
                    if scheme.startswith(APART):
                        earlier = self.decisions[int(scheme.removeprefix(APART))]
                        return f"{both} are different people by {_where(earlier)}"
                    if scheme in VERIFIED:
                        return f"{both} have {VERIFIED[scheme]} {min(one.ids[scheme])} and {min(other.ids[scheme])}"
        return ""

    def _not_different(self, groups: list[list[int]]) -> str:
        """Return why people cannot be different, or an empty string."""
        for some, others in combinations(map(self._groups, groups), 2):
            for one in some:
                for other in others:
                    if one is other:
                        return f"{self._called(one)} is one person by {self._joined_by(one)}"
                    if shared := one.ids.get("orcid", set()) & other.ids.get("orcid", set()):
                        return f"{self._called(one)} and {self._called(other)} have one ORCID iD, {min(shared)}"
        return ""

    def _joined_by(self, group: AuthorGroup) -> str:
        members = {*group.members}
        found = [_where(placed) for placed, places in self._applied if placed.decision.same and places & members]
        return " and ".join(found) or "this very decision, which names it twice"

    def _called(self, group: AuthorGroup) -> str:
        return min(self.identities.mentions[each].node for each in group.members)


def _where(placed: PlacedDecision) -> str:
    return f"line {placed.line} of {placed.path.name}"
