"""The time zone of a place: of those of its country the one that has the offset which is printed."""

from datetime import datetime, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

from graph.curated.territories import time_zones


@cache
def zones(country: str) -> tuple[str, ...]:
    """Return the time zones of a country by its ISO 3166 code, those named for a city alone first."""
    listed = time_zones().get(country, ())
    return tuple(sorted(listed, key=lambda name: (name.count("/"), name)))


def in_zone(at: datetime, country: str, city: str = "") -> datetime:
    """Return a moment in the time zone of its place, or as it is where no zone of the country has its offset."""
    named = [each for each in zones(country) if each.endswith("/" + city.replace(" ", "_"))]
    for name in (*named, *zones(country)):
        there = at.astimezone(zone(name))
        if there.utcoffset() == at.utcoffset():
            return there
    return at


@cache
def zone(name: str) -> tzinfo:
    """Return a time zone by its name in the IANA database."""
    return ZoneInfo(name)
