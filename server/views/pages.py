"""The pages of views and of their files: a chart, a table and a form each."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from flask import Blueprint, Response, current_app, g, render_template, request, url_for
from pyoxigraph import NamedNode
from werkzeug.wrappers import Response as Redirection

from graph.terms import expanded
from graph.vocabulary.ontology import superclasses
from server.display.amounts import RATIO, amount
from server.display.asking import ask, remembered
from server.display.listing import pointing
from server.display.tables import as_csv, as_json
from server.display.words import Cell
from server.formats import asked_page, exported
from server.http.caching import Cache, CachedAnswer, cached, tag_of
from server.http.errors import UnknownEntityError
from server.http.headers import EMBEDDED
from server.views import drawing, framing, theme
from server.views.catalog import FILES, Bound, View, shown, view, views, written
from server.views.choosing import choice, groups_asked
from server.views.parameters import AmbiguousError, ParameterError, terms, value

OF_THE_PAGE = {"page", "embed", "width", "bare", "view"}
PICTURED = ("attendance-by-year", "participants-per-country")  # on the home page

bp = Blueprint("views", __name__)


def asked(there: View) -> Bound:
    """Return the values of a view's parameters in the request; raise ParameterError if one is unknown or invalid."""
    known_names = [each.name for each in there.parameters]
    if unknown := sorted(set(request.args) - {*known_names, *OF_THE_PAGE}):
        there_are = f"it has {', '.join(known_names)}" if known_names else "it has none"
        raise ParameterError(f"The view {there.name} has no parameter {unknown[0]!r}; {there_are}.")
    return tuple(terms(there.parameters, request.args).items())


@bp.app_template_filter("percent")
def as_percent(cell: Cell) -> Cell:
    """Return a cell of a share as a percentage; any other cell as it is."""
    return replace(cell, words=amount(cell.term.value, RATIO)) if cell.is_number else cell


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
    return len(shown(there.name, bound).table.rows) > 1


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
        figure=drawing.figure(there, bound),
        about=framing.credit(there.title, there.summary, link(), rendered.lines),
        link=link,
        page_address=lambda number: link(page=number),
    )
    response = Response(text, mimetype="text/html")
    if embedded:
        response.headers["Content-Security-Policy"] = EMBEDDED
    return response


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
    return drawing.drawn(there, bound, suffix, about)
