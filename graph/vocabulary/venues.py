"""The conference series that sources know, under one key whatever each of them calls it."""

import re
from functools import cache

import msgspec
import yaml

from graph.errors import SettingError
from graph.files import VENUES
from graph.names import slug

DIGITS = 4  # of a volume, at most
GIVEN = re.compile(r"(?P<key>[a-z0-9]+(?:-[a-z0-9]+)*)=(?P<name>[^=()]+?)\s*\((?P<acronym>[^=()]+)\)")


class ProceedingsJournal(msgspec.Struct, frozen=True):
    """A journal whose papers are those of a series: its key at DBLP, its titles.

    Volume n is of the year n + `volume_zero`, if that is given; else the year of the paper is that of the edition.
    """

    key: str
    titles: tuple[str, ...]
    volume_zero: int = 0

    def year(self, printed: str, volume: str) -> str:
        """Return the year of the edition of a paper."""
        is_number = volume.isdecimal() and len(volume) < DIGITS
        return str(self.volume_zero + int(volume)) if self.volume_zero and is_number else printed


class Venue(msgspec.Struct, frozen=True):
    """A conference series: its slug, its acronym, its name, if that is known, and other titles of its proceedings."""

    key: str
    acronym: str
    name: str = ""
    titles: tuple[str, ...] = ()
    journals: tuple[ProceedingsJournal, ...] = ()


@cache
def _known() -> dict[str, Venue]:
    entries = yaml.safe_load(VENUES.read_text(encoding="utf-8"))
    found = {}
    for key, entry in entries.items():
        for each in (key, *entry.get("also", ())):
            journals = msgspec.convert(entry.get("journals", ()), tuple[ProceedingsJournal, ...])
            found[each] = Venue(key, entry["acronym"], entry["name"], tuple(entry.get("titles", ())), journals)
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


def venue_of_journal(name: str) -> tuple[Venue, ProceedingsJournal] | None:
    """Return the series whose papers a journal publishes, by its key at DBLP or its title, and the journal."""
    for each in _known().values():
        for journal in each.journals:
            if slug(name) in {journal.key, *map(slug, journal.titles)}:
                return each, journal
    found = venue_of_title(name) if slug(name).startswith("proceedings-") else None
    return (found, ProceedingsJournal("", (name,))) if found else None


def venue_given(text: str) -> Venue:
    """Return the series of an option, a known slug or `slug=Full Name (ACRONYM)`; raise SettingError otherwise."""
    if text in _known():
        return _known()[text]
    found = GIVEN.fullmatch(text.strip())
    if not found:
        hint = 'give a slug of graph/data/venues.yaml, or a new series such as "nime=New Interfaces for Music (NIME)"'
        raise SettingError(f"--series {text!r} is not a conference series; {hint}.")
    return Venue(found["key"], found["acronym"].strip(), found["name"].strip())
