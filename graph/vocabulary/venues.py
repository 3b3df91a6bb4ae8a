"""The conference series that sources know, under one key whatever each of them calls it."""

from functools import cache

import msgspec
import yaml

from graph.files import VENUES
from graph.names import slug


class Venue(msgspec.Struct, frozen=True):
    """A conference series: its slug, its acronym, its name, if that is known, and other titles of its proceedings."""

    key: str
    acronym: str
    name: str = ""
    titles: tuple[str, ...] = ()


@cache
def _known() -> dict[str, Venue]:
    entries = yaml.safe_load(VENUES.read_text(encoding="utf-8"))
    found = {}
    for key, entry in entries.items():
        for each in (key, *entry.get("also", ())):
            found[each] = Venue(key, entry["acronym"], entry["name"], tuple(entry.get("titles", ())))
    return found


def venue(name: str) -> Venue:
    """Return the series of a key as a source writes it; one that is not known stands for itself."""
    key = slug(name)
    return _known().get(key) or Venue(key, name.upper() if name.isascii() and name.islower() else name)


def venue_of_title(title: str) -> Venue | None:
    """Return the series that is named in a title of proceedings, by the longest name or title if several are."""
    words = f"-{slug(title)}-"
    named = ((name, each) for each in _known().values() for name in (each.name, *each.titles) if name)
    found = [(len(name), each) for name, each in named if f"-{slug(name)}-" in words]
    return max(found, key=lambda each: each[0], default=(0, None))[1]
