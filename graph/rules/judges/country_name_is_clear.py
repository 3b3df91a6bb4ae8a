"""Decides whether the printed name of a country is the name of one country alone."""

from collections.abc import Iterable, Iterator

from pyoxigraph import Literal

from graph.rules.rule import Row
from graph.rules.spelling import called


def judge(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield each row with the countries that are called so."""
    for row in rows:
        found = called(row["found"].value)
        outcome = "caution" if len(found) > 1 else "holds"
        yield row | {"outcome": Literal(outcome), "expected": Literal(" and ".join(found))}
