"""Charts side by side: of each group of bars, and of each name where a chart would need more than seven colors."""

from collections import Counter
from dataclasses import dataclass
from typing import Any, Self

from server.views.axes import (
    LETTER,
    SERIES,
    Chart,
    Spec,
    Values,
    across,
    bars_of,
    colored,
    distinct,
    escaped,
    ticks,
    tips,
    title,
    written,
)

HEIGHT, SMALL = 280, 110
MOST = 24  # charts side by side
PAIRS, TRIPLES = 2, 3  # on a line: those with names beside them, and those with numbers
WIDE = 600  # pixels, from which on three charts fit side by side
AXIS = 64  # pixels of the numbers beside a chart
BESIDE = 150  # pixels of names beside horizontal bars
SPACE = 10  # pixels between groups
NARROWEST, WIDEST = 10, 54  # pixels of a column
ROW = 15  # pixels of a horizontal bar
BOLD = {"labelFontSize": 12, "labelFontWeight": 600, "labelAnchor": "start", "labelLimit": 220, "title": None}


def grouped(chart: Chart, values: Values, width: int) -> Spec:
    """Return bars grouped by `x`, each group as wide as its bars; lying down where they would be too thin."""
    if len(distinct(values, chart.column("color"))) > SERIES:
        return _ranked(chart, values, width)
    groups = len(distinct(values, chart.column("x")))
    step = min(WIDEST, (width - AXIS - SPACE * groups) // max(1, len(values)))
    return _upright(chart, values, width, step) if step >= NARROWEST else _lying(chart, values, width)


def _upright(chart: Chart, values: Values, width: int, step: int) -> Spec:
    names = [str(each) for each in distinct(values, chart.column("x"))]
    room = step * min(Counter(row.get(chart.column("x")) for row in values).values()) + SPACE
    header: Spec = {"orient": "bottom", "title": None, "labelOrient": "bottom", "labelFontSize": 12}
    if LETTER * max(map(len, names)) > room:
        header |= {"labelAngle": -35, "labelAlign": "right", "labelLimit": 150}
    inner = {
        "x": {**_by_color(chart, values), "axis": None},
        "y": _amount(chart, "y", values),
        **colored(chart, values, width),
    }
    layers = [bars_of(chart, values), written(chart, "y", dy=-7, **({"fontSize": 10} if step < 2 * SPACE + 14 else {}))]
    return {
        "facet": {"column": chart.encoding("x", "nominal", header=header, sort="ascending", title=None)},
        "spacing": SPACE,
        "spec": {"width": {"step": step}, "height": HEIGHT, "encoding": inner, "layer": layers},
        "resolve": {"scale": {"x": "independent"}},
    }


def _lying(chart: Chart, values: Values, width: int) -> Spec:
    header = {"orient": "left", "labelAngle": 0, "labelAlign": "left", "labelLimit": BESIDE - 20, "title": None}
    inner = {
        "y": {**_by_color(chart, values), "axis": None},
        "x": _amount(chart, "y", values),
        **colored(chart, values, width),
    }
    layers = [bars_of(chart, values), written(chart, "y", align="left", dx=4)]
    return {
        "facet": {"row": chart.encoding("x", "nominal", header=header, sort="ascending", title=None)},
        "spacing": SPACE // 2,
        "spec": {"width": width - BESIDE - AXIS, "height": {"step": ROW}, "encoding": inner, "layer": layers},
        "resolve": {"scale": {"y": "independent"}},
    }


def _ranked(chart: Chart, values: Values, width: int) -> Spec:
    """Return a chart for each of the names of `x`, with a bar for each color; each has numbers of its own size."""
    panels = Panels.of(chart, "x", "", values, PAIRS)
    y = {**_by_color(chart, panels.values), "axis": {"title": None, "labelLimit": 110, "ticks": False}}
    x = {**_amount(chart, "y", panels.values), "axis": None}
    layers = [bars_of(chart, panels.values), written(chart, "y", align="left", dx=4)]
    made = panels.beside({"height": {"step": ROW}, "encoding": {"y": y, "x": x}, "layer": layers}, width)
    return made | {"resolve": {"scale": {"x": "independent", "y": "independent"}}}


def lines(chart: Chart, values: Values, width: int) -> Spec:
    """Return a chart of lines for each color, on the same axes."""
    return _by_year(chart, values, width, {"type": "line", "point": {"size": 25}})


def columns(chart: Chart, values: Values, width: int) -> Spec:
    """Return a chart of columns for each color, on the same axes."""
    return _by_year(chart, values, width, {"type": "bar", "cornerRadiusEnd": 2})


def _by_year(chart: Chart, values: Values, width: int, mark: Spec) -> Spec:
    panels = Panels.of(chart, "color", chart.column("y"), values, TRIPLES)
    encoding: Spec = {"x": across(chart, panels.values, width // TRIPLES), "y": _amount(chart, "y", panels.values)}
    encoding["tooltip"] = tips(chart, panels.values)
    return panels.beside({"height": SMALL, "mark": mark, "encoding": encoding}, width)


def grids(chart: Chart, values: Values, width: int) -> Spec:
    """Return a grid of dots for each color, on the same axes."""
    panels = Panels.of(chart, "color", "", values, PAIRS)
    y = chart.encoding("y", "nominal", axis={"title": None, "labelLimit": BESIDE, "grid": True})
    encoding = {"x": across(chart, panels.values, width // PAIRS), "y": y, "tooltip": tips(chart, panels.values)}
    mark = {"type": "circle", "size": 60}
    return panels.beside({"height": {"step": ROW + 3}, "mark": mark, "encoding": encoding}, width)


@dataclass(frozen=True)
class Panels:
    """Charts side by side, one for each name of a channel: their rows, how many are in a row, and a note."""

    facet: Spec
    values: Values
    most: int
    note: str

    @classmethod
    def of(cls, chart: Chart, channel: str, amount: str, values: Values, most: int) -> Self:
        """Return the charts of the names with the largest sums of a column, or else those named most often."""
        column = chart.column(channel)
        sums: Counter[Any] = Counter()
        for row in values:
            number = row.get(amount) if amount else 1
            sums[row.get(column)] += number if isinstance(number, int | float) else 0  # type: ignore[assignment]
        order = {name: place for place, (name, _) in enumerate(sums.most_common(MOST))}
        note = ""
        if len(sums) > MOST:
            kept = [row for row in values if row.get(column) in order]
            values = sorted(kept, key=lambda row: order[row.get(column)])
            words = f"with the most {title(amount)}" if amount else "named most"
            note = f"Drawn are the {MOST} of {len(sums)} {words}; the table has all."
        facet = chart.encoding(channel, "nominal", sort=distinct(values, column), header=BOLD)
        return cls({**facet, "title": None}, values, most, note)

    def beside(self, each: Spec, width: int) -> Spec:
        """Return the charts on a width; on a narrow one they stand one below another."""
        count = self.most if width > WIDE else 1
        inner = {"width": width // count - (BESIDE if self.most == PAIRS else AXIS), **each}
        made: Spec = {"facet": self.facet, "columns": count, "spec": inner, "align": "each"}
        return made | {"data": {"values": list(self.values)}, "usermeta": {"note": self.note}}


def _by_color(chart: Chart, values: Values) -> Spec:
    names = distinct(values, chart.column("color"))
    return {"field": escaped(chart.column("color")), "type": "nominal", "sort": names, "title": None}


def _amount(chart: Chart, channel: str, values: Values) -> Spec:
    return chart.encoding(channel, "quantitative", axis={**ticks(chart, channel, values), "tickCount": 4})
