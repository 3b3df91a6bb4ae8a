"""The notices of an imported source: what was corrected, merged and left out, each with its record."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from flask import g

from graph.importing.folder import Folder
from graph.serialization.tabular import row
from graph.sources.records import Notice

SHOWN = 100
ORDER = ("left out", "merged", "value left out", "corrected", "unknown")


@dataclass(frozen=True)
class NoticeGroup:
    """The notices of one kind: how many records they concern, and those shown."""

    severity: str
    kind: str
    count: int
    shown: tuple[Notice, ...]
    hidden: int


def notice_groups(path: str) -> list[NoticeGroup]:
    """Return the notices of the source of a path, by kind, those that cost records first."""
    found: dict[tuple[str, str], list[Notice]] = defaultdict(list)
    for each in kept_notices(path):
        found[each.severity, each.kind].append(each)
    ordered = sorted(found.items(), key=lambda pair: (ORDER.index(pair[0][0]), -len(pair[1]), pair[0]))
    return [
        NoticeGroup(severity, kind, sum(each.count for each in every), tuple(every[:SHOWN]), len(every[SHOWN:]))
        for (severity, kind), every in ordered
    ]


def kept_notices(path: str) -> list[Notice]:
    """Return the notices that the served version keeps of the source of a path, such as source/bibtex-v235."""
    return Folder(g.served.version.ledgers).notices_of(path.removeprefix("source/"))


def notice_rows(path: str) -> Iterator[str]:
    """Yield the notices of the source of a path as lines of CSV."""
    yield row(["severity", "kind", "record", "detail", "count", "edition"])
    for each in kept_notices(path):
        yield row([each.severity, each.kind, each.place, each.detail, str(each.count), each.edition])
