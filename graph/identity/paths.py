"""The paths of persons: a person keeps the one that most of the authorships had before."""

from collections import Counter
from collections.abc import Iterable

from graph.identity.evidence import CURATED
from graph.identity.groups import AuthorGroup
from graph.identity.mentions import PREFERRED
from graph.identity.rule import Identities
from graph.names import distinct


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
    if decided := min((key for key in group.ids if key.startswith(PREFERRED)), default=""):
        return decided.removeprefix(PREFERRED)
    counts = Counter(identities.names[each] for each in group.members)
    return min(counts, key=lambda name: (-counts[name], -len(name), name))
