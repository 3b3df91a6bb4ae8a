"""The neighbors of a number: the same measure in other years, and in other parts of the edition."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from graph.terms import CODE, Term
from server.display.amounts import DIMENSIONS, amount, change, is_whole, limits
from server.display.asking import Row, ask
from server.display.tables import Mention, cells_of, facts, mentions
from server.display.words import Cell, address
from server.views.catalog import View, view
from server.views.parameters import value

PARTS = DIMENSIONS[:3]
PEOPLE = frozenset(CODE[f"measure/{name}"] for name in ("registrations", "attendance", "participants"))
FEW = 2  # values of a series that are worth a chart


@dataclass(frozen=True)
class Neighbor:
    """A number of another year or another part of the edition, with the change from the year before."""

    iri: NamedNode
    edition: Cell
    measure: str
    limits: str
    words: str
    change: str
    is_derived: bool
    mentions: tuple[Mention, ...]

    @property
    def href(self) -> str:
        """The address of its page."""
        return address(self.iri)


def neighbors(iri: NamedNode, scope: Row) -> tuple[tuple[Neighbor, ...], tuple[Neighbor, ...]]:
    """Return the values of the series by year, the latest first, and those for other parts of the edition."""
    found = facts(ask("number/neighbors", entity=iri))
    printed = {_place(each[0]) for each in found if "formula" not in each[0]}
    # a calculated number is left out beside the printed one, except on its own page
    found = [
        each for each in found if each[0]["thing"] == iri or "formula" not in each[0] or _place(each[0]) not in printed
    ]
    terms = {each[0][name] for each in found for name in ("edition", "measure", *DIMENSIONS) if name in each[0]}
    cells = cells_of(terms)
    alike = [each for each in found if all(each[0][name] == scope[name] for name in PARTS)]
    others = [each for each in found if each[0]["edition"] == scope["subject"] and each not in alike]
    parts = tuple(_neighbor(each, cells, limits(each[0], cells) or "in total") for each in others)
    return _years(alike, cells), parts


def _place(row: Row) -> tuple[Term, ...]:
    return tuple(row[name] for name in ("edition", "measure", *PARTS))


def _years(found: Sequence[list[Row]], cells: Mapping[Term, Cell]) -> tuple[Neighbor, ...]:
    known = {_counted(each[0]): each[0] for each in found}
    return tuple(
        _neighbor(each, cells, limits(each[0], cells, ("stage",)), known.get(_counted(each[0], 1))) for each in found
    )


def _counted(row: Row, years: int = 0) -> tuple[Term | int | None, ...]:
    """Return the measure, the stage and the year of a number, or a year some years before."""
    return row["measure"], row.get("stage"), int(row["year"].value) - years


def _neighbor(rows: list[Row], cells: Mapping[Term, Cell], limited: str, last: Row | None = None) -> Neighbor:
    row = rows[0]
    unit, found = row["unit"].value, row["value"].value
    return Neighbor(
        iri=NamedNode(row["thing"].value),
        edition=cells[row["edition"]],
        measure=cells[row["measure"]].words,
        limits=limited,
        words=amount(found, unit, rounded="formula" in row),
        change=change(found, last["value"].value, unit) if last else "",
        is_derived="formula" in row,
        mentions=tuple(mentions(rows)),
    )


def picture(scope: Row, years: Sequence[Neighbor]) -> tuple[View, dict[str, str]] | None:
    """Return the view whose chart shows the series of a number, with its parameters, if it has several values."""
    series, measure = scope.get("series"), scope["measure"]
    if not series or not is_whole(scope["country"]) or sum(not each.is_derived for each in years) < FEW:
        return None
    limiting = {name: value(scope[name]) for name in PARTS[:2] if not is_whole(scope[name])}
    if measure in PEOPLE and not limiting:
        return view("attendance-by-year"), {"series": value(series)}
    return view("series-side-by-side"), {"measure": value(measure), "series": value(series), **limiting}
