"""Decides whether a printed affiliation spells the name of its organization otherwise."""

from collections.abc import Iterable, Iterator

from pyoxigraph import Literal

from graph.rules.rule import Row
from graph.rules.spelling import difference, folded, near


def judge(rows: Iterable[Row], outcome: str = "contradicts") -> Iterator[Row]:
    """Yield each row with the spelling that is not the usual one, if there is any."""
    for row in rows:
        usual, text = row["expected"].value, row["printed"].value
        if " ".join(folded(usual)) in " ".join(folded(text.replace(",", " "))):
            yield row | {"outcome": Literal("holds"), "found": row["expected"]}
        elif found := near(text, usual):
            letters = difference(" ".join(folded(found)), " ".join(folded(usual)))
            yield row | {"outcome": Literal(outcome), "found": Literal(found), "letters": Literal(letters)}
