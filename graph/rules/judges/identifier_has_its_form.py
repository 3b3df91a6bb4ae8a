"""Decides whether identifiers match the patterns of their schemes; an engine would make each pattern again for each."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from pyoxigraph import Literal

from graph.rules.rule import Row

OUTCOMES = {True: Literal("holds"), False: Literal("fails")}


def judge(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield each identifier with its outcome."""
    for row in rows:
        yield row | {"outcome": OUTCOMES[bool(_pattern(row["expected"].value).fullmatch(row["found"].value))]}


@lru_cache(maxsize=100)
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)
