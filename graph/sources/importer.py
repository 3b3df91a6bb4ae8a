"""An importer: facts about its source, the names of its files, and the function that reads one."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from operator import attrgetter
from pathlib import Path
from typing import Any

from graph.sources.file import SourceFile
from graph.sources.records import Edition, Identifier, Item, Notice, Series
from graph.vocabulary.venues import Venue


def not_taken(reason: str, names: str) -> dict[str, str]:
    """Return the entries of a field map for fields, named in one text, that are not read for one reason."""
    return dict.fromkeys(names.split(), reason)


def unknown_fields(found: Mapping[str, int], what: str = "record") -> Iterator[Notice]:
    """Yield a notice for each field that is not in a field map; `found` says how many records have it."""
    for name, count in sorted(found.items()):
        yield Notice(f"unknown field {name!r}", f"{count:,} {what}{'s' * (count > 1)}", "it is not read", "unknown")


def announced(
    series: Venue, year: int, seen: set[str], *, ids: tuple[Identifier, ...] = (), **facts: Any
) -> Iterator[Series | Edition]:
    """Yield a series and an edition with these facts, unless its key is in `seen`, to which it is added."""
    edition = Edition(series.key, year, **facts)
    if edition.key not in seen:
        seen.add(edition.key)
        yield Series(series.key, series.acronym, series.name, ids)
        yield edition


@dataclass(frozen=True)
class Importer:
    """A source of records.

    `key` names it in commands, IRIs and folders. `files` are patterns of file names, with which a folder is searched
    and a file of another source is refused. `trust` decides where sources differ (curated documents have 10 to
    100, see `cvn:trust`). `unit` gives the key of the ledger of a file, which must be the same for the next edition of
    that file and unlike those of others; it begins with the key of the edition where the file holds one edition.
    `lacks_series` says that files may not name their series, which the option --series then gives.
    `fields` is the field map: what is read from each field, or why it is not; other fields are reported as unknown.
    """

    key: str
    title: str
    homepage: str
    license: str
    trust: int
    files: tuple[str, ...]
    fields: dict[str, str]
    read: Callable[[SourceFile], Iterator[Item]]
    unit: Callable[[SourceFile], str] = attrgetter("stem")
    lacks_series: bool = False

    def knows(self, path: Path) -> bool:
        """Return whether a file is called as those of this source are."""
        return any(fnmatch(path.name, pattern) for pattern in self.files)
