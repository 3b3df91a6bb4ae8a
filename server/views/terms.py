"""The graph in terms of other vocabularies: CONSTRUCT queries of `queries/terms/`, each a page and a file of RDF."""

import re
from collections.abc import Mapping
from functools import cache, partial
from typing import Any

from flask import Blueprint, Response, g, render_template, url_for

from graph.query import read_queries
from server.display.asking import QUERIES, graph
from server.formats import serialized
from server.http.caching import cached, tag_of
from server.http.errors import UnknownEntityError
from server.http.media import GRAPHS, Media
from server.views.pages import FILES, Bound, View, asked
from server.views.parameters import value

PREFIX = re.compile(r"PREFIX ([\w-]*): <([^>]+)>")
FORMS: Mapping[str, Media] = {each.suffix: each for each in GRAPHS}

bp = Blueprint("terms", __name__)


@bp.app_template_global("term_views")
def views_in_terms() -> list[View]:
    """Return the views in terms of other vocabularies, in their order."""
    return list(_views().values())


@cache
def _views() -> Mapping[str, View]:
    return {query.name: View.of(query) for query in read_queries(QUERIES / "terms")}


@bp.get("/view/terms/<name>")
def page(name: str) -> str:
    """Show what a view gives, its form, its files and its query."""
    there = _view(name)
    bound = asked(there)
    return render_template(
        "views/terms.html",
        view=there,
        vocabulary=there.query.header["vocabulary"],
        given=_given(bound),
        query=there.text(bound),
        action=url_for("terms.page", name=name),
        link=partial(_address, there, bound),
        suffixes=(*FORMS, "rq"),
    )


@bp.get("/view/terms/<name>.<suffix>")
def file(name: str, suffix: str) -> Response:
    """Answer with the graph of a view in a serialization, or with its query."""
    there = _view(name)
    bound = asked(there)
    if suffix == "rq":
        return Response(there.text(bound), content_type=FILES[suffix])
    if suffix not in FORMS:
        raise UnknownEntityError(f"The view {name} is not served as {suffix!r}; there are {', '.join(FORMS)}, rq.")
    version = g.served.version
    tag = tag_of(version.number, version.built, "terms", name, suffix, bound)
    return cached(tag, lambda: _written(there, bound, FORMS[suffix]))


def _written(there: View, bound: Bound, form: Media) -> Response:
    text = there.query.bind(**dict(bound))
    return serialized(dict.fromkeys(graph(text)), form, dict(PREFIX.findall(text)))


def _view(name: str) -> View:
    if name not in _views():
        raise UnknownEntityError(f"There is no view {name!r} in terms of others; /views lists those that there are.")
    return _views()[name]


def _given(bound: Bound) -> dict[str, list[str]]:
    return {name: [value(term) for term in values] for name, values in bound}


def _address(there: View, bound: Bound, suffix: str) -> str:
    given: dict[str, Any] = _given(bound)
    return url_for("terms.file", name=there.name, suffix=suffix, **given)
