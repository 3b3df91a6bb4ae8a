"""How much two spellings of a name differ."""

from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

from anyascii import anyascii
from rapidfuzz.distance import OSA

from graph.vocabulary import territories
from graph.vocabulary.territories import countries, countries_of_cities

LONG = 9  # letters from which on a word may differ by two
WORDS = {1: "one letter", 2: "two letters"}
MARKS = str.maketrans({".": " ", "-": " ", ",": " ", "'": None})


@lru_cache(maxsize=10_000)
def folded(name: str) -> tuple[str, ...]:
    """Return the words of a name in small Latin letters, without accents and points."""
    return tuple((name if name.isascii() else anyascii(name)).lower().translate(MARKS).split())


def distance(one: str, other: str) -> int:
    """Return how many letters must be put in, left out, replaced or swapped (optimal string alignment)."""
    return OSA.distance(one, other, score_cutoff=3)


def allowed(*words: str) -> int:
    """Return by how much words may differ that are spellings of one."""
    return 2 if max(map(len, words)) >= LONG else 1


def differing(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, str] | None:
    """Return the only pair of words in which two names differ, if there is just one."""
    if len(one) != len(other):
        return None
    pairs = [pair for pair in zip(one, other, strict=True) if pair[0] != pair[1]]
    return pairs[0] if len(pairs) == 1 else None


def difference(one: str, other: str) -> str:
    """Return in words by what two spellings differ."""
    if sorted(one) == sorted(other):
        return "two swapped letters"
    return WORDS.get(distance(one, other), "some letters")


def near(text: str, name: str) -> str:
    """Return the words of a text that are a spelling of a name other than the name itself, or nothing."""
    wanted = " ".join(folded(name))
    words = text.replace(",", " ").split()
    count = len(wanted.split())
    for start in range(len(words) - count + 1):
        printed = " ".join(words[start : start + count])
        spelled = " ".join(folded(printed))
        if 0 < distance(spelled, wanted) <= allowed(spelled, wanted):
            return printed
    return ""


def blocks(names: Iterable[str]) -> Iterator[list[str]]:
    """Yield groups of names that differ in one word with the same first letter, the only ones worth comparing."""
    found: dict[tuple[int, tuple[str, ...], str], list[str]] = {}
    for name in names:
        words = folded(name)
        for place, word in enumerate(words):
            found.setdefault((place, (*words[:place], *words[place + 1 :]), word[0]), []).append(name)
    return (group for group in found.values() if len(group) > 1)


def plain(name: str) -> str:
    """Return a name in small Latin letters."""
    return " ".join(folded(name))


@cache
def cities() -> dict[str, frozenset[str]]:
    """Return the countries of each city by its plain name; a name of several cities has several."""
    found: dict[str, set[str]] = {}
    for name, codes in countries_of_cities().items():
        found.setdefault(plain(name), set()).update(codes)
    return {name: frozenset(lands) for name, lands in found.items()}


def neighbors(name: str) -> dict[str, frozenset[str]]:
    """Return the cities whose name differs from a name by one letter."""
    wanted = plain(name)
    return {each: lands for each, lands in cities().items() if distance(each, wanted) == 1}


@cache
def regions() -> frozenset[str]:
    """Return the plain names of continents and other regions of the world, which are no countries."""
    return frozenset(plain(name) for name in territories.regions().values())


def called(name: str) -> list[str]:
    """Return the names of countries that equal a name, or else contain it: `Korea` is a part of two."""
    wanted = plain(name)
    known = {plain(label): label for label in countries().values()}
    if wanted in known:
        return [known[wanted]]
    return sorted(label for spelled, label in known.items() if f" {spelled} ".find(f" {wanted} ") >= 0)
