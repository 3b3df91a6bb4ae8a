"""The home page and the list of sources, and the context of every template."""

from typing import Any

from flask import Blueprint, Response, g, render_template
from flask.blueprints import BlueprintSetupState

from graph.curated.form import schema_text
from server.display.asking import ask, remembered
from server.display.tables import columns, lines
from server.display.words import address, days, hour, local, short, weekday, zone
from server.pages import overview

bp = Blueprint("pages", __name__)
bp.add_app_template_filter(address)
bp.add_app_template_filter(short)
bp.add_app_template_filter(local)
for function in (days, hour, weekday, zone):
    bp.add_app_template_global(function)


@bp.record_once
def _tidy(state: BlueprintSetupState) -> None:
    state.app.jinja_env.trim_blocks = True
    state.app.jinja_env.lstrip_blocks = True


@bp.app_context_processor
def every_page() -> dict[str, Any]:
    """Return the context of every page: the served version, if there is one."""
    return {"served": g.get("served")}


@bp.get("/")
def home() -> str:
    """Show the graph in numbers, its editions, and differences between sources."""
    return render_template(
        "home.html",
        counts=overview.counts(),
        series=overview.series(),
        differences=overview.differences("home/numbers") + overview.differences("home/resolutions"),
        sources=table_of("home/sources"),
    )


@bp.get("/sources")
def sources() -> str:
    """Show the sources and the reviewed decisions on names."""
    return render_template("sources.html", sources=table_of("home/sources"), decisions=table_of("home/decisions"))


@remembered
def table_of(query: str) -> dict[str, Any]:
    """Return the columns and lines of the answer to a query."""
    table = ask(query)
    return {"columns": columns(table), "lines": lines([table])[0]}


@bp.get("/schema/curated.json")
def schema() -> Response:
    """Answer with the JSON Schema of curated files."""
    return Response(schema_text(), mimetype="application/schema+json")
