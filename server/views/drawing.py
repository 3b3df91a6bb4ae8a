"""The chart of a view: drawn into its page, as a picture for narrow pages and pages of things, and as a file."""

import re
from dataclasses import dataclass
from html import escape
from typing import Any

from flask import request
from markupsafe import Markup

from graph.serialization.wellformed import replaced
from server.display.asking import remembered
from server.views import charts, figures, framing, networks, theme
from server.views.catalog import Bound, View, shown, view
from server.views.framing import Credit

LABEL = re.compile(r'aria-label="(?P<words>[^"]*)"')
MARKED = re.compile(r'<(?P<mark>path|rect)(?P<before>[^>]*?) aria-label="(?P<words>[^"]*)"(?P<after>[^>]*)/>')


def width() -> int:
    """Return the width of a figure: a narrow one for phones where it is asked for."""
    return figures.NARROW if request.args.get("width") == "narrow" else figures.WIDE


def is_bare() -> bool:
    """Return whether a chart is asked for without its frame, as pages that write title and sources themselves do."""
    return "bare" in request.args


def figure(there: View, bound: Bound) -> dict[str, Any] | None:
    """Return what a page shows of a view, or None where there is nothing to draw.

    A network, a sentence in place of a chart, or a chart for wide pages with the size of the one for narrow pages.
    """
    rendered = shown(there.name, bound)
    if there.chart is None or not rendered.lines:
        return None
    if there.chart.kind == "network":
        return {"network": network(there.name, bound)}
    if words := charts.nothing_to_draw(there.chart, rendered.values):
        return {"words": words}
    wide, narrow = (plotted(there.name, bound, each) for each in (figures.WIDE, figures.NARROW))
    return {"inline": inline(wide.svg), "narrow": figures.size(narrow.svg), "note": wide.note}


@remembered
def network(name: str, bound: Bound) -> networks.Network:
    """Return the network of a view, whose places take seconds to find."""
    chart = view(name).chart
    assert chart is not None  # noqa: S101 - only such are drawn
    return networks.network(chart, shown(name, bound).lines)


@dataclass(frozen=True)
class Plot:
    """A chart as SVG in the colors for light surroundings, and a note if it leaves some rows out."""

    svg: str
    note: str


@remembered
def plotted(name: str, bound: Bound, pixels: int) -> Plot:
    """Return the chart of a view, of a width in pixels."""
    there = view(name)
    assert there.chart is not None  # noqa: S101 - only such are drawn
    spec = charts.spec(there.chart, shown(name, bound).values, there.summary, pixels)
    drawn = LABEL.sub(_said, replaced(figures.plain(spec, pixels)))
    return Plot(drawn, spec.get("usermeta", {}).get("note", ""))


def _said(found: re.Match[str]) -> str:
    """Return the label of a mark without the columns that its row does not have, and without its place in a column."""
    parts = found["words"].split("; ")
    kept = (each for each in parts if not each.endswith(": undefined") and not each.startswith(f"{charts.PART}: "))
    return f'aria-label="{"; ".join(kept)}"'


def inline(drawn: str) -> Markup:
    """Return a chart as a part of a page: in the colors of the page, and its marks say on hover what they stand for."""
    text = figures.STYLE.sub("", drawn)
    names = {color: f"var(--{name})" for name, color in theme.LIGHT.items()}
    text = re.sub(
        r'(fill|stroke)="(#[0-9a-f]{6})"', lambda found: f'{found[1]}="{names.get(found[2], found[2])}"', text
    )
    text = MARKED.sub(_titled, text)
    return Markup(text[text.index("<svg") :])  # noqa: S704 - made by Vega, which escapes what it is given


def _titled(found: re.Match[str]) -> str:
    return '<{mark}{before} aria-label="{words}"{after}><title>{words}</title></{mark}>'.format(**found.groupdict())


def drawn(there: View, bound: Bound, form: str, about: Credit) -> bytes:
    """Return the chart of a view as an SVG or PNG file; where there is nothing to draw it says so."""
    assert there.chart is not None  # noqa: S101 - only such are asked for
    rendered = shown(there.name, bound)
    words = "" if rendered.lines else "The view has no rows, so there is nothing to draw."
    if words := words or charts.nothing_to_draw(there.chart, rendered.values):
        made = figures.empty(escape(words))
    elif there.chart.kind == "network":
        made = network(there.name, bound).svg()
    else:
        made = plotted(there.name, bound, width()).svg
    made = figures.styled(made if is_bare() else framing.framed(made, about))
    return made.encode() if form == "svg" else figures.png(made)
