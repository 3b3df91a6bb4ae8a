"""Names of persons: which two can be one person's, and how many people can be expected to bear one.

Names are slugs, such as kathryn-a-quill: the last part is the family name, the others are given names.
"""

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

import yaml

from graph.files import WORDS as FILE

SUFFIXES = {"jr", "sr", "ii", "iii", "iv"}
SHORTEST = 3  # letters of a short form of a given name, such as Dan
UNKNOWN = 99.0  # namesakes of a name without a whole given name

WORDS = yaml.safe_load(FILE.read_text(encoding="utf-8"))
SYLLABLES = {  # of Chinese and Korean given names
    f"{begin}{end}" for begin in WORDS["chinese"]["beginnings"] for end in WORDS["chinese"]["ends"]
} | {*WORDS["korean"]}


class NameForm(NamedTuple):
    """A name in parts: the given names, and the family name."""

    given: tuple[str, ...]
    family: str

    @property
    def joined(self) -> str:
        """The given names written together."""
        return "".join(self.given)

    @property
    def is_initial(self) -> bool:
        """Whether the first given name is a letter."""
        return len(self.given[0]) == 1 if self.given else False


@lru_cache(maxsize=1 << 20)
def form(name: str) -> NameForm:
    """Return the parts of a name."""
    parts = [each for each in name.split("-") if each]
    while len(parts) > 2 and parts[-1] in SUFFIXES:  # noqa: PLR2004 - a given and a family name are left
        parts.pop()
    return NameForm(tuple(parts[:-1]), parts[-1] if parts else "")


@lru_cache(maxsize=1 << 20)
def compatible(one: str, other: str) -> bool:
    """Return whether two names can be one person's: by initials, a middle name, a short form, or in another order."""
    if one == other:
        return True
    first, second = form(one), form(other)
    if not first.given or not second.given:
        return False
    if first.family == second.family:
        return _given(first.given, second.given)
    return first.family == second.joined and second.family == first.joined


def _given(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    if "".join(one) == "".join(other):
        return True
    if not _first(one[0], other[0]):
        return False
    short, long = sorted((one[1:], other[1:]), key=len)
    place = 0
    for each in short:
        while place < len(long) and not _middle(each, long[place]):
            place += 1
        if place == len(long):
            return False
        place += 1
    # a syllable that is left out makes another name
    return len(short) == len(long) or not any(len(each) > 1 and each in SYLLABLES for each in long)


def _first(one: str, other: str) -> bool:
    if _middle(one, other):
        return True
    short, long = sorted((one, other), key=len)
    return len(short) >= SHORTEST and long.startswith(short) and not {one, other} & SYLLABLES


def _middle(one: str, other: str) -> bool:
    return one == other or (1 in (len(one), len(other)) and one[0] == other[0])


def related(one: str, other: str) -> bool:
    """Return whether two names have a part or an initial in common; sources mix up identifiers, too."""
    if one == other:
        return True
    parts, others = one.split("-"), other.split("-")
    return bool({*parts} & {*others}) or parts[-1][:1] == others[-1][:1]


class Namesakes:
    """How many people can be expected to bear a name, by how its parts are spread over all names."""

    def __init__(self, names: Iterable[str]) -> None:
        self._families: dict[str, set[str]] = defaultdict(set)
        self._given: dict[str, set[str]] = defaultdict(set)
        self._count = 0
        for name in {*names}:
            given, family = (parts := form(name)).joined, parts.family
            self._families[given].add(family)
            self._given[family].add(given)
            self._count += 1

    def expected(self, name: str) -> float:
        """Return how many others may bear a name: more, the more family and given names its parts are found with.

        It is (family names of its given name + 1) x (given names of its family name + 1) / (distinct names), so that in
        a small graph, which knows little of names, none is rare.
        """
        parts = form(name)
        if not parts.given or parts.is_initial:
            return UNKNOWN
        families, given = len(self._families[parts.joined]), len(self._given[parts.family])
        return (families + 1) * (given + 1) / self._count

    def bearers(self, name: str) -> int:
        """Return how many given names its family name has."""
        return len(self._given[form(name).family])
