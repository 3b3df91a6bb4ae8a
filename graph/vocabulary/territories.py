"""Countries and regions of the world with their English names and time zones: an extract of Unicode CLDR."""

from functools import cache

from graph.files import CITIES, TERRITORIES


@cache
def countries() -> dict[str, str]:
    """Return the English name of every country by its ISO 3166-1 code."""
    return {code: name for code, name, _ in _territories() if code.isalpha()}


@cache
def regions() -> dict[str, str]:
    """Return the English name of continents and other regions of the world by their UN M49 code."""
    return {code: name for code, name, _ in _territories() if code.isdigit()}


@cache
def time_zones() -> dict[str, tuple[str, ...]]:
    """Return the names of the time zones of each country by its ISO 3166-1 code."""
    return {code: tuple(zones.split()) for code, _, zones in _territories() if zones}


@cache
def countries_of_cities() -> dict[str, tuple[str, ...]]:
    """Return the ISO 3166-1 codes of the countries of every city of 15,000 people and more, by its name in GeoNames."""
    lines = CITIES.read_text(encoding="utf-8").splitlines()
    rows = (line.partition("\t") for line in lines if not line.startswith("# "))
    return {name: tuple(codes.split()) for name, _, codes in rows}


def _territories() -> list[tuple[str, str, str]]:
    lines = TERRITORIES.read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("# "))
    return [(code, name, "".join(zones)) for code, name, *zones in rows]
