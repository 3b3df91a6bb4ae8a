"""Decides whether identifiers are valid in their schemes; an engine would compile each pattern again for each."""

import re
from collections.abc import Iterable, Iterator

from pyoxigraph import Literal

from graph.rules.rule import Row
from graph.vocabulary.identifiers import schemes


def judge(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield each identifier with its outcome; of an ORCID iD, the check digit is expected, too."""
    for row in rows:
        scheme = schemes().get(row["scheme"].value.rpartition("/")[2])
        matches = re.fullmatch(row["expected"].value, row["found"].value) is not None
        if matches and scheme and not scheme.holds(row["found"].value):
            yield row | {"outcome": Literal("contradicts"), "expected": Literal("a right check digit")}
        else:
            yield row | {"outcome": Literal("holds" if matches else "contradicts")}
