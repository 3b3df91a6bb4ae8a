"""The chart of a view: drawn into its page, as a picture for narrow pages and pages of things, and as a file."""

import re
from html import escape
from typing import TYPE_CHECKING, Any

from flask import request
from markupsafe import Markup

from graph.serialization.wellformed import replaced
from server.display.asking import remembered
from server.views import charts, figures, framing, networks, theme

if TYPE_CHECKING:
    from server.views.framing import Credit
    from server.views.pages import RenderedView, View

FORMS = ("svg", "png")
MARKED = re.compile(r'<(?P<mark>path|rect)(?P<before>[^>]*?) aria-label="(?P<words>[^"]*)"(?P<after>[^>]*)/>')
LABEL = re.compile(r'aria-label="(?P<words>[^"]*)"')
SHIFT = re.compile(r' style="[^"]*"')


def width() -> int:
    """Return the width of a figure: a narrow one for phones where it is asked for."""
    return figures.NARROW if request.args.get("width") == "narrow" else figures.WIDE


def is_bare() -> bool:
    """Return whether a chart is asked for without its frame, as pages that write title and sources themselves do."""
    return "bare" in request.args


def figure(view: "View", shown: "RenderedView") -> dict[str, Any] | None:
    """Return what a page shows of a view, or None where there is nothing to draw."""
    if view.chart is None or not shown.lines:
        return None
    if view.chart.kind == "network":
        return {"network": networks.network(view.chart, shown.lines)}
    if words := charts.nothing_to_draw(view.chart, shown.values):
        return {"words": words}
    drawn = {each: plotted(Plotting(view, shown), each) for each in (figures.WIDE, figures.NARROW)}
    spec = charts.spec(view.chart, shown.values, view.summary, figures.WIDE)
    wide, narrow = (figures.size(each) for each in drawn.values())
    note = spec.get("usermeta", {}).get("note", "")
    return {"inline": inline(drawn[figures.WIDE]), "wide": wide, "narrow": narrow, "note": note}


class Plotting:
    """A view and its answer, equal to any other of the same view and rows, so that charts are drawn once."""

    def __init__(self, view: "View", shown: "RenderedView") -> None:
        self.view, self.shown = view, shown

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Plotting) and (self.view.name, self.shown.table) == (
            other.view.name,
            other.shown.table,
        )

    def __hash__(self) -> int:
        return hash((self.view.name, len(self.shown.lines)))


@remembered
def plotted(given: Plotting, pixels: int) -> str:
    """Return a chart as SVG in the colors for light surroundings."""
    assert given.view.chart is not None  # noqa: S101 - only such are drawn
    spec = charts.spec(given.view.chart, given.shown.values, given.view.summary, pixels)
    return LABEL.sub(_said, replaced(figures.plain(spec, pixels)))


def _said(found: re.Match[str]) -> str:
    """Return the label of a mark without the columns that its row does not have, and without its place in a column."""
    parts = found["words"].split("; ")
    kept = (each for each in parts if not each.endswith(": undefined") and not each.startswith(f"{charts.PART}: "))
    return f'aria-label="{"; ".join(kept)}"'


def inline(drawn: str) -> Markup:
    """Return a chart as a part of a page: in the colors of the page, and its marks say on hover what they stand for."""
    text = SHIFT.sub("", drawn)
    names = {color: f"var(--{name})" for name, color in theme.LIGHT.items()}
    text = re.sub(
        r'(fill|stroke)="(#[0-9a-f]{6})"', lambda found: f'{found[1]}="{names.get(found[2], found[2])}"', text
    )
    text = MARKED.sub(_titled, text)
    return Markup(text[text.index("<svg") :])  # noqa: S704 - made by Vega, which escapes what it is given


def _titled(found: re.Match[str]) -> str:
    return '<{mark}{before} aria-label="{words}"{after}><title>{words}</title></{mark}>'.format(**found.groupdict())


def drawn(view: "View", shown: "RenderedView", form: str, about: "Credit") -> bytes:
    """Return the chart of a view as an SVG or PNG file; where there is nothing to draw it says so."""
    assert view.chart is not None  # noqa: S101 - only such are asked for
    words = "The view has no rows, so there is nothing to draw." if not shown.lines else ""
    if view.chart.kind == "network" and not words:
        made = networks.network(view.chart, shown.lines).svg()
    elif words := words or charts.nothing_to_draw(view.chart, shown.values):
        made = figures.empty(escape(words))
    else:
        made = plotted(Plotting(view, shown), width())
    made = figures.styled(made if is_bare() else framing.framed(made, about))
    return made.encode() if form == "svg" else figures.png(made)
