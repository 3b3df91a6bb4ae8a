"""The rows of a table as files: CSV (RFC 4180) and JSON, in which a thing has its label and its IRI."""

import json
from collections.abc import Mapping
from typing import Any

from pyoxigraph import Literal, NamedNode

from graph.serialization.tabular import row
from graph.terms import XSD, Term
from server.display.asking import Table
from server.display.tables import Line, labels_of
from server.display.words import line_address, words
from server.http.prefix import absolute

NUMBERS = {XSD.integer: int, XSD.decimal: float, XSD.double: float}


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


def as_csv(table: Table) -> bytes:
    """Return a table as CSV; behind a column of things stands one of their IRIs, at the end the address of the line."""
    labels = _labels(table)
    things = {name for name in table.columns for each in table.rows if isinstance(each.get(name), NamedNode)}
    header = [each for name in table.columns for each in ([name, f"{name}_iri"] if name in things else [name])]
    cited = "source" in things
    made = [row([*header, "source_line"] if cited else header)]
    for found in table.rows:
        cells: list[str] = []
        for name in table.columns:
            term = found.get(name)
            cells.append("" if term is None else labels.get(term) or term.value)
            if name in things:
                cells.append(term.value if isinstance(term, NamedNode) else "")
        made.append(row([*cells, _cited(found)] if cited else cells))
    return "".join(made).encode()


def as_json(head: Mapping[str, Any], table: Table) -> bytes:
    """Return a table as JSON behind some words on it."""
    labels = _labels(table)
    rows = [{name: _value(term, labels) for name, term in each.items()} for each in table.rows]
    return json.dumps({**head, "columns": list(table.columns), "rows": rows}, ensure_ascii=False, indent=1).encode()


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
