"""Charts as Vega-Lite, from one line of the header of a query and the rows of its answer.

`#+ chart: bar x=year y=people color=mode` names a kind of chart and the columns it shows; a column may be followed by
`:percent`. The kinds are the functions of `KINDS`. https://vega.github.io/vega-lite/docs/
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graph.errors import QueryError
from server.views.theme import LIGHT

Spec = dict[str, Any]
Values = Sequence[Mapping[str, Any]]
SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
BORDER = {"stroke": LIGHT["paper"], "strokeWidth": 0.6}  # of countries
STROKE = {  # of a legend of dashes; the lines have the color of another legend, so that Vega gives these none
    "symbolType": "stroke",
    "symbolSize": 300,
    "encode": {"symbols": {"update": {"stroke": {"value": LIGHT["ink"]}}}},
}
STEPS = 5  # colors of a scale
BAND, LEAST = 22, 90  # pixels of a row of horizontal bars, and of the smallest chart
HEIGHT = 280
ROOM = 110  # letters that fit side by side without being turned
LEGEND, LETTER, MARK = 720, 7, 44  # pixels of a line of a legend, of a letter in it, of a mark with the space around
MANY = 30  # names that are all written when they are turned


@dataclass(frozen=True)
class Chart:
    """A kind of chart, and the columns it shows by channel (`x`, `y`, `color` ...)."""

    kind: str
    channels: Mapping[str, str]

    def column(self, channel: str) -> str:
        """Return the column of a channel, or nothing."""
        return self.channels.get(channel, "").partition(":")[0]

    def form(self, channel: str) -> str:
        """Return how the numbers of a channel are written: as a number or as a percentage."""
        return ".0%" if self.channels.get(channel, "").endswith(":percent") else ",~f"

    def encoding(self, channel: str, kind: str, **more: Any) -> Spec:
        """Return the encoding of a channel by a type of data (`quantitative`, `nominal`, `ordinal`)."""
        name = self.column(channel)
        return {"field": escaped(name), "type": kind, "title": title(name), **more}


def read(text: str) -> Chart | None:
    """Return the chart of a line of a header, if any; raise QueryError if it names no kind of chart that exists."""
    kind, *rest = text.split()
    if kind == "none":
        return None
    if kind not in {*KINDS, "network"}:
        raise QueryError(f"There is no chart {kind!r}; there are {', '.join(sorted({*KINDS, 'network', 'none'}))}.")
    return Chart(kind, dict(each.split("=", 1) for each in rest))


def title(column: str) -> str:
    """Return how a column is called."""
    return column.replace("_", " ")


def escaped(column: str) -> str:
    """Return the name of a field as Vega reads it."""
    return column.replace(".", r"\.")


def spec(chart: Chart, values: Values, about: str) -> Spec:
    """Return the specification of a chart of some values; `about` says in words what it shows."""
    made = KINDS[chart.kind](chart, values)
    return {"$schema": SCHEMA, "description": about, "data": {"values": list(values)}, **made}


def _tips(values: Values) -> list[Spec]:
    names = list(dict.fromkeys(name for row in values for name in row))
    numbers = {name for row in values for name, value in row.items() if isinstance(value, int | float)}
    return [
        {"field": escaped(name), "title": title(name)} | ({"format": ",~f"} if name in numbers else {})
        for name in names
    ]


def _count(values: Values, column: str) -> int:
    return len({row.get(column) for row in values})


def _colored(chart: Chart, values: Values) -> Spec:
    """Return the encoding of the color, if there are several."""
    if not chart.column("color") or _count(values, chart.column("color")) < 2:  # noqa: PLR2004 - one color
        return {}
    names = {str(row.get(chart.column("color"))) for row in values}
    beside = LEGEND // (LETTER * max(map(len, names)) + MARK)
    return {"color": chart.encoding("color", "nominal", title=None, sort=None, legend={"columns": max(1, beside)})}


def _across(chart: Chart, values: Values) -> Spec:
    names = {str(row.get(chart.column("x"))) for row in values}
    letters = max(map(len, names), default=0) * len(names)
    axis: Spec = {"labelAngle": 0, "labelOverlap": "greedy", "title": None}
    if letters > ROOM:
        axis |= {"labelAngle": -35, "labelLimit": 150, "labelOverlap": len(names) > MANY}
    return chart.encoding("x", "ordinal", axis=axis, sort="ascending")


def _ticks(chart: Chart, channel: str, values: Values) -> Spec:
    """Return the ticks of an axis of numbers; counts have integers only."""
    numbers = [row.get(chart.column(channel)) for row in values]
    whole = all(isinstance(each, int) for each in numbers if each is not None)
    return {"format": chart.form(channel), "tickMinStep": 1} if whole else {"format": chart.form(channel)}


def bar(chart: Chart, values: Values) -> Spec:
    """Return vertical bars, by year or name, stacked by color."""
    y = chart.encoding("y", "quantitative", axis=_ticks(chart, "y", values), stack="zero")
    encoding = {"x": _across(chart, values), "y": y, **_colored(chart, values), "tooltip": _tips(values)}
    return {"height": HEIGHT, "mark": {"type": "bar", "cornerRadiusEnd": 2}, "encoding": encoding}


def grouped(chart: Chart, values: Values) -> Spec:
    """Return vertical bars grouped by color."""
    made = bar(chart, values)
    made["encoding"]["y"]["stack"] = None
    made["encoding"]["xOffset"] = {"field": escaped(chart.column("color")), "sort": None}
    return made


def bars(chart: Chart, values: Values) -> Spec:
    """Return horizontal bars, in the order of the rows."""
    y = chart.encoding("y", "nominal", sort=None, axis={"title": None, "labelLimit": 230, "ticks": False})
    x = chart.encoding("x", "quantitative", axis=_ticks(chart, "x", values), stack="zero")
    encoding = {"y": y, "x": x, **_colored(chart, values), "tooltip": _tips(values)}
    high = max(LEAST, BAND * _count(values, chart.column("y")))
    return {"height": high, "mark": {"type": "bar", "cornerRadiusEnd": 2}, "encoding": encoding}


def line(chart: Chart, values: Values) -> Spec:
    """Return lines with a point for each row, by year; values that differ by `dash` are not connected."""
    y = chart.encoding("y", "quantitative", axis=_ticks(chart, "y", values), scale={"zero": True})
    encoding = {"x": _across(chart, values), "y": y, **_colored(chart, values), "tooltip": _tips(values)}
    if chart.column("dash") and _count(values, chart.column("dash")) > 1:
        encoding["strokeDash"] = chart.encoding("dash", "nominal", title=None, sort=None, legend=STROKE)
    return {"height": HEIGHT, "mark": {"type": "line", "point": {"size": 45}}, "encoding": encoding}


def dots(chart: Chart, values: Values) -> Spec:
    """Return a grid of dots: what happened in which year or place."""
    y = chart.encoding("y", "nominal", sort=None, axis={"title": None, "labelLimit": 230, "grid": True})
    encoding = {"x": _across(chart, values), "y": y, **_colored(chart, values), "tooltip": _tips(values)}
    if chart.column("color"):
        encoding["yOffset"] = {"field": escaped(chart.column("color")), "sort": None}
    if chart.column("size"):
        encoding["size"] = chart.encoding("size", "quantitative", scale={"zero": True})
    high = max(LEAST, (BAND + 4) * _count(values, chart.column("y")))
    return {"height": high, "mark": {"type": "circle", "opacity": 0.9, "size": 90}, "encoding": encoding}


def heat(chart: Chart, values: Values) -> Spec:
    """Return a table of cells, darker where the number is larger."""
    y = chart.encoding("y", "nominal", sort=None, axis={"title": None, "labelLimit": 230, "ticks": False})
    numbers = [row[chart.column("color")] for row in values if chart.column("color") in row]
    few = len(set(numbers)) <= STEPS
    scale = {} if few else {"scale": {"type": "threshold", "domain": steps(numbers)}}
    color = chart.encoding("color", "ordinal" if few else "quantitative", **scale)
    encoding = {"x": _across(chart, values), "y": y, "color": color, "tooltip": _tips(values)}
    high = max(LEAST, (BAND + 2) * _count(values, chart.column("y")))
    return {"height": high, "mark": {"type": "rect", "cornerRadius": 2, **BORDER}, "encoding": encoding}


def scatter(chart: Chart, values: Values) -> Spec:
    """Return a point for each row, by two numbers."""
    axes = {name: chart.encoding(name, "quantitative", axis=_ticks(chart, name, values)) for name in ("x", "y")}
    encoding = {**axes, **_colored(chart, values), "tooltip": _tips(values)}
    return {"height": HEIGHT + 60, "mark": {"type": "circle", "size": 80, "opacity": 0.8}, "encoding": encoding}


def map_(chart: Chart, values: Values) -> Spec:
    """Return a map of the world: countries by their ISO 3166-1 code, circles for those too small to be seen."""
    key, field = escaped(chart.column("country")), escaped(chart.column("color"))
    scale = {"type": "threshold", "domain": steps([row.get(chart.column("color")) for row in values])}
    color = chart.encoding("color", "quantitative", scale=scale, legend={"format": ",", "orient": "bottom"})
    names = [escaped(name) for name in dict.fromkeys(name for row in values for name in row)]
    found = {"lookup": "id", "from": {"data": {"values": list(values)}, "key": key, "fields": names}}
    there = [found, {"filter": f"isValid(datum['{field}'])"}]
    shapes = {"data": {"name": "world", "format": {"type": "topojson", "feature": "countries"}}}
    points = {"data": {"name": "points", "format": {"type": "json"}}}
    place = {
        "longitude": {"field": "lon", "type": "quantitative"},
        "latitude": {"field": "lat", "type": "quantitative"},
    }
    shown = {"color": color, "tooltip": _tips(values)}
    return {
        "height": 380,
        "projection": {"type": "equalEarth"},
        "layer": [
            {**shapes, "mark": {"type": "geoshape", "fill": LIGHT["land"], **BORDER, "aria": False}},
            {**shapes, "transform": there, "mark": {"type": "geoshape", **BORDER}, "encoding": shown},
            {
                **points,
                "transform": there,
                "mark": {"type": "circle", **BORDER, "size": 60, "opacity": 1},
                "encoding": {**place, **shown},
            },
        ],
    }


def steps(numbers: Sequence[Any]) -> list[float]:
    """Return four round numbers between the smallest and the largest, at equal ratios."""
    known = sorted(float(each) for each in numbers if isinstance(each, int | float) and each > 0)
    if not known:
        return [1, 2, 3, 4]
    low, high = known[0], known[-1]
    found = sorted({_rounded(low * (high / low) ** (part / 5)) for part in range(1, 5)})
    return found if len(found) > 1 else [found[0], found[0] + 1]


def _rounded(number: float) -> float:
    """Return a number with one digit that counts, or two where it is below 30."""
    digits = len(str(int(number))) - (2 if number < 30 else 1)  # noqa: PLR2004
    return float(round(number, -max(0, digits)) or 1)


KINDS: dict[str, Callable[[Chart, Values], Spec]] = {
    "bar": bar,
    "bars": bars,
    "dots": dots,
    "grouped": grouped,
    "heat": heat,
    "line": line,
    "map": map_,
    "scatter": scatter,
}
