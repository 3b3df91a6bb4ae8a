"""Distinguishes papers and submissions of similar titles: their authors, edition, decision and awards."""

from collections.abc import Iterable

from pyoxigraph import NamedNode

from graph.terms import Term
from server.display.asking import Row, ask, question

KINDS = ("paper", "submission")  # the kinds of hits that are papers
FIRST = 3  # authors that are named


def described(papers: Iterable[NamedNode]) -> dict[Term, str]:
    """Return for each paper such as `Kirk, Whitefield, et al., NeurIPS 2024, Best Paper Award`."""
    things = sorted(set(papers), key=str)
    rows: dict[Term, list[Row]] = {}
    for row in ask(question("entity/papers"), things=things).rows if things else ():
        rows.setdefault(row["thing"], []).append(row)
    return {paper: ", ".join(_parts(known)) for paper, known in rows.items()}


def _parts(rows: list[Row]) -> list[str]:
    def texts(column: str) -> list[str]:
        found = {row[column].value.casefold(): row[column].value for row in reversed(rows) if column in row}
        return list(reversed(found.values()))

    names = texts("name")[:FIRST]
    more = ["et al."] if int(next(iter(texts("count")), "0")) > len(names) > 0 else []
    return [*names, *more, *texts("edition"), *texts("decision"), *texts("award")]
