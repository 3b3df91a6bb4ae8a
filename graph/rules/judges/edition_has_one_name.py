"""Decides whether two sources call an edition by the same words."""

import re
from collections.abc import Iterable, Iterator

from pyoxigraph import Literal

from graph.rules.rule import Row
from graph.rules.spelling import folded

ARTICLES = {"the", "a", "an"}


def judge(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield each row with the words that only one of the names has."""
    for row in rows:
        one, other = (_words(row[name].value) for name in ("expected", "found"))
        differing = [f'"{word}"' for word in (*one, *other) if (word in one) != (word in other)]
        words = Literal(" and ".join(differing))
        yield row | {"outcome": Literal("caution" if differing else "holds"), "words": words}


def _words(name: str) -> list[str]:
    return [word for word in folded(re.sub(r"\([^)]*\)", " ", name)) if word not in ARTICLES]
