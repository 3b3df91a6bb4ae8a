"""Cities with their countries (GeoNames, cities of 15,000 people and more), and names of countries (Unicode CLDR)."""

from functools import cache

from graph.rules.spelling import distance, folded
from graph.vocabulary import territories
from graph.vocabulary.territories import countries, countries_of_cities


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
