"""People who stay apart although they have a printed name in common: possibly the same, or others."""

from collections import defaultdict
from collections.abc import Container, Iterable
from itertools import combinations

from graph.identity.evidence import CURATED, VERIFIED
from graph.identity.mentions import Mention, PaperAuthors
from graph.names import slug
from graph.sources.records import Identifier
from graph.vocabulary.codes import identifier_class

Relations = dict[str, dict[str, bool]]  # of each person to namesakes: whether they may be the same


def namesakes(papers: list[PaperAuthors], apart: Container[frozenset[str]] = frozenset()) -> Relations:
    """Return the namesakes of each person who has some, and of each of them whether the two may be the same.

    They are not the same if they wrote a paper together, have different verified identifiers of one scheme, or are a
    pair of those that decisions keep `apart`.
    """
    bearers = defaultdict[str, set[str]](set)
    for paper in papers:
        for mention in paper.mentions:
            bearers[mention.name].add(mention.person)
    merged = defaultdict[str, set[str]](set)
    for name, persons in bearers.items():
        merged[slug(name)] |= persons
    several = [persons for persons in merged.values() if len(persons) > 1]
    by_person: dict[str, list[tuple[str, Mention]]] = {each: [] for persons in several for each in persons}
    for paper in papers:
        for mention in paper.mentions:
            if mention.person in by_person:
                by_person[mention.person].append((paper.paper, mention))
    found: Relations = defaultdict(dict)
    for persons in several:
        for one, other in combinations(sorted(persons), 2):
            may_be = frozenset((one, other)) not in apart and not _differ(by_person[one], by_person[other])
            found[one][other] = found[other][one] = may_be
    return found


def _differ(one: list[tuple[str, Mention]], other: list[tuple[str, Mention]]) -> bool:
    if {paper for paper, _ in one} & {paper for paper, _ in other}:
        return True
    first, second = _verified(one), _verified(other)
    return any(first[scheme].isdisjoint(second[scheme]) for scheme in first.keys() & second.keys())


def _verified(mentions: Iterable[tuple[str, Mention]]) -> dict[str, set[Identifier]]:
    found = defaultdict[str, set[Identifier]](set)
    for _, mention in mentions:
        for each in mention.ids:
            if each.scheme == CURATED or identifier_class(each.scheme) == VERIFIED:
                found[each.scheme].add(each)
    return found
