"""Pairs of names that are written in other ways and can be one person's, found by what such names have in common."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations

from graph.identity.names import SHORTEST, compatible, form

Names = list[str]


def pairs(names: Iterable[str]) -> list[tuple[str, str]]:
    """Return the pairs of compatible names in order; a name with nothing but a family name is in none."""
    families: dict[str, Names] = defaultdict(list)
    swapped: dict[tuple[str, ...], Names] = defaultdict(list)
    for name in sorted({*names}):
        parts = form(name)
        if parts.given:
            families[parts.family].append(name)
            swapped[tuple(sorted((parts.joined, parts.family)))].append(name)
    found = {pair for family in families.values() if len(family) > 1 for pair in _of_family(family)}
    found |= {pair for alike in swapped.values() for pair in combinations(alike, 2)}
    ordered = ((one, other) if one < other else (other, one) for one, other in found)
    return sorted({pair for pair in ordered if compatible(*pair)})


def _of_family(names: Names) -> Iterator[tuple[str, str]]:
    joined, first, letter = defaultdict[str, Names](list), defaultdict[str, Names](list), defaultdict[str, Names](list)
    for name in names:
        parts = form(name)
        joined[parts.joined].append(name)
        first[parts.given[0]].append(name)
        letter[parts.given[0][0]].append(name)
    for alike in (*joined.values(), *first.values()):
        yield from combinations(alike, 2)
    for alike in letter.values():
        initials = [each for each in alike if form(each).is_initial]
        yield from ((one, other) for one in initials for other in alike if one != other)
    given = sorted(first)
    for place, short in enumerate(given):
        for longer in given[place + 1 :] if len(short) >= SHORTEST else ():
            if not longer.startswith(short):
                break
            yield from ((one, other) for one in first[short] for other in first[longer])
