"""Views in other vocabularies: CONSTRUCT queries of `queries/terms/`, each a page and a file of RDF."""

import re
from collections.abc import Mapping
from functools import partial

from flask import Blueprint, Response, g, render_template, url_for

from server.display.asking import graph
from server.formats import serialized
from server.http.caching import cached, tag_of
from server.http.errors import UnknownEntityError
from server.http.media import GRAPHS, Media
from server.views.catalog import FILES, Bound, View, view, views, written
from server.views.pages import address, asked

PREFIX = re.compile(r"PREFIX ([\w-]*): <([^>]+)>")
FORMS: Mapping[str, Media] = {each.suffix: each for each in GRAPHS}

bp = Blueprint("terms", __name__)


@bp.app_template_global("term_views")
def views_in_terms() -> list[View]:
    """Return the views in other vocabularies, in their order."""
    return list(views("terms").values())


@bp.get("/view/terms/<name>")
def page(name: str) -> str:
    """Show what a view gives, its form, its files and its query."""
    there = view(name, "terms")
    bound = asked(there)
    return render_template(
        "views/terms.html",
        view=there,
        vocabulary=there.query.header["vocabulary"],
        given=written(bound),
        query=there.text(bound),
        action=url_for("terms.page", name=name),
        link=partial(address, there, bound, blueprint="terms"),
        suffixes=(*FORMS, "rq"),
    )


@bp.get("/view/terms/<name>.<suffix>")
def file(name: str, suffix: str) -> Response:
    """Answer with the graph of a view in a serialization, or with its query."""
    there = view(name, "terms")
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
