"""Decides whether a printed weekday is that of its date."""

import calendar
from collections.abc import Iterable, Iterator
from datetime import date

from pyoxigraph import Literal

from graph.rules.rule import Row

SHORTEST = 3


def judge(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield the rows that print a weekday, with the one on which the date falls."""
    for row in rows:
        printed = row["printed"].value.replace(",", " ").split()[0].lower()
        days = [day for day in calendar.day_name if len(printed) >= SHORTEST and day.lower().startswith(printed)]
        if days:
            expected = calendar.day_name[date.fromisoformat(row["date"].value).weekday()]
            outcome = "holds" if days == [expected] else "contradicts"
            yield row | {"outcome": Literal(outcome), "expected": Literal(expected), "found": Literal(days[0])}
