"""A source line by line: its statements, facts and claims, including those of this source only."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import current_app, g
from pyoxigraph import Literal, NamedNode

from graph.curated.documents import kept_text
from graph.settings import Settings
from graph.terms import Term
from server.display.asking import Row, ask, remembered
from server.display.tables import first_line, labels_of
from server.display.things import NAMES, YEARS
from server.display.words import Cell, address, as_year, cell, local, whole_number

LONGEST = 10_000  # lines of a mark
NOT_SHOWN = "[This line reports an allegation or a dispute, and is not shown.]"


@dataclass(frozen=True)
class Entry:
    """One thing that a source says on a line or some lines.

    A statement has a subject, a property and a value; a fact has a label, and an address if the resolved view holds it.
    """

    node: Term
    mark: str
    label: str
    href: str
    status: Cell | None
    about: Cell | None
    statement: tuple[Cell, ...]
    printed: tuple[str, ...]
    time: str
    quote: str


@dataclass(frozen=True)
class SourceLine:
    """A line of a source on which something begins to be said."""

    number: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Outline:
    """The lines and ranges of lines on which a source says something, page by page, and how much it says."""

    pages: tuple[tuple[str, ...], ...]
    count: int

    def page_of(self, line: int) -> int:
        """Return the number of the page on which a line stands, or the last line before it."""
        before = [number for number, marks in enumerate(self.pages, 1) if first_line(marks[0])[0] <= line]
        return before[-1] if before else 1


def shows_allegations() -> bool:
    """Return whether pages show reported allegations, disputes and speculation (CONVOCATION_ALLEGATIONS)."""
    settings: Settings = current_app.config["SETTINGS"]
    return settings.allegations == "yes"


def _marks(graph: NamedNode, *, contested: bool) -> tuple[Row, ...]:
    return ask("source/marks", graph=graph, contested=Literal(value=contested)).rows


@remembered
def outline(graph: NamedNode, size: int, *, contested: bool) -> Outline:
    """Return the outline of the graph of a source; a page ends with the line on which it has reached its size."""
    counts = {row["line"].value: int(row["count"].value) for row in _marks(graph, contested=contested)}
    pages: list[list[str]] = []
    for mark in sorted(counts, key=first_line):
        begun = first_line(mark)[0] == first_line(pages[-1][-1])[0] if pages else False
        if not pages or (sum(counts[each] for each in pages[-1]) >= size and not begun):
            pages.append([])
        pages[-1].append(mark)
    return Outline(tuple(map(tuple, pages)), sum(counts.values()))


def source_lines(graph: NamedNode, shown: Sequence[str]) -> list[SourceLine]:
    """Return what a source says on some lines."""
    things, contested = map(Literal, shown), Literal(value=shows_allegations())
    rows = ask("source/entries", things=things, graph=graph, contested=contested).rows if shown else ()
    labels = labels_of({term for row in rows for term in row.values()})
    by_number: dict[str, dict[Term, list[Row]]] = {mark.partition("-")[0]: defaultdict(list) for mark in shown}
    for row in rows:
        by_number[row["thing"].value.partition("-")[0]][row["node"]].append(row)
    return [
        SourceLine(number, tuple(sorted((_entry(each, labels) for each in found.values()), key=_order)))
        for number, found in by_number.items()
    ]


@dataclass(frozen=True)
class TextLine:
    """A line of the text of a document, and the first line of the statement that covers it, if any."""

    number: int
    text: str
    said_at: int | None


@dataclass(frozen=True)
class Text:
    """The lines of a document, and the numbers of those that are not blank and on which nothing is said."""

    lines: tuple[TextLine, ...]
    uncovered: tuple[int, ...]


@remembered
def text_of(checksum: str, graph: NamedNode, size: int, *, contested: bool) -> Text | None:
    """Return the text of a document by its checksum, if it was given to the build."""
    text = kept_text(g.served.version.folder, checksum)
    if text is None:
        return None
    marks = [numbers(mark) for page in outline(graph, size, contested=contested).pages for mark in page]
    begins = {number: mark[0] for mark in sorted(marks, key=len, reverse=True) for number in mark}
    claims = () if contested else ask("source/contested", graph=graph).rows
    hidden = {number for row in claims for number in numbers(row["line"].value)}
    lines = tuple(
        TextLine(n, NOT_SHOWN if n in hidden else line, begins.get(n))
        for n, line in enumerate(text.rstrip("\n").split("\n"), start=1)
    )
    return Text(lines, tuple(line.number for line in lines if line.text.strip() and not line.said_at))


def numbers(mark: str) -> range:
    """Return the numbers of the lines of a mark such as 13 or 13-15."""
    begin, _, end = mark.partition("-")
    first, last = whole_number(begin), whole_number(end or begin)
    return range(0) if first is None or last is None else range(first, min(last, first + LONGEST) + 1)


def _entry(rows: list[Row], labels: Mapping[Term, str]) -> Entry:
    def shown(name: str) -> Cell | None:
        term = rows[0].get(name)
        if name == "property" and isinstance(term, NamedNode):
            return cell(term, labels.get(term) or NAMES.get(term) or local(term))
        found = cell(term, labels.get(term)) if term is not None else None
        return as_year(found) if found and name == "value" and rows[0]["property"] in YEARS else found

    def text(name: str) -> str:
        return next((row[name].value for row in rows if name in row), "")

    return Entry(
        node=rows[0]["node"],
        mark=text("thing"),
        label=text("label"),
        href=address(NamedNode(text("node"))) if "known" in rows[0] else "",
        status=shown("status"),
        about=shown("about"),
        statement=tuple(found for name in ("subject", "property", "value") if (found := shown(name))),
        printed=tuple(dict.fromkeys(row["printed"].value for row in rows if "printed" in row)),
        time=text("time"),
        quote=text("quote"),
    )


def _order(entry: Entry) -> tuple[tuple[int, str], str, str]:
    return (first_line(entry.mark), entry.statement[0].words if entry.statement else entry.label, entry.href)
