"""The views there are: each query of `queries/views/`, with its chart, its parameters and its answers.

The header of a view gives its `title`, `summary` and `group`, its `chart`, and the type of each parameter.
`pictures: person` also shows the chart, titled `pictured`, on the page of every person with incoming links from a class
in `needs` (or, without `needs`, if the view returns more than one row). To add a view, add a file.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, Self

from graph.query import HEADER, Query, read_queries
from graph.terms import Term
from server.display.asking import QUERIES, Table, remembered, rows_of, solutions
from server.display.tables import Line, columns, lines, plain
from server.display.words import Cell
from server.formats import reference_formats
from server.http.errors import UnknownEntityError
from server.views import axes, charts
from server.views.parameters import Parameter, parameters, value

Bound = tuple[tuple[str, tuple[Term, ...]], ...]
FILES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "svg": "image/svg+xml",
    "png": "image/png",
    "rq": "application/sparql-query",
}
DRAWN = ("svg", "png")


@dataclass(frozen=True)
class View:
    """A query and how its answer is shown: the name in URLs, and the title, one sentence and group that lists show.

    `nothing` is a hint for an empty view, and `pictured` the title of its chart on the page of a thing.
    """

    query: Query
    name: str
    title: str
    summary: str
    group: str
    nothing: str
    pictured: str

    @classmethod
    def of(cls, query: Query) -> Self:
        """Return the view of a query, as its header says."""
        said = query.header
        title = said["title"]
        others = said["summary"], said["group"], said.get("nothing", ""), said.get("pictured", title)
        return cls(query, query.name, title, *others)

    @cached_property
    def chart(self) -> axes.Chart | None:
        """Its chart, if it has one."""
        return charts.read(self.query.header["chart"])

    @property
    def pictures(self) -> Parameter | None:
        """The parameter whose things it pictures on their pages, if it does."""
        return next((each for each in self.parameters if each.name == self.query.header.get("pictures")), None)

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """Its parameters."""
        return parameters(self.query)

    @property
    def files(self) -> list[str]:
        """The suffixes of its files; a view with a column of papers gives their references too."""
        own = [suffix for suffix in FILES if self.chart or suffix not in DRAWN]
        return [*own, *(each.media.suffix for each in reference_formats())] if self.has_papers else own

    @property
    def has_papers(self) -> bool:
        """Whether a column of it has papers."""
        return any(line.startswith("SELECT") and "?paper" in line.split() for line in self.query.text.splitlines())

    def text(self, bound: Bound) -> str:
        """Return the query with its parameters, as one would write it."""
        text = HEADER.sub("", self.query.bind(**dict(bound))).strip()
        return re.sub(r"\n\s*\n", "\n", text) + "\n"


@dataclass(frozen=True)
class RenderedView:
    """The answer to a view: its columns, its lines, and each row as plain values."""

    table: Table
    columns: tuple[str, ...]
    lines: tuple[Line, ...]

    @cached_property
    def numeric(self) -> tuple[str, ...]:
        """The columns of numbers."""
        return tuple(name for name in self.columns if any(cell.is_number for cell in self._first(name)))

    @property
    def number(self) -> str:
        """The column of the number that a line is about, which leads to the thing that holds it; nothing without."""
        return next(iter(self.numeric), "")

    @classmethod
    def of(cls, table: Table) -> Self:
        """Return an answer as it is shown."""
        return cls(table, columns(table), lines([table])[0])

    def _first(self, column: str) -> tuple[Cell, ...]:
        return next((line.cells[column] for line in self.lines if line.cells[column]), ())

    @property
    def values(self) -> list[dict[str, Any]]:
        """The values of the chart: each line by column."""
        return [plain(line) for line in self.lines]


@cache
def views(folder: str = "views") -> Mapping[str, View]:
    """Return the views of a folder of queries by name, in their order."""
    return {query.name: View.of(query) for query in read_queries(QUERIES / folder)}


def view(name: str, folder: str = "views") -> View:
    """Return a view; raise UnknownEntityError if there is none of that name."""
    if name not in views(folder):
        words = name.replace("-", " ")
        raise UnknownEntityError(f"There is no view {name!r}; /views lists those that there are.", words)
    return views(folder)[name]


@remembered
def shown(name: str, bound: Bound) -> RenderedView:
    """Return the answer to a view with some values of its parameters."""
    return RenderedView.of(rows_of(solutions(view(name).query.bind(**dict(bound)))))


def written(bound: Bound) -> dict[str, list[str]]:
    """Return the values of parameters as they are written in addresses and forms."""
    return {name: [value(term) for term in values] for name, values in bound}
