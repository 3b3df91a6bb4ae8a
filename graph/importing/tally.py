"""How many records of a file were published, merged and left out, by edition; each record is counted once."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from msgspec import Struct

from graph.importing.lines import Triple, cvn, number
from graph.importing.registry import StoredRecord
from graph.sources.records import Edition, Notice, Paper, Series, Volume

MERGED = "record of a paper that another record of the file gives"


class Tally(Struct, frozen=True, omit_defaults=True):
    """Numbers of records: those read are those published, merged and left out."""

    published: int = 0
    merged: int = 0
    left_out: int = 0

    @property
    def read(self) -> int:
        """The number of records read."""
        return self.published + self.merged + self.left_out

    @property
    def lost(self) -> int:
        """The number of records without a paper of their own."""
        return self.merged + self.left_out

    @property
    def lost_most(self) -> bool:
        """Whether more than half of the records have no paper of their own."""
        return self.lost > self.published

    def __add__(self, other: "Tally") -> "Tally":
        """Return the sums of two tallies."""
        return Tally(self.published + other.published, self.merged + other.merged, self.left_out + other.left_out)


def tallies(kept: Iterable[StoredRecord], notices: Iterable[Notice], editions: Collection[str]) -> dict[str, Tally]:
    """Return the tally of each edition of a file; "" holds records without a known edition."""
    only = next(iter(editions)) if len(editions) == 1 else ""
    published, counted = Counter[str](), {"merged": Counter[str](), "left out": Counter[str]()}
    volumes = set[str]()
    for each in kept:
        if isinstance(each.record, Volume):
            if each.record.key in volumes:  # the volume of a joint edition
                continue
            volumes.add(each.record.key)
        if not isinstance(each.record, Series | Edition):
            published[getattr(each.record, "edition", "")] += 1
    for notice in notices:
        if notice.severity in counted:
            counted[notice.severity][notice.edition or only] += notice.count
    merged, left = counted.values()
    every = sorted({*published, *merged, *left})
    return {each: Tally(published[each] - merged[each], merged[each], left[each]) for each in every}


def total(tallies: Iterable[Tally]) -> Tally:
    """Return the sums of tallies."""
    return sum(tallies, Tally())


def merged(kept: Iterable[StoredRecord]) -> Iterator[Notice]:
    """Yield a notice for each record of a paper that an earlier record of the file gave."""
    first: dict[str, Paper] = {}
    for each in kept:
        if isinstance(each.record, Paper):
            known = first.setdefault(each.path, each.record)
            if known is not each.record:
                place = f"record {each.record.key or each.record.title}"
                detail = f"{each.record.title} (as record {known.key or known.title})"
                yield Notice(MERGED, place, detail, "merged", edition=each.record.edition)


def tallied(me: str, tally: Tally) -> Iterator[Triple]:
    """Yield how many records were read, and how many of them have no paper of their own."""
    yield me, cvn("recordCount"), number(tally.read)
    yield me, cvn("mergedRecordCount"), number(tally.merged)
    yield me, cvn("leftOutRecordCount"), number(tally.left_out)
