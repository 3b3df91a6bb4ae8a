"""Charts as Vega-Lite, from one line of the header of a query and the rows of its answer.

`#+ chart: bar x=year y=people color=mode` names a kind of chart and the columns it shows; a column may be followed by
`:percent`, and `also` names one that only the table shows. The kinds are the functions of `KINDS`. https://vega.github.io/vega-lite/docs/
"""

from collections.abc import Callable, Mapping
from typing import Any

from graph.errors import QueryError
from server.views import multiples
from server.views.axes import (
    NAMES,
    SERIES,
    Chart,
    Spec,
    Values,
    across,
    bars_of,
    colored,
    distinct,
    escaped,
    named,
    numbers,
    steps,
    ticks,
    tips,
    title,
    written,
)
from server.views.lines import line
from server.views.theme import LIGHT

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
BORDER = {"stroke": LIGHT["paper"], "strokeWidth": 0.6}  # of countries
STEPS = 5  # colors of a scale
BAND, LEAST = 22, 90  # pixels of a row of horizontal bars, and of the smallest chart
HEIGHT = 280
LABELED = 24  # columns whose numbers have room above them
PART = "part"  # the field of the place of a part in its column
READABLE = 0.06  # of the highest column, from which height on a part of a column has its number in it


def read(text: str) -> Chart | None:
    """Return the chart of a line of a header, if any; raise QueryError if it names no kind of chart that exists."""
    kind, *rest = text.split()
    if kind == "none":
        return None
    if kind not in {*KINDS, "network"}:
        raise QueryError(f"There is no chart {kind!r}; there are {', '.join(sorted({*KINDS, 'network', 'none'}))}.")
    return Chart(kind, dict(each.split("=", 1) for each in rest))


def spec(chart: Chart, values: Values, about: str, width: int) -> Spec:
    """Return the specification of a chart of some values, `width` pixels wide; `about` says in words what it shows."""
    made = KINDS[chart.kind](chart, values, width)
    return {"$schema": SCHEMA, "description": about, "data": {"values": list(values)}, **made}


def nothing_to_draw(chart: Chart, values: Values) -> str:
    """Return a sentence in place of a chart that would say no more: of one value, or of one for all; else nothing."""
    channel = {"bars": "x", "heat": "color"}.get(chart.kind, "y")
    if chart.kind not in ("bar", "bars", "grouped", "heat", "line"):
        return ""
    name, known = title(chart.column(channel)), numbers(values, chart.column(channel))
    if not known:
        return "The view has no numbers, so there is nothing to draw."
    if len(known) == 1:
        return "A chart of one value would say no more than the table."
    if chart.kind == "bars" and len(set(known)) == 1:
        return f"All {len(known)} have the same number of {name}, {known[0]:,}, so a chart would say nothing more."
    return ""


def bar(chart: Chart, values: Values, width: int) -> Spec:
    """Return vertical bars, by year or name, stacked by color; beyond seven colors a chart for each."""
    if len(distinct(values, chart.column("color"))) > SERIES:
        return multiples.columns(chart, values, width)
    summed = summed_parts(chart, values)
    y = chart.encoding("y", "quantitative", axis=ticks(chart, "y", values), stack="zero")
    encoding = {"x": across(chart, summed, width), "y": y, **colored(chart, values, width)}
    if "color" in encoding:
        encoding["order"] = {"field": PART, "type": "quantitative"}
    layers = [bars_of(chart, [{name: row[name] for name in row if name != PART} for row in summed])]
    if len(distinct(summed, chart.column("x"))) <= LABELED:
        layers.append(_inside(chart, summed) if "color" in encoding else written(chart, "y", dy=-7))
    return {"data": {"values": summed}, "height": HEIGHT, "encoding": encoding, "layer": layers}


def summed_parts(chart: Chart, values: Values) -> Values:
    """Return a row for each part of each column with its place in it; rows of one part are counted together."""
    names = [name for name in (chart.column("x"), chart.column("color")) if name]
    y, colors = chart.column("y"), distinct(values, chart.column("color"))
    sums: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
    for row in values:
        sums.setdefault(tuple(row.get(name) for name in names), []).append(row)
    found = []
    for key, rows in sums.items():
        whole = dict(zip(names, key, strict=True)) if len(rows) > 1 else dict(rows[0])
        part = colors.index(key[-1]) if key[-1] in colors else 0
        found.append({**whole, y: sum(row.get(y) or 0 for row in rows), PART: part})
    return found


def _inside(chart: Chart, values: Values) -> Spec:
    """Return the layer of the numbers in the parts of columns that are high enough."""
    heights: dict[object, float] = {}
    for row in values:
        heights[row.get(chart.column("x"))] = heights.get(row.get(chart.column("x")), 0) + (row[chart.column("y")] or 0)
    least = READABLE * max(heights.values())
    layer = written(chart, "y")
    field = escaped(chart.column("y"))
    layer["encoding"] |= {
        "y": chart.encoding("y", "quantitative", stack="zero", bandPosition=0.5),
        "order": {"field": PART, "type": "quantitative"},
        "detail": {"field": escaped(chart.column("color")), "type": "nominal", "sort": None},
        "color": {"value": LIGHT["paper"]},
        "opacity": {"condition": {"test": f"datum['{field}'] >= {least}", "value": 1}, "value": 0},
    }
    return layer


def bars(chart: Chart, values: Values, width: int) -> Spec:
    """Return horizontal bars, in the order of the rows, with their numbers; more than seven colors are not shown."""
    y = named(chart, "y", width)
    x = chart.encoding("x", "quantitative", axis=ticks(chart, "x", values), stack="zero")
    few = len(distinct(values, chart.column("color"))) <= SERIES
    encoding = {"y": y, "x": x, **(colored(chart, values, width - NAMES) if few else {})}
    rows = len(distinct(values, chart.column("y")))
    layers = [bars_of(chart, values)]
    if rows == len(values):
        layers.append(written(chart, "x", align="left", dx=4))
    return {"height": max(LEAST, BAND * rows), "encoding": encoding, "layer": layers}


def dots(chart: Chart, values: Values, width: int) -> Spec:
    """Return a grid of dots: what happened in which year or place; beyond seven colors a grid for each."""
    if len(distinct(values, chart.column("color"))) > SERIES:
        return multiples.grids(chart, values, width)
    y = named(chart, "y", width, grid=True)
    encoding = {
        "x": across(chart, values, width),
        "y": y,
        **colored(chart, values, width),
        "tooltip": tips(chart, values),
    }
    if chart.column("color"):
        encoding["yOffset"] = {"field": escaped(chart.column("color")), "sort": None}
    if chart.column("size"):
        encoding["size"] = chart.encoding("size", "quantitative", scale={"zero": True})
    high = max(LEAST, (BAND + 4) * len(distinct(values, chart.column("y"))))
    return {"height": high, "mark": {"type": "circle", "opacity": 0.9, "size": 90}, "encoding": encoding}


def heat(chart: Chart, values: Values, width: int) -> Spec:
    """Return a table of cells, darker where the number is larger."""
    y = named(chart, "y", width)
    known = numbers(values, chart.column("color"))
    few = len(set(known)) <= STEPS
    scale = {} if few else {"scale": {"type": "threshold", "domain": steps(known)}}
    color = chart.encoding("color", "ordinal" if few else "quantitative", **scale)
    encoding = {"x": across(chart, values, width), "y": y, "color": color, "tooltip": tips(chart, values)}
    high = max(LEAST, (BAND + 2) * len(distinct(values, chart.column("y"))))
    return {"height": high, "mark": {"type": "rect", "cornerRadius": 2, **BORDER}, "encoding": encoding}


def scatter(chart: Chart, values: Values, width: int) -> Spec:
    """Return a point for each row, by two numbers."""
    axes = {name: chart.encoding(name, "quantitative", axis=ticks(chart, name, values)) for name in ("x", "y")}
    few = len(distinct(values, chart.column("color"))) <= SERIES
    encoding = {**axes, **(colored(chart, values, width) if few else {}), "tooltip": tips(chart, values)}
    return {"height": HEIGHT + 60, "mark": {"type": "circle", "size": 80, "opacity": 0.8}, "encoding": encoding}


def map_(chart: Chart, values: Values, width: int) -> Spec:
    """Return a map of the world: countries by their ISO 3166-1 code, circles for those too small to be seen."""
    key, field = escaped(chart.column("country")), escaped(chart.column("color"))
    scale = {"type": "threshold", "domain": steps(numbers(values, chart.column("color")))}
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
    shown = {"color": color, "tooltip": tips(chart, values)}
    return {
        "height": width // 2,
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


KINDS: dict[str, Callable[[Chart, Values, int], Spec]] = {
    "bar": bar,
    "bars": bars,
    "dots": dots,
    "grouped": multiples.grouped,
    "heat": heat,
    "line": line,
    "map": map_,
    "scatter": scatter,
}
