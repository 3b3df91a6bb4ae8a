"""The strip of numbers at the head of a page: preferred values, their change in a year, and differences."""

from collections.abc import Iterator
from dataclasses import dataclass

from server.display.amounts import amount, change
from server.display.tables import Line, Mention, merged
from server.display.words import address
from server.pages.groups import Group


@dataclass(frozen=True)
class StripValue:
    """A value of a number, and the sources that print it."""

    words: str
    href: str
    mentions: tuple[Mention, ...]


@dataclass(frozen=True)
class StripNumber:
    """A number of the strip: the preferred value, the change from the year before, and the values that differ."""

    label: str
    value: StripValue
    change: str
    others: tuple[StripValue, ...]
    because: str


def strip(group: Group) -> list[StripNumber]:
    """Return the numbers of a group, in their order."""
    return [_number(part) for _, part in group.divided("figure")]


def _number(part: Group) -> StripNumber:
    values = [(each.lines[0], _value(each)) for _, each in part.divided("number")]
    first, chosen = values[0]
    earlier = _text(first, "earlier")
    return StripNumber(
        label=_words(first, "figure"),
        value=chosen,
        change=change(_text(first, "number"), earlier, _text(first, "unit")) if earlier else "",
        others=tuple(each for _, each in values[1:]),
        because=_text(first, "because"),
    )


def _value(part: Group) -> StripValue:
    first = part.lines[0]
    words = amount(_text(first, "number"), _text(first, "unit"))
    return StripValue(words, address(first.thing) if first.thing else "", merged(_mentions(part)))


def _mentions(part: Group) -> Iterator[Mention]:
    for line in part.lines:
        yield from line.mentions


def _text(line: Line, column: str) -> str:
    return next((cell.term.value for cell in line.cells.get(column, ())), "")


def _words(line: Line, column: str) -> str:
    return next((cell.words for cell in line.cells.get(column, ())), "")
