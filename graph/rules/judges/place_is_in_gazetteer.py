"""Decides whether a printed place is in the gazetteer, and where it is said to be."""

import re
from collections.abc import Iterable, Iterator

from pyoxigraph import Literal

from graph.rules.rule import Row
from graph.rules.spelling import cities, neighbors, plain, regions
from graph.vocabulary.territories import countries


def judge(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield each row with the problem of the place, if it has any."""
    for row in rows:
        parts = [part.strip() for part in re.split(r"[,()]", row["printed"].value) if part.strip()]
        country = row["country"].value
        problems = list(_city(parts[0], row["city"].value, country))
        if parts[1:] and plain(parts[-1]) in regions():
            problems.append(f"{parts[-1]} is no country; the country is {countries()[country]}")
        if not problems and plain(row["city"].value) not in cities():
            continue  # the gazetteer does not have all small towns
        values = {"outcome": "contradicts" if problems else "holds", "found": row["printed"].value}
        if problems:
            values |= {"problem": "; ".join(problems), "expected": f"{row['city'].value}, {countries()[country]}"}
        yield row | {name: Literal(text) for name, text in values.items()}


def _city(printed: str, city: str, country: str) -> Iterator[str]:
    """Yield what is wrong with the city as printed, or as the graph reads it where something else stands first."""
    lands = cities().get(plain(city))
    if plain(printed) not in cities() and plain(printed) != plain(city):
        near = [name for name, found in neighbors(printed).items() if country in found]
        if near:
            usual = f"{near[0].title()} in {countries()[country]}"
            yield f"the gazetteer has no city {printed}, but {usual}, one letter away"
    elif lands and country not in lands:
        yield f"the gazetteer has {city} in {', '.join(sorted(lands))}, but not in {country}"
