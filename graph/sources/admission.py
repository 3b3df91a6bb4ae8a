"""The gate that each record of each source passes: no front matter, no private values, no text or list without end."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from graph.names import slug
from graph.sources.dates import YEARS, iso_day
from graph.sources.privacy import without_private
from graph.sources.records import Author, Edition, Identifier, Item, Notice, Paper, Record, Severity

R = TypeVar("R", bound=Struct)
LONGEST = 1_000  # letters of a text
MOST = {"authors": 2_000, "editors": 2_000, "aliases": 500}
SHORT = 300  # letters of a notice
LETTERS, WORDS = 60, 6  # that a keyword has at most
FEW = 200  # values of any other kind that a record has at most
PRIVATE_VALUE = "private value"
WHOLE = ("pages", "topics")  # fields whose values pass as a whole or not at all
FRONT = set(
    """acknowledgments and author authors chairs committee committees contents copyright cover demonstrations demos for
    foreword from front frontmatter general index invited keynote keynotes list matter message of organizers organizing
    page panel panels plenaries plenary poster posters preface program programme reviewers session sessions speech
    speeches sponsors table talk talks the title to tutorial tutorials welcome workshop workshops
    """.split()  # noqa: SIM905 - a list of words reads better
)
PREFACE = re.compile(r"(?:preface|foreword)\b\s*[:-]\s.*|.*[:-]\s*(?:preface|foreword)\W*", re.IGNORECASE)
TALK = re.compile(r"(?:invited|keynote|plenary) (?:talk|speech|lecture|address)s?\s*:.*", re.IGNORECASE)
MARK = re.compile(
    r"\[(?P<words>(?:from )?(?:oral|poster|spotlight|highlight|demo|talk)\b[^\]]*|retracted)\]\s*", re.IGNORECASE
)
SURROGATE = re.compile("[\ud800-\udfff]")


def admitted(item: Item) -> Iterator[Item]:
    """Yield a record or notice within bounds and without private values, or why a record is left out."""
    if isinstance(item, Notice):
        yield replace(item, place=without_private(item.place[:SHORT]), detail=without_private(item.detail[:SHORT]))
        return
    gate = Gate(_place(item))
    passed = gate.record(_unmarked(item) if isinstance(item, Paper) else item)
    passed = gate.dated(passed) if isinstance(passed, Edition) else passed
    yield from gate.notices.values()
    if reason := left_out(passed):
        severity: Severity = "value left out" if isinstance(passed, Edition) else "left out"
        yield Notice(reason, gate.place, getattr(passed, "title", ""), severity, edition=getattr(passed, "edition", ""))
    elif isinstance(item, Paper) and isinstance(passed, Paper) and len(passed.authors) < len(item.authors):
        yield replace(passed, authors_left_out=True)
    else:
        yield passed


def left_out(record: Record) -> str:
    """Return why a record is left out, by its year or title, or an empty string if it is not."""
    if getattr(record, "year", YEARS[0]) not in YEARS:
        return "year that is not one of a conference"
    return _not_a_paper(record) if isinstance(record, Paper) else ""


def _not_a_paper(paper: Paper) -> str:
    words = slug(paper.title).split("-") if paper.title else []
    if not words:
        return "record whose title has no public words"
    if FRONT.issuperset(words) or PREFACE.fullmatch(paper.title):
        return "front matter, which is not a paper"
    return "invited talk, which is not a paper" if TALK.fullmatch(paper.title) else ""


def _unmarked(paper: Paper) -> Paper:
    """Return a paper without the mark before its title that says how it is presented, or that it was retracted."""
    found = MARK.match(paper.title)
    if not found or found.end() == len(paper.title):
        return paper
    retracted = paper.retracted or found["words"].lower() == "retracted"
    return replace(paper, title=paper.title[found.end() :], retracted=retracted)


def _place(record: Record) -> str:
    name = getattr(record, "key", "") or getattr(record, "title", "")
    return f"record {without_private(name[:LONGEST])[:80]}"


@dataclass
class Gate:
    """Collects notices on the values of one record that do not pass, one of each kind."""

    place: str
    notices: dict[str, Notice] = field(default_factory=dict)

    def record(self, record: R) -> R:
        """Return a record, or a part of one, with values that may pass."""
        changes = {}
        for name in record.__struct_fields__:
            old = getattr(record, name)
            new = self.value(name, old)
            if new is not old:
                changes[name] = new
        return replace(record, **changes) if changes else record

    def dated(self, edition: Edition) -> Edition:
        """Return an edition with dates that are days in the form of ISO 8601, in order, or without them."""
        start, end = iso_day(edition.start), iso_day(edition.end)
        if (bool(start), bool(end)) != (bool(edition.start), bool(edition.end)) or (start and end and start > end):
            self._leave("dates that are not days in order", f"{edition.start} to {edition.end}")
            return replace(edition, start="", end="")
        return replace(edition, start=start, end=end) if (start, end) != (edition.start, edition.end) else edition

    def value(self, name: str, value: Any) -> Any:
        """Return a value of a field, itself if nothing of it is left out."""
        if not value or not isinstance(value, str | tuple):
            return value
        if isinstance(value, str):
            return self.text(name, value)
        most = MOST.get(name, FEW)
        if len(value) > most:
            self._leave(f"{name} beyond the first {most:,}", f"{len(value):,} of them")
        within = self._short(value[:most]) if name == "topics" else value[:most]
        kept = tuple(new for each in within for new in self._member(name, each))
        return value if kept == value else kept

    def _short(self, topics: tuple[str, ...]) -> tuple[str, ...]:
        """Return the keywords that are not sentences."""
        short = tuple(each for each in topics if len(each) <= LETTERS and each.count(" ") < WORDS)
        if short != topics:
            count = len(topics) - len(short)
            self._leave(f"keyword of more than {LETTERS} letters or {WORDS} words", f"{count} of {len(topics)}")
        return short

    def _member(self, name: str, value: Any) -> Iterator[Any]:
        if isinstance(value, Identifier):
            whole = self.text(name, value.value) == value.value
            yield from [value] if whole else []
        elif isinstance(value, Struct):
            part = self.record(value)
            if not isinstance(part, Author) or part.name:
                yield part
        else:
            passed = self.text(name, value)
            if passed and (name not in WHOLE or passed == value):
                yield passed

    def text(self, name: str, value: str) -> str:
        """Return a text within the bound, without private values."""
        if len(value) > LONGEST:
            self._leave(f"{name} beyond the first {LONGEST:,} letters", f"{len(value):,} letters")
            value = value[:LONGEST].rstrip() + "\u2026"
        if not value.isascii():
            value = SURROGATE.sub("\ufffd", value)  # which no file of UTF-8 can hold
        public = without_private(value)
        if public == value:
            return value
        self._leave(f"{PRIVATE_VALUE} in {name}", "")
        return public

    def _leave(self, kind: str, detail: str) -> None:
        self.notices.setdefault(kind, Notice(kind, self.place, detail, "value left out"))
