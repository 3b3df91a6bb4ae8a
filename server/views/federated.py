"""Federated views: questions to this graph and another endpoint at once, each a file of `queries/federated/`.

An endpoint is asked only if `CONVOCATION_SERVICES` lists it, and only when a reader sends the form, so that no visitor
and no crawler asks it by the way. Nothing of an answer is kept.
"""

from functools import partial

from flask import Blueprint, Response, current_app, render_template, request, url_for

from graph.policy import look
from graph.settings import Settings
from server.display.asking import elsewhere, rows_of
from server.display.tables import as_csv, as_json
from server.http.errors import UnknownEntityError
from server.views.catalog import FILES, Bound, RenderedView, View, view, views, written
from server.views.pages import address, asked

SUFFIXES = ("csv", "json", "rq")

bp = Blueprint("federated", __name__)


@bp.app_template_global("federated_views")
def federated() -> list[View]:
    """Return the federated views in their order."""
    return list(views("federated").values())


def endpoints(there: View) -> tuple[str, ...]:
    """Return the endpoints that a view asks."""
    return tuple(dict.fromkeys(call.iri for call in look(there.query.text).targets))


@bp.get("/view/elsewhere/<name>")
def page(name: str) -> str:
    """Show a federated view: its form, and its answer where the form was sent and all its endpoints may be asked."""
    there = view(name, "federated")
    bound, missing = asked(there), _missing(there)
    rendered = _shown(there, bound) if request.args and not missing else None
    return render_template(
        "views/federated.html",
        view=there,
        endpoints=endpoints(there),
        missing=missing,
        shown=rendered,
        lines=rendered.lines if rendered else (),
        given=written(bound),
        query=there.text(bound),
        action=url_for("federated.page", name=name),
        link=partial(address, there, bound, blueprint="federated"),
        suffixes=SUFFIXES,
    )


@bp.get("/view/elsewhere/<name>.<suffix>")
def file(name: str, suffix: str) -> Response:
    """Answer with a federated view as CSV or JSON, or with its query; raise RefusedError if it may not ask."""
    there = view(name, "federated")
    bound = asked(there)
    if suffix not in SUFFIXES:
        raise UnknownEntityError(f"The view {name} is not served as {suffix!r}; there are {', '.join(SUFFIXES)}.")
    if suffix == "rq":
        return Response(there.text(bound), content_type=FILES[suffix])
    table = _shown(there, bound).table
    head = {"view": name, "title": there.title, "summary": there.summary, "parameters": written(bound)}
    answer = Response(as_csv(table) if suffix == "csv" else as_json(head, table), content_type=FILES[suffix])
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _missing(there: View) -> tuple[str, ...]:
    """Return the endpoints of a view that may not be asked."""
    settings: Settings = current_app.config["SETTINGS"]
    return tuple(each for each in endpoints(there) if each not in settings.services.split())


def _shown(there: View, bound: Bound) -> RenderedView:
    return RenderedView.of(rows_of(elsewhere(there.query.bind(**dict(bound)))))
