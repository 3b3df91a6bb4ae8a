"""The conference series that sources know, under one key whatever each of them calls it."""

from functools import cache

import msgspec
import yaml

from graph.files import VENUES
from graph.names import slug


class Venue(msgspec.Struct, frozen=True):
    """A conference series: its slug, its acronym and its name, if that is known."""

    key: str
    acronym: str
    name: str = ""


@cache
def _known() -> dict[str, Venue]:
    entries = yaml.safe_load(VENUES.read_text(encoding="utf-8"))
    found = {}
    for key, entry in entries.items():
        for each in (key, *entry.get("also", ())):
            found[each] = Venue(key, entry["acronym"], entry["name"])
    return found


def venue(name: str) -> Venue:
    """Return the series of a key as a source writes it; one that is not known stands for itself."""
    key = slug(name)
    return _known().get(key) or Venue(key, name.upper() if name.isascii() and name.islower() else name)


def venue_of_title(title: str) -> Venue | None:
    """Return the series whose name is in the title of proceedings, the longest name if there are several."""
    words = f"-{slug(title)}-"
    found = [each for each in _known().values() if each.name and f"-{slug(each.name)}-" in words]
    return max(found, key=lambda each: len(each.name), default=None)
