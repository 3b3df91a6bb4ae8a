"""Decides whether two sources print the same author at a position of a paper."""

from collections.abc import Iterable, Iterator

from pyoxigraph import Literal

from graph.rules.rule import Row
from graph.rules.spelling import allowed, difference, distance, folded


def judge(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield each pair of names once, the more complete one as the expected one, where they can be compared."""
    for row in rows:
        found, expected = row["found"].value, row["expected"].value
        if (_letters(found), row["source"].value) > (_letters(expected), row["other_source"].value):
            continue  # the same two names come the other way round, too
        letters = _difference(folded(found), folded(expected))
        if letters is not None:
            yield row | {"outcome": Literal("contradicts" if letters else "holds"), "letters": Literal(letters)}


def _letters(name: str) -> int:
    return len("".join(folded(name)))


def _difference(one: tuple[str, ...], other: tuple[str, ...]) -> str | None:
    """Return in words how two names differ: empty if they agree, None if they are of two people."""
    if one[-1] == other[-1]:
        return "" if one[0][0] == other[0][0] else None
    if distance(one[-1], other[-1]) > allowed(one[-1], other[-1]) or one[0][0] != other[0][0]:
        return None
    return f"the family names differ by {difference(one[-1], other[-1])}"
