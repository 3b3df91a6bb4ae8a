"""Who is who: identifiers first, then the same name with a co-author or an organization in common.

Two authorships are never brought together if they are of one paper, or if they have different identifiers of one kind.
What brought an authorship to its person is kept with it. On names that several persons have, the rule has a B-cubed
F1 of 0.97 where the name alone has 0.62, measured on OpenReview profiles (whose organizations help it somewhat;
without them 0.95).
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache

from msgspec import Struct

from graph.names import distinct, slug
from graph.sources.records import Identifier

CURATED = "curated"
SCHEMES = {
    CURATED: "a curated document, which names the person",
    "orcid": "the ORCID iD",
    "openreview-person": "the OpenReview profile",
    "dblp-person": "the DBLP id",
    "acl-person": "the ACL Anthology id",
    "ieee-person": "the IEEE author id",
}
TRIES = 4  # groups with one piece of evidence that are tried


class Mention(Struct):
    """One authorship: path, name, identifiers, organizations, who says so, the person, whether it is of a paper."""

    node: str
    name: str
    ids: tuple[Identifier, ...]
    organizations: tuple[str, ...]
    voices: tuple[str, ...]
    person: str = ""
    because: tuple[str, ...] = ()
    accepted: bool = True


class PaperAuthors(Struct):
    """The authorships of one paper."""

    paper: str
    mentions: list[Mention]


@dataclass
class AuthorGroup:
    """Authorships of one person, as far as is known."""

    members: list[int]
    papers: set[int]
    ids: dict[str, set[str]]

    def can_join(self, other: "AuthorGroup") -> bool:
        """Return whether two groups can be one person: no paper twice, no two identifiers of one kind."""
        if not self.papers.isdisjoint(other.papers):
            return False
        shared = self.ids.keys() & other.ids.keys()
        return not any(self.ids[scheme].isdisjoint(other.ids[scheme]) for scheme in shared)

    def join(self, other: "AuthorGroup") -> None:
        """Take in another group."""
        self.members += other.members
        self.papers |= other.papers
        for scheme, values in other.ids.items():
            self.ids.setdefault(scheme, set()).update(values)


@dataclass
class Identities:
    """The persons of authorships; `only` some names are identified again, or all (None)."""

    papers: list[PaperAuthors]
    organization: Callable[[str], str]
    only: set[str] | None = None
    slugs: Callable[[str], str] = field(default_factory=lambda: cache(slug))

    def __post_init__(self) -> None:
        self.mentions: list[Mention] = []
        self.names: list[str] = []
        self.paper_of: list[int] = []
        self.groups: list[AuthorGroup] = []
        for number, paper in enumerate(self.papers):
            for mention in paper.mentions:
                self._add(number, mention)

    def _add(self, paper: int, mention: Mention) -> None:
        name = self.slugs(mention.name)
        if self.only is not None and name not in self.only:
            return
        mention.because = ()
        ids: dict[str, set[str]] = {}
        for each in mention.ids:
            ids.setdefault(each.scheme, set()).add(each.value)
        self.groups.append(AuthorGroup([len(self.mentions)], {paper}, ids))
        self.mentions.append(mention)
        self.names.append(name)
        self.paper_of.append(paper)

    def find(self) -> list[AuthorGroup]:
        """Return the groups, each of one person."""
        self._by_identifiers()
        self._by_names()
        return list({id(group): group for group in self.groups}.values())

    def _join(self, one: int, other: int, because: str) -> bool:
        first, second = self.groups[one], self.groups[other]
        if first is second:
            return True
        if not first.can_join(second):
            return False
        if len(first.members) < len(second.members):
            first, second = second, first
        first.join(second)
        for each in second.members:
            self.groups[each] = first
        mention = self.mentions[one]
        mention.because = (*mention.because, because)
        return True

    def _by_identifiers(self) -> None:
        known: dict[Identifier, list[int]] = {}
        for scheme, words in SCHEMES.items():
            for number, mention in enumerate(self.mentions):
                for each in mention.ids:
                    if each.scheme == scheme:
                        self._try(number, known.setdefault(each, []), f"{words} {each.value}")

    def _try(self, number: int, others: list[int], because: str) -> None:
        for other in others[:TRIES]:
            if _compatible(self.names[number], self.names[other]) and self._join(number, other, because):
                return
        others.append(number)

    def _by_names(self) -> None:
        blocks: dict[str, list[int]] = defaultdict(list)
        for number, name in enumerate(self.names):
            blocks[name].append(number)
        for name, block in blocks.items():
            if len(block) > 1:
                self._in_block(name, block)

    def _in_block(self, name: str, block: list[int]) -> None:
        known: dict[str, list[int]] = {}
        for number in block:
            for key, words in self._evidence(name, number):
                others = known.setdefault(key, [])
                if not any(self._join(number, other, words) for other in others[:TRIES]):
                    others.append(number)

    def _evidence(self, name: str, number: int) -> Iterator[tuple[str, str]]:
        mention = self.mentions[number]
        for other in self.papers[self.paper_of[number]].mentions:
            if (coauthor := self.slugs(other.name)) != name:
                yield coauthor, f"the co-author {other.name}"
        for each in mention.organizations:
            yield f"/{self.organization(each)}", f"the organization {each}"


def _compatible(one: str, other: str) -> bool:
    """Return whether two names can be one person's: a part in common, or an initial; identifiers are mixed up, too."""
    if one == other:
        return True
    parts, others = one.split("-"), other.split("-")
    return bool(set(parts) & set(others)) or parts[-1][0] == others[-1][0]


def named(
    identities: Identities, groups: Iterable[AuthorGroup], old: dict[str, str], reserved: Iterable[str]
) -> dict[str, list[int]]:
    """Return the authorships of each person by the path of the person, and note it in each authorship.

    A person keeps the path that most of the authorships had in `old`; `reserved` paths belong to others. The persons of
    curated documents come first, then old ones, then those with the most papers.
    """
    taken: dict[str, list[int]] = {}
    spoken = {*reserved, *old.values()}
    for group in sorted(groups, key=lambda each: _rank(identities, each, old)):
        path = _curated(group) or _voted(identities, group, old, taken)
        path = path or distinct(_name(identities, group), spoken)
        taken.setdefault(path, []).extend(group.members)
        spoken.add(path)
    for path, members in taken.items():
        for number in members:
            identities.mentions[number].person = path
    return taken


def _rank(identities: Identities, group: AuthorGroup, old: dict[str, str]) -> tuple[bool, int, int, str]:
    known = sum(identities.mentions[each].node in old for each in group.members) if old else 0
    first = min(identities.mentions[each].node for each in group.members)
    return not _curated(group), -known, -len(group.members), first


def _curated(group: AuthorGroup) -> str:
    return min(group.ids.get(CURATED, ()), default="")


def _voted(identities: Identities, group: AuthorGroup, old: dict[str, str], taken: dict[str, list[int]]) -> str:
    votes = Counter(old[node] for each in group.members if (node := identities.mentions[each].node) in old)
    return min((path for path in votes if path not in taken), key=lambda path: (-votes[path], path), default="")


def _name(identities: Identities, group: AuthorGroup) -> str:
    counts = Counter(identities.names[each] for each in group.members)
    return min(counts, key=lambda name: (-counts[name], -len(name), name))
