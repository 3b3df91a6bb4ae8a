"""Decides whether identifiers match the patterns of their schemes; an engine would make each pattern again for each."""

import re
from collections.abc import Iterable, Iterator

from pyoxigraph import Literal

from graph.rules.rule import Row

OUTCOMES = {True: Literal("holds"), False: Literal("fails")}


def judge(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield each identifier with its outcome."""
    for row in rows:
        # re keeps compiled patterns, and there are as many as schemes
        yield row | {"outcome": OUTCOMES[re.fullmatch(row["expected"].value, row["found"].value) is not None]}
