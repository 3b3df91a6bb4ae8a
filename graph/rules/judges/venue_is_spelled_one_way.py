"""Decides whether a printed place spells the name of its venue otherwise."""

from collections.abc import Iterable

from graph.rules.judges import organization_is_spelled_one_way
from graph.rules.rule import Row


def judge(rows: Iterable[Row]) -> Iterable[Row]:
    """Return each row with the spelling that is not the usual one, if there is any; venues have several."""
    return organization_is_spelled_one_way.judge(rows, "caution")
