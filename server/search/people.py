"""Distinguishes people of one name: where they worked last, when they wrote, and how many papers."""

from collections.abc import Iterable

from graph.indexes.search import Hit
from graph.terms import Term
from server.display.asking import Row, ask, question

TO = "\N{EN DASH}"
PERSON = "person"  # the kind of hits that are people


def distinctions(hits: Iterable[Hit]) -> dict[Term, str]:
    """Return for each person among hits, of whom something is known, such as `KAIST, 2019, 12 papers`."""
    people = {hit.thing for hit in hits if hit.kind == PERSON}
    rows: dict[Term, list[Row]] = {}
    for row in ask(question("entity/people"), things=sorted(people, key=str)).rows if people else ():
        rows.setdefault(row["thing"], []).append(row)
    return {person: words for person, known in rows.items() if (words := _words(known))}


def _words(rows: list[Row]) -> str:
    organization = next((row["organization"].value for row in rows if row["organization"].value), "")
    years = sorted({row[each].value for row in rows for each in ("from", "until") if each in row})
    span = years[0] if len(years) == 1 else f"{years[0]}{TO}{years[-1]}" if years else ""
    count = int(rows[0]["papers"].value) if "papers" in rows[0] else 0
    papers = f"{count:,} {'paper' if count == 1 else 'papers'}" if count else ""
    return ", ".join(filter(None, (organization, span, papers)))
