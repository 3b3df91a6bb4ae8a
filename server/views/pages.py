"""Views: each query in `queries/views/` is a page with its chart, table and parameters, and a file of each form.

The header of a view gives its `title`, `summary` and `group`, its `chart`, and the type of each parameter.
`pictures: person` also shows the chart, titled `pictured`, on the page of every person with incoming links from a class
in `needs` (or, without `needs`, if the view returns more than one row). To add a view, add a file.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, partial
from typing import Any, Self

from flask import Blueprint, Response, current_app, g, render_template, request, url_for
from pyoxigraph import NamedNode
from werkzeug.wrappers import Response as Redirection

from graph.query import HEADER, Query, read_queries
from graph.terms import Term, expanded
from graph.vocabulary.ontology import superclasses
from server.display.asking import QUERIES, Table, ask, remembered, rows_of, solutions
from server.display.listing import pointing
from server.display.tables import Line, as_csv, as_json, columns, lines, plain
from server.display.words import Cell, as_percent
from server.formats import asked_page, exported, reference_formats
from server.http.caching import Cache, CachedAnswer, cached, tag_of
from server.http.errors import UnknownEntityError
from server.http.headers import EMBEDDED
from server.views import axes, charts, drawing, framing, theme
from server.views.choosing import choice, groups_asked
from server.views.parameters import AmbiguousError, Parameter, ParameterError, parameters, terms, value

OF_THE_PAGE = {"page", "embed", "width", "bare", "view"}
Bound = tuple[tuple[str, tuple[Term, ...]], ...]

PICTURED = ("attendance-by-year", "participants-per-country")  # on the home page

bp = Blueprint("views", __name__)


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
        own = [suffix for suffix in FILES if self.chart or suffix not in drawing.FORMS]
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


def asked(there: View) -> Bound:
    """Return the values of a view's parameters in the request; raise ParameterError if one is unknown or invalid."""
    known_names = [each.name for each in there.parameters]
    if unknown := sorted(set(request.args) - {*known_names, *OF_THE_PAGE}):
        there_are = f"it has {', '.join(known_names)}" if known_names else "it has none"
        raise ParameterError(f"The view {there.name} has no parameter {unknown[0]!r}; {there_are}.")
    return tuple(terms(there.parameters, request.args).items())


@remembered
def shown(name: str, bound: Bound) -> RenderedView:
    """Return the answer to a view with some values of its parameters."""
    return RenderedView.of(rows_of(solutions(view(name).query.bind(**dict(bound)))))


bp.app_template_filter("percent")(as_percent)


@bp.app_template_global()
def pictured() -> list[View]:
    """Return the views whose charts the home page shows."""
    return [view(name) for name in PICTURED]


def picturing(thing: NamedNode, kinds: Iterable[NamedNode]) -> Iterator[tuple[View, dict[str, str]]]:
    """Yield the views whose charts appear on the page of a thing, with the parameter value."""
    there = {kind for each in pointing(thing, 0) for kind in superclasses(each.kind)}
    for each in views().values():
        named = each.pictures
        if not named or named.type not in kinds or (each.nothing and not papers_listed()):
            continue
        bound = ((named.name, (thing,)),)
        if expanded(needed) in there if (needed := each.query.header.get("needs")) else drawn(each, bound):
            yield each, {named.name: value(thing)}


@remembered
def papers_listed() -> bool:
    """Return whether the papers of any edition are listed, without which views over papers show nothing."""
    return bool(ask("parameters/listed").rows)


@remembered
def drawn(there: View, bound: Bound) -> bool:
    """Return whether a view shows more than one thing, so that its chart is worth a look."""
    return len(rows_of(solutions(there.query.bind(**dict(bound)))).rows) > 1


@bp.get("/views")
def index() -> str:
    """List the views by group."""
    groups: dict[str, list[View]] = defaultdict(list)
    for each in views().values():
        groups[each.group].append(each)
    return render_template("views/index.html", groups=groups)


@bp.get("/view/<name>")
def page(name: str) -> Response | Redirection:
    """Show a view, or for a page of others its chart and its table alone (`?embed`)."""
    there = view(name)
    try:
        bound = asked(there)
    except AmbiguousError as error:
        return choice(there.name, there.title, error)
    rendered = shown(name, bound)
    part = asked_page(len(rendered.lines))
    grouped = groups_asked(there.parameters)
    link = partial(address, there, bound, **grouped)
    embedded = "embed" in request.args
    text = render_template(
        "views/embedded.html" if embedded else "views/view.html",
        view=there,
        shown=rendered,
        lines=rendered.lines[part.start : part.start + part.size],
        page=part.number,
        last=part.last(len(rendered.lines)),
        given={**written(bound), **grouped},
        query=there.text(bound),
        figure=drawing.figure(there, rendered),
        about=framing.credit(there.title, there.summary, link(), rendered.lines),
        link=link,
        page_address=lambda number: link(page=number),
    )
    response = Response(text, mimetype="text/html")
    if embedded:
        response.headers["Content-Security-Policy"] = EMBEDDED
    return response


def written(bound: Bound) -> dict[str, list[str]]:
    """Return the values of parameters as they are written in addresses and forms."""
    return {name: [value(term) for term in values] for name, values in bound}


def address(there: View, bound: Bound, suffix: str | None = None, *, blueprint: str = "views", **more: Any) -> str:
    """Return the stable address of a view with its parameters, or of a file of it."""
    given: dict[str, Any] = {**written(bound), **more}
    if suffix:
        return url_for(f"{blueprint}.file", name=there.name, suffix=suffix, **given)
    return url_for(f"{blueprint}.page", name=there.name, **given)


@bp.get("/view/<name>.csl.json")
def csl(name: str) -> Response:
    """Answer with the papers of a view as CSL-JSON."""
    return file(name, "csl.json")


@bp.get("/view/<name>.<suffix>")
def file(name: str, suffix: str) -> Response:
    """Answer with a view as CSV, JSON, SVG, PNG, with the references of its papers, or with its query."""
    there = view(name)
    bound = asked(there)
    if suffix not in there.files:
        raise UnknownEntityError(f"The view {name} is not served as {suffix!r}; there are {', '.join(there.files)}.")
    if suffix not in FILES:
        rows = shown(name, bound).table.rows
        papers = dict.fromkeys(each for row in rows if isinstance(each := row.get("paper"), NamedNode))
        return exported([*papers], suffix, name)
    version = g.served.version
    tag = tag_of(version.number, version.built, name, suffix, bound, drawing.width(), drawing.is_bare())
    return cached(tag, partial(_file, there, bound, suffix, tag))


def _file(there: View, bound: Bound, suffix: str, tag: str) -> Response:
    cache_: Cache = current_app.config["CACHE"]
    kept = cache_.get(tag)
    if kept is None:
        kept = CachedAnswer(is_graph=False, body=_written(there, bound, suffix), rows=None)
        cache_.put(tag, kept)
    response = Response(kept.body, content_type=FILES[suffix])
    if suffix == "svg":
        response.headers["Content-Security-Policy"] = theme.policy()
    return response


FILES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "svg": "image/svg+xml",
    "png": "image/png",
    "rq": "application/sparql-query",
}


def _written(there: View, bound: Bound, suffix: str) -> bytes:
    if suffix == "rq":
        return there.text(bound).encode()
    rendered = shown(there.name, bound)
    if suffix == "csv":
        return as_csv(rendered.table)
    if suffix == "json":
        head = {"view": there.name, "title": there.title, "summary": there.summary, "parameters": written(bound)}
        return as_json(head, rendered.table)
    about = framing.credit(there.title, there.summary, address(there, bound), rendered.lines)
    return drawing.drawn(there, rendered, suffix, about)
