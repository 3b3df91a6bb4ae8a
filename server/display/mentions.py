"""Sources of a statement, with lines, the words as printed, and the time in a recording."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import NamedNode

from server.display.asking import Row, SourceLabel, source_labels
from server.display.words import address, line_address, whole_number


@dataclass(frozen=True)
class Place:
    """A line or some lines of a source as a page writes them, the address of the first, the time in a recording."""

    lines: str
    href: str
    time: str = ""


@dataclass(frozen=True)
class Mention:
    """One source of a statement: its lines, and the words as printed.

    A statement is `implied` if it follows from the document as a whole and has no line.
    """

    name: str
    href: str
    places: tuple[Place, ...]
    printed: tuple[str, ...]
    implied: bool = False

    @property
    def is_plural(self) -> bool:
        """Whether it says so on several lines."""
        return len(self.places) > 1 or "–" in self.places[0].lines  # noqa: RUF001 - the dash of a range


def mentions(rows: Iterable[Row]) -> Iterator[Mention]:
    """Yield what each source says in rows of `source` and, where known, `line`, `printed` and `time`."""
    by_source: dict[NamedNode, list[Row]] = defaultdict(list)
    for row in rows:
        if isinstance(source := row.get("source"), NamedNode):
            by_source[source].append(row)
    sources = source_labels()
    for source in sorted(by_source, key=lambda each: each.value):
        found = by_source[source]
        lines = sorted(_each(found, "line"), key=first_line)
        times = {row["line"].value: row["time"].value for row in found if "line" in row and "time" in row}
        places = tuple(_place(source, line, times.get(line, "")) for line in lines)
        label = sources.get(source, SourceLabel(source.value))
        implied = label.by_line and not places
        yield Mention(label.label, address(source), places, _each(found, "printed"), implied)


def _place(source: NamedNode, line: str, time: str) -> Place:
    return Place(line.replace("-", "–"), line_address(source, line), time)  # noqa: RUF001 - the dash of a range


def merged(mentions: Iterable[Mention]) -> tuple[Mention, ...]:
    """Return the mentions of several things as one for each source, without the words as printed."""
    by_source: dict[str, list[Mention]] = defaultdict(list)
    for each in mentions:
        by_source[each.href].append(each)
    return tuple(
        Mention(
            found[0].name,
            href,
            tuple(
                sorted({place for each in found for place in each.places}, key=lambda place: first_line(place.lines))
            ),
            (),
            all(each.implied for each in found),
        )
        for href, found in by_source.items()
    )


def first_line(line: str) -> tuple[int, str]:
    """Return the sorting key of a line or a range of lines."""
    first = line.replace("–", "-").partition("-")[0]  # noqa: RUF001 - the dash of a range
    return (whole_number(first) or 0, line)


def _each(rows: Iterable[Row], column: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row[column].value for row in rows if column in row))
