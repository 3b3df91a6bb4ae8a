"""Affiliations as printed: which two are alike, by the words that they share, the rarer the more."""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import cache

from graph.identity.names import WORDS
from graph.names import slug

WORD = re.compile(r"\w+")
COMMON, UNIVERSITY, BETWEEN = ({*WORDS["affiliations"][each]} for each in ("common", "university", "between"))
SAYING_NOTHING = COMMON | UNIVERSITY
ALIKE = 0.5  # cosine
ASIDE = re.compile(r"\(.*?\)|,? (?:inc|ltd|llc|corp|co)\.?$")


@cache
def words(printed: str) -> frozenset[str]:
    """Return the words of an affiliation that say something, without accents and case."""
    plain = unicodedata.normalize("NFKD", printed.casefold())
    plain = "".join(each for each in plain if not unicodedata.combining(each))
    return frozenset(each for each in WORD.findall(plain) if len(each) > 1 and each not in SAYING_NOTHING)


@cache
def organization_key(name: str) -> str:
    """Return a key by which spellings of an organization meet: word order, "of", Univ./Universite, Inc., accents."""
    parts = slug(ASIDE.sub("", name.casefold().strip())).split("-")
    return " ".join(sorted("university" if each in UNIVERSITY else each for each in parts if each not in BETWEEN))


class Affiliations:
    """The printed affiliations of a graph, whose words weigh by how rare they are."""

    def __init__(self, printed: Iterable[str]) -> None:
        distinct = {*printed}
        counts = Counter(word for each in distinct for word in words(each))
        self._weights = {word: math.log((len(distinct) + 1) / (count + 1)) ** 2 for word, count in counts.items()}
        self._length = cache(self._measured)

    def alike(self, one: str, other: str) -> bool:
        """Return whether two affiliations have most of their weight in common (cosine)."""
        if one == other:
            return True
        shared = sum(self._weights[word] for word in words(one) & words(other))
        return shared > 0 and shared >= ALIKE * self._length(one) * self._length(other)

    def _measured(self, printed: str) -> float:
        return math.sqrt(sum(self._weights[word] for word in words(printed)))
