"""Reads the paper lists of papercopilot and corrects what is known to be wrong in them.

For benchmarks only: it takes what makes a graph of real size and shape, and checks nothing. The importers of
Convocation are another matter.
"""

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DECISIONS = {"Oral": "accept-oral", "Spotlight": "accept-spotlight", "Reject": "reject", "Withdraw": "withdrawn"}
TRUE_POSTERS = {"iclr", "corl", "colm", "nips"}  # elsewhere "Poster" stands for "not said"
DEFAULT_ORALS = {"icml"}


@dataclass(frozen=True)
class Author:
    """One author of a record: the name, the affiliation, and the organizations it was read as."""

    name: str
    affiliation: str
    organizations: tuple[str, ...]


@dataclass(frozen=True)
class Paper:
    """What one record says."""

    title: str
    track: str
    decision: str
    awarded: bool
    openreview: str
    authors: tuple[Author, ...]


@dataclass(frozen=True)
class Listing:
    """The papers of one edition, by the series as the files name it."""

    series: str
    year: int
    papers: tuple[Paper, ...]


def listings(folder: Path) -> Iterator[Listing]:
    """Yield the listing of each file of a folder, in order of name."""
    for path in sorted(folder.glob("*/*.json*")):
        found = re.fullmatch(r"([a-z0-9]*?)(\d{4})\.json(\.gz)?", path.name)
        if found:
            content = gzip.decompress(path.read_bytes()) if found[3] else path.read_bytes()
            papers = (_paper(record, found[1]) for record in json.loads(content))
            yield Listing(found[1], int(found[2]), tuple(paper for paper in papers if paper.title and paper.authors))


def _paper(record: dict[str, Any], series: str) -> Paper:
    status, forum = str(record.get("status") or ""), str(record.get("openreview") or record.get("site") or "")
    decision = "accept-poster" if status == "Poster" and series in TRUE_POSTERS else DECISIONS.get(status, "accept")
    found = re.search(r"openreview\.net/forum\?id=([\w-]+)", forum)
    return Paper(
        title=" ".join(str(record.get("title") or "").split()),
        track=str(record.get("track") or "main").lower(),
        decision="accept" if series in DEFAULT_ORALS else decision,
        awarded=record.get("award") is True,
        openreview=found[1] if found else "",
        authors=tuple(_authors(record)),
    )


def _authors(record: dict[str, Any]) -> Iterator[Author]:
    names = undoubled(_split(record.get("author")))
    order = _order(record, len(names))
    printed = _of_each(_split(record.get("aff") or record.get("affs"), sure=True), order)
    indices = _of_each(_split(record.get("aff_unique_index"), sure=True), order)
    known = _split(record.get("aff_unique_norm"), sure=True)
    for name, affiliation, index in zip(names, printed, indices, strict=True):
        if name and "@" not in name:
            numbers = [int(each) for each in index.split("+") if each.isdecimal()]
            organizations = tuple(known[number] for number in numbers if number < len(known) and known[number])
            yield Author(name, "" if "@" in affiliation else affiliation, organizations)


def undoubled(names: list[str]) -> list[str]:
    """Return the names once: ICRA and IROS write the whole list twice."""
    half, odd = divmod(len(names), 2)
    return names[:half] if not odd and names[:half] == names[half:] else names


def _split(text: str | None, *, sure: bool = False) -> list[str]:
    """Return the parts of a column; names are parted by commas where there is no semicolon."""
    text = text or ""
    return [" ".join(part.split()) for part in text.split(";" if sure or ";" in text else ",")] if text.strip() else []


def _order(record: dict[str, Any], count: int) -> list[int]:
    """Return for each author the column that is theirs: with profiles, columns follow the profiles."""
    columns = list(range(count))
    profiles, ids = _split(record.get("or_profile")), undoubled(_split(record.get("authorids")))
    if len(profiles) != count or len(ids) != count or profiles == ids:
        return columns
    left = [column for column in columns if profiles[column] not in ids]
    return [profiles.index(each) if each in profiles else left.pop(0) if left else 0 for each in ids]


def _of_each(values: list[str], order: list[int]) -> list[str]:
    """Return the value of each author, or an empty list if their numbers differ."""
    return [values[column] for column in order] if len(values) == len(order) else [""] * len(order)
