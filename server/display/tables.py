"""The lines of tables: the answers to queries with the labels of what they name and the sources that say it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from graph.terms import Term
from server.display.asking import Row, Table, ask
from server.display.cells import Cell, as_year, cell
from server.display.mentions import Mention, mentions

EVIDENCE = ("thing", "source", "line", "time")


@dataclass(frozen=True)
class Line:
    """One line of a table: its thing, its cells by column, and its sources."""

    thing: NamedNode | None
    cells: Mapping[str, tuple[Cell, ...]]
    mentions: tuple[Mention, ...]


def columns(table: Table, entity: NamedNode | None = None) -> tuple[str, ...]:
    """Return the columns that say something: not nothing, and not just the entity of the page."""
    return tuple(
        name
        for name in table.columns
        if name not in EVIDENCE and {row.get(name) for row in table.rows} - {None, entity}
    )


def lines(tables: Sequence[Table], entity: NamedNode | None = None) -> list[tuple[Line, ...]]:
    """Return the lines of each of some tables; on the page of an entity with the sources that connect them to it."""
    rows = [row for table in tables for row in table.rows]
    said = (
        _said({row["thing"] for row in rows if isinstance(row.get("thing"), NamedNode) and "source" not in row}, entity)
        if entity
        else {}
    )
    terms = {term for row in rows for name, term in row.items() if name not in EVIDENCE}
    labels = labels_of(terms)
    cells = {term: cell(term, labels.get(term)) for term in terms}
    return [tuple(_lines(table, said, cells)) for table in tables]


def labels_of(terms: Iterable[Term]) -> dict[Term, str]:
    """Return the labels of those terms that have one."""
    things = [term for term in terms if isinstance(term, NamedNode)]
    return {row["thing"]: row["label"].value for row in ask("entity/labels", things=things).rows} if things else {}


def _said(things: set[Term], entity: NamedNode) -> dict[Term, list[Row]]:
    said: dict[Term, list[Row]] = defaultdict(list)
    for row in ask("entity/lines", things=things, entity=entity).rows if things else ():
        said[row["thing"]].append(row)
    return said


def _lines(table: Table, said: Mapping[Term, list[Row]], known: Mapping[Term, Cell]) -> Iterator[Line]:
    merged: dict[Term | int, list[Row]] = defaultdict(list)
    for place, row in enumerate(table.rows):
        merged[row.get("thing", place)].append(row)
    for key, rows in merged.items():
        thing = key if isinstance(key, NamedNode) else None
        cells = {name: _cells(rows, name, known) for name in table.columns if name not in EVIDENCE}
        own = rows if "source" in rows[0] else said.get(thing, []) if thing else []
        yield Line(thing, cells, tuple(mentions(own)))


def _cells(rows: Sequence[Row], name: str, known: Mapping[Term, Cell]) -> tuple[Cell, ...]:
    found = tuple(known[term] for term in dict.fromkeys(row[name] for row in rows if name in row))
    return tuple(map(as_year, found)) if name == "year" else found
