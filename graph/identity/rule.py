"""Separates persons: identifiers first, then the name with other evidence, the strongest first.

Two authorships are of one person if an identifier says so, or if their names are equal or compatible and they have a
co-author or an affiliation in common, or if nobody else can be expected to bear the name.
They are never of one person if they are of one paper, have different identifiers of one scheme, or if a name of the one
cannot be that of the other. How good the rule is, and each kind of evidence, is in benchmarks/README.md.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property

from graph.identity.affiliations import Affiliations, organization_key, words
from graph.identity.evidence import CURATED, NAME_DERIVED, OTHER_FORM, Evidence, by_identifier
from graph.identity.forms import pairs
from graph.identity.groups import AuthorGroup
from graph.identity.mentions import Mention, PaperAuthors
from graph.identity.names import Namesakes, form, related
from graph.names import slug
from graph.sources.records import Identifier
from graph.vocabulary.codes import identifier_class

SCHEMES = (CURATED, "orcid", "openreview-person", "dblp-person", "acl-person", "ieee-person")  # the surest first
TRIES = 4  # groups with one piece of evidence that are tried
RARE = 0.015  # expected namesakes up to which a name is enough
UNCOMMON = 0.5  # expected namesakes up to which an affiliation of the paper is enough
MANY = 400  # given names of a family name, above which an affiliation is no evidence for a name in another form
FEW_FOR_INITIALS, FEW_FOR_OTHERS = 8, 5  # given names of a family name, up to which another form of a name is enough
COMPARED = 400  # pairs of affiliations of two names that are compared
Key = tuple[str, str, str]  # what is compared, and the kind and value of the evidence if it is equal
Indexed = dict[str, list[tuple[int, str, str]]]  # the authorships that have a key, by the key


@dataclass
class Identities:
    """The persons of the authorships of papers; `organization` gives the path of an organization by its name."""

    papers: list[PaperAuthors]
    organization: Callable[[str], str]
    slugs: Callable[[str], str] = field(default_factory=lambda: cache(slug))

    def __post_init__(self) -> None:
        self.mentions: list[Mention] = []
        self.names: list[str] = []
        self.paper_of: list[int] = []
        self.groups: list[AuthorGroup] = []
        self.blocks: dict[str, list[int]] = defaultdict(list)
        self.first: list[int] = []  # the place of the first authorship of each paper
        for number, paper in enumerate(self.papers):
            self.first.append(len(self.mentions))
            for mention in paper.mentions:
                self._add(number, mention)

    def _add(self, paper: int, mention: Mention) -> None:
        name, place = self.slugs(mention.name), len(self.mentions)
        mention.evidence = ()
        ids: dict[str, set[str]] = {}
        for each in identifying(mention):
            ids.setdefault(each.scheme, set()).add(each.value)
        self.groups.append(AuthorGroup([place], {paper}, {name}, ids))
        self.blocks[name].append(place)
        self.mentions.append(mention)
        self.names.append(name)
        self.paper_of.append(paper)

    @cached_property
    def namesakes(self) -> Namesakes:
        """How many people can be expected to bear each name."""
        return Namesakes(self.blocks)

    @cached_property
    def affiliations(self) -> Affiliations:
        """All affiliations as printed."""
        return Affiliations(each for mention in self.mentions for each in mention.printed)

    def find(self) -> list[AuthorGroup]:
        """Return the groups, each of one person."""
        self._by_identifiers()
        several = [block for block in self.blocks.values() if len(block) > 1]
        for keys in (self._coauthors, self._organizations):
            for block in several:
                self._by_keys(block, keys)
        for block in several:
            self._by_print(block)
            self._by_paper(block)
        for block in several:
            self._by_rarity(block)
        self._by_other_forms()
        return list({id(group): group for group in self.groups}.values())

    def _join(self, one: int, other: int, kind: str, value: str) -> bool:
        """Join two authorships if they can be of one person; return whether they are."""
        first, second = self.groups[one], self.groups[other]
        if first is second:
            return True
        if not first.can_join(second) or not first.can_share_names(second):
            return False
        self.join(one, other, Evidence(kind, value))
        return True

    def join(self, one: int, other: int, because: Evidence) -> None:
        """Join the groups of two authorships, and keep the evidence with the first."""
        first, second = self.groups[one], self.groups[other]
        if len(first.members) < len(second.members):
            first, second = second, first
        first.join(second)
        for each in second.members:
            self.groups[each] = first
        mention = self.mentions[one]
        mention.evidence = (*mention.evidence, because)

    def _by_identifiers(self) -> None:
        known: dict[Identifier, list[int]] = {}
        for scheme in SCHEMES:
            for number, mention in enumerate(self.mentions):
                for each in mention.ids:
                    if each.scheme == scheme:
                        self._identified(number, known.setdefault(each, []), each)

    def _identified(self, number: int, others: list[int], shared: Identifier) -> None:
        """Join an authorship to the first with its identifier, whatever the names, unless they are unrelated."""
        for other in others[:TRIES]:
            one, another = self.groups[number], self.groups[other]
            if one is another:
                return
            if related(self.names[number], self.names[other]) and one.can_join(another):
                self.join(number, other, by_identifier(shared, self.mentions[number].name))
                return
        others.append(number)

    def _by_keys(self, block: list[int], keys: Callable[[int], Iterable[Key]]) -> None:
        known: dict[str, list[int]] = {}
        for number in block:
            for key, kind, value in keys(number):
                others = known.get(key)
                if others is None:
                    known[key] = [number]
                    continue
                for other in others[:TRIES]:
                    if self._join(number, other, kind, value):
                        break
                else:
                    others.append(number)

    def _coauthors(self, number: int) -> Iterator[Key]:
        paper, own = self.paper_of[number], self.names[number]
        for place, other in enumerate(self.papers[paper].mentions, self.first[paper]):
            if (name := self.names[place]) != own:
                yield name, "co-author", other.name

    def _organizations(self, number: int) -> Iterator[Key]:
        for each in self.mentions[number].organizations:
            yield f"/{self.organization(each)}", "organization", each
            yield organization_key(each), "organization", each
        for each in self._printed(number):
            yield each.casefold(), "affiliation", each

    def _printed(self, number: int) -> list[str]:
        """Return the printed affiliations that say something; some lists give the author's own name as one."""
        own = {*self.names[number].split("-")}
        return [each for each in self.mentions[number].printed if words(each) - own]

    def _by_print(self, block: list[int]) -> None:
        holders: dict[str, list[int]] = defaultdict(list)
        for number in block:
            for each in self._printed(number):
                holders[each].append(number)
        known = list(holders)
        for place, one in enumerate(known):
            for other in known[:place]:
                if self.affiliations.alike(one, other):
                    for number in holders[one]:
                        any(self._join(number, each, "affiliation", other) for each in holders[other][:TRIES])

    def _by_paper(self, block: list[int]) -> None:
        """Join authorships without an affiliation of their own by those that both papers print."""
        if self.namesakes.expected(self.names[block[0]]) > UNCOMMON:
            return
        given = {number: self.papers[self.paper_of[number]].affiliations for number in block}
        apart = [number for number in block if given[number] and not self.mentions[number].printed]
        holders: dict[str, list[int]] = defaultdict(list)
        for number in block if apart else ():
            for each in given[number] or self._printed(number):
                holders[each.casefold()].append(number)
        for number in apart:
            for each in given[number]:
                others = [other for other in holders[each.casefold()] if other != number][:TRIES]
                any(self._join(number, other, "paper-affiliation", each) for other in others)

    def _by_rarity(self, block: list[int]) -> None:
        if self.namesakes.expected(self.names[block[0]]) <= RARE:
            for number in block[1:]:
                others = [other for other in block[:TRIES] if other != number]
                any(self._join(number, other, "rare-name", self.mentions[number].name) for other in others)

    def _by_other_forms(self) -> None:
        found = pairs(self.blocks)
        keys = cache(self._indexed)
        for one, other in found:
            self._met(keys(one, self._coauthors), keys(other, self._coauthors), {one, other})
        for one, other in found:
            if self.namesakes.bearers(one) <= MANY:
                self._met(keys(one, self._organizations), keys(other, self._organizations), set())
                self._alike(one, other)
        for one, other in found:
            few = FEW_FOR_INITIALS if form(one).is_initial or form(other).is_initial else FEW_FOR_OTHERS
            if self.namesakes.bearers(one) <= few:
                self._freely(one, other)

    def _indexed(self, name: str, keys: Callable[[int], Iterable[Key]]) -> Indexed:
        found: Indexed = defaultdict(list)
        for number in self.blocks[name]:
            for key, kind, value in keys(number):
                found[key].append((number, f"{kind}{OTHER_FORM}", value))
        return found

    def _met(self, one: Indexed, other: Indexed, apart: set[str]) -> None:
        for key in sorted((one.keys() & other.keys()) - apart):
            for number, kind, value in one[key]:
                any(self._join(number, each, kind, value) for each, *_ in other[key][:TRIES])

    def _alike(self, one: str, other: str) -> None:
        here, there = ([(each, n) for n in self.blocks[name] for each in self._printed(n)] for name in (one, other))
        for text, number in here if len(here) * len(there) <= COMPARED else ():
            for another, place in there:
                if self.groups[number] is not self.groups[place] and self.affiliations.alike(text, another):
                    self._join(number, place, f"affiliation{OTHER_FORM}", another)

    def _freely(self, one: str, other: str) -> None:
        for number in self.blocks[one]:
            others = self.blocks[other][:TRIES]
            name = self.mentions[number].name
            any(self._join(number, each, f"rare-name{OTHER_FORM}", name) for each in others)


def identifying(mention: Mention) -> Iterator[Identifier]:
    """Yield the identifiers of an authorship that say more than the name."""
    return (each for each in mention.ids if each.scheme == CURATED or identifier_class(each.scheme) != NAME_DERIVED)
