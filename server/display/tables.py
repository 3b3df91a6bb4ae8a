"""The lines of tables: the answers to queries with the labels of what they name and the sources that say it."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pyoxigraph import Literal, NamedNode

from graph.serialization import tabular
from graph.terms import XSD, Term
from server.display.asking import Row, SourceLabel, Table, ask, source_labels
from server.display.words import Cell, address, as_year, cell, line_address, whole_number, words
from server.http.serving import absolute

EVIDENCE = ("thing", "source", "line", "time")
HOLDER = "_at"  # the end of the name of a column with the things that hold the numbers of another column
NUMBERS = {XSD.integer: int, XSD.decimal: float, XSD.double: float}


@dataclass(frozen=True)
class Place:
    """A line or some lines of a source as a page writes them, the address of the first, the time in a recording."""

    lines: str
    href: str
    time: str = ""


@dataclass(frozen=True)
class Mention:
    """One source of a statement: its lines, and the words as printed.

    A statement is `implied` if it follows from the document as a whole and has no line.
    """

    name: str
    href: str
    places: tuple[Place, ...]
    printed: tuple[str, ...]
    implied: bool = False

    @property
    def is_plural(self) -> bool:
        """Whether it says so on several lines."""
        return len(self.places) > 1 or "–" in self.places[0].lines  # noqa: RUF001 - the dash of a range


@dataclass(frozen=True)
class Line:
    """One line of a table: its thing, its cells by column, and its sources."""

    thing: NamedNode | None
    cells: Mapping[str, tuple[Cell, ...]]
    mentions: tuple[Mention, ...]


def is_shown(name: str) -> bool:
    """Return whether a column is shown as such: not evidence, and not the holders of another column."""
    return name not in EVIDENCE and not name.endswith(HOLDER)


def columns(table: Table, entity: NamedNode | None = None) -> tuple[str, ...]:
    """Return the columns that say something: not nothing, and not just the entity of the page."""
    return tuple(
        name for name in table.columns if is_shown(name) and {row.get(name) for row in table.rows} - {None, entity}
    )


def lines(tables: Sequence[Table], entity: NamedNode | None = None) -> list[tuple[Line, ...]]:
    """Return the lines of each of some tables; on the page of an entity with the sources that connect them to it."""
    rows = [row for table in tables for row in table.rows]
    said = (
        _said({row["thing"] for row in rows if isinstance(row.get("thing"), NamedNode) and "source" not in row}, entity)
        if entity
        else {}
    )
    terms = {term for row in rows for name, term in row.items() if is_shown(name)}
    cells = cells_of(terms)
    return [tuple(_lines(table, said, cells)) for table in tables]


def labels_of(terms: Iterable[Term]) -> dict[Term, str]:
    """Return the labels of those terms that have one."""
    things = [term for term in terms if isinstance(term, NamedNode)]
    return {row["thing"]: row["label"].value for row in ask("entity/labels", things=things).rows} if things else {}


def cells_of(terms: Iterable[Term]) -> dict[Term, Cell]:
    """Return terms as pages show them, with their labels."""
    found = list(terms)
    labels = labels_of(found)
    return {term: cell(term, labels.get(term)) for term in found}


def _said(things: set[Term], entity: NamedNode) -> dict[Term, list[Row]]:
    said: dict[Term, list[Row]] = defaultdict(list)
    for row in ask("entity/lines", things=things, entity=entity).rows if things else ():
        said[row["thing"]].append(row)
    return said


def _lines(table: Table, said: Mapping[Term, list[Row]], known: Mapping[Term, Cell]) -> Iterator[Line]:
    for rows in facts(table):
        thing = key if isinstance(key := rows[0].get("thing"), NamedNode) else None
        cells = {name: _cells(rows, name, known) for name in table.columns if is_shown(name)}
        own = rows if "source" in rows[0] else said.get(thing, []) if thing else []
        yield Line(thing, cells, tuple(mentions(own)))


def _cells(rows: Sequence[Row], name: str, known: Mapping[Term, Cell]) -> tuple[Cell, ...]:
    found = tuple(sorted((known[term] for term in _distinct(rows, name)), key=lambda cell: cell.words.casefold()))
    if len(found) == 1 and isinstance(holder := next(iter(_distinct(rows, name + HOLDER)), None), NamedNode):
        found = (replace(found[0], href=address(holder)),)
    return tuple(map(as_year, found)) if name.endswith("year") else found


def number(term: Term) -> int | float | None:
    """Return the number that a literal is, if it is one."""
    read = NUMBERS.get(term.datatype) if isinstance(term, Literal) else None
    try:
        found = read(term.value) if read else None
    except ValueError:
        return None
    return int(found) if isinstance(found, float) and found.is_integer() else found


def plain(line: Line) -> dict[str, Any]:
    """Return what a chart draws of a line: numbers as such, all else in words."""
    found = {}
    for column, cells in line.cells.items():
        if cells:
            first = number(cells[0].term)
            found[column] = ", ".join(cell.words for cell in cells) if first is None else first
    return found


def facts(table: Table) -> list[list[Row]]:
    """Return the rows by the fact that they state: a row for each of its sources and lines."""
    found: dict[Term | int, list[Row]] = defaultdict(list)
    for place, row in enumerate(table.rows):
        found[row.get("thing", place)].append(row)
    return list(found.values())


def _distinct(rows: Iterable[Row], name: str) -> list[Term]:
    return list(dict.fromkeys(row[name] for row in rows if name in row))


def _in_order(rows: Iterable[Row], name: str, labels: Mapping[Term, str]) -> list[Term]:
    """Return the values of a cell by name; sources and lines as they come, so that they stay side by side."""
    found = _distinct(rows, name)
    return found if name in EVIDENCE else sorted(found, key=lambda term: (labels.get(term) or term.value).casefold())


def as_csv(table: Table) -> bytes:
    """Return a table as CSV, a row for each fact; several values of a cell are separated by "; ".

    A column of things is followed by one of their IRIs; the last column has the addresses of the source lines.
    """
    table = _without_holders(table)
    labels = _labels(table)
    things = {name for name in table.columns for each in table.rows if isinstance(each.get(name), NamedNode)}
    header = [each for name in table.columns for each in ([name, f"{name}_iri"] if name in things else [name])]
    cited = "source" in things
    made = [tabular.row([*header, "source_line"] if cited else header)]
    for rows in facts(table):
        cells: list[str] = []
        for name in table.columns:
            terms = _in_order(rows, name, labels)
            cells.append("; ".join(labels.get(term) or term.value for term in terms))
            if name in things:
                cells.append(" ".join(term.value for term in terms if isinstance(term, NamedNode)))
        lines = " ".join(dict.fromkeys(filter(None, map(_cited, rows))))
        made.append(tabular.row([*cells, lines] if cited else cells))
    return "".join(made).encode()


def as_json(head: Mapping[str, Any], table: Table) -> bytes:
    """Return a table as JSON behind some words on it: an object for each fact, with a list of several values."""
    table = _without_holders(table)
    labels = _labels(table)
    rows = [
        {name: _values(terms, labels) for name in table.columns if (terms := _in_order(each, name, labels))}
        for each in facts(table)
    ]
    return json.dumps({**head, "columns": list(table.columns), "rows": rows}, ensure_ascii=False, indent=1).encode()


def _without_holders(table: Table) -> Table:
    return Table(tuple(name for name in table.columns if not name.endswith(HOLDER)), table.rows)


def _values(terms: Sequence[Term], labels: Mapping[Term, str]) -> Any:
    found = [_value(term, labels) for term in terms]
    return found[0] if len(found) == 1 else found


def _value(term: Term, labels: Mapping[Term, str]) -> Any:
    if isinstance(term, NamedNode):
        return {"iri": term.value, "label": labels.get(term) or words(term)}
    if term.datatype == XSD.boolean:
        return term.value == "true"
    found = number(term)
    return term.value if found is None else found


def _labels(table: Table) -> dict[Term, str]:
    return labels_of({term for each in table.rows for term in each.values()})


def _cited(found: Mapping[str, Term]) -> str:
    source, line = found.get("source"), found.get("line")
    if not (isinstance(source, NamedNode) and line):
        return ""
    return absolute(line_address(source, line.value))


def mentions(rows: Iterable[Row]) -> Iterator[Mention]:
    """Yield what each source says in rows of `source` and, where known, `line`, `printed` and `time`."""
    by_source: dict[NamedNode, list[Row]] = defaultdict(list)
    for row in rows:
        if isinstance(source := row.get("source"), NamedNode):
            by_source[source].append(row)
    sources = source_labels()
    for source in sorted(by_source, key=lambda each: each.value):
        found = by_source[source]
        lines = sorted(_each(found, "line"), key=first_line)
        times = {row["line"].value: row["time"].value for row in found if "line" in row and "time" in row}
        places = tuple(_place(source, line, times.get(line, "")) for line in lines)
        label = sources.get(source, SourceLabel(source.value))
        implied = label.by_line and not places
        yield Mention(label.label, address(source), places, _each(found, "printed"), implied)


def _place(source: NamedNode, line: str, time: str) -> Place:
    return Place(line.replace("-", "–"), line_address(source, line), time)  # noqa: RUF001 - the dash of a range


def merged(mentions: Iterable[Mention]) -> tuple[Mention, ...]:
    """Return the mentions of several things as one for each source, without the words as printed."""
    by_source: dict[str, list[Mention]] = defaultdict(list)
    for each in mentions:
        by_source[each.href].append(each)
    return tuple(
        Mention(
            found[0].name,
            href,
            tuple(
                sorted({place for each in found for place in each.places}, key=lambda place: first_line(place.lines))
            ),
            (),
            all(each.implied for each in found),
        )
        for href, found in by_source.items()
    )


def first_line(line: str) -> tuple[int, str]:
    """Return the sorting key of a line or a range of lines."""
    first = line.replace("–", "-").partition("-")[0]  # noqa: RUF001 - the dash of a range
    return (whole_number(first) or 0, line)


def _each(rows: Iterable[Row], column: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(row[column].value for row in rows if column in row))
