"""The chart of a view, for its page and as a file."""

from typing import TYPE_CHECKING, Any

from flask import request

from graph.serialization.wellformed import replaced
from server.views import charts, figures, networks, theme

if TYPE_CHECKING:
    from server.views.pages import RenderedView, View

FORMS = ("svg", "png")


def width() -> int:
    """Return the width of a figure: a narrow one for phones where it is asked for."""
    return figures.NARROW if request.args.get("width") == "narrow" else figures.WIDE


def figure(view: "View", shown: "RenderedView") -> dict[str, Any] | None:
    """Return what a page shows of a view, or None where there is nothing to draw."""
    if view.chart is None or not shown.lines:
        return None
    if view.chart.kind == "network":
        return {"network": networks.network(view.chart, shown.lines)}
    made = figures.linked(charts.spec(view.chart, shown.values, view.summary))
    return {"live": {"spec": {**made, "config": theme.config()}, "dark": theme.DARK}}


def drawn(view: "View", shown: "RenderedView", form: str) -> bytes:
    """Return the chart of a view as an SVG or PNG file; without rows it says so."""
    assert view.chart is not None  # noqa: S101 - only such are asked for
    if not shown.lines:
        made = figures.empty("The view has no rows, so there is nothing to draw.")
    elif view.chart.kind == "network":
        made = networks.network(view.chart, shown.lines).svg()
    else:
        made = figures.svg(charts.spec(view.chart, shown.values, view.summary), width())
    made = replaced(made)
    return made.encode() if form == "svg" else figures.png(made)
