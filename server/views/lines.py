"""Lines by year: each has its name at its end, without a legend; beyond seven there is a chart for each."""

from typing import Any

from server.views import multiples
from server.views.axes import (
    LETTER,
    SERIES,
    STROKE,
    Chart,
    Spec,
    Values,
    across,
    colored,
    distinct,
    names_beside,
    ticks,
    tips,
)

HEIGHT = 280
NAME_HIGH = 14  # pixels that a name needs
WIDE = 600  # pixels, from which on names are written longer
LONGEST, NARROW_LONGEST = 26, 13  # letters of a name
AT, SHORT = "name_at", "name_shown"  # the fields of the height of a name, and of the name as it is written


def line(chart: Chart, values: Values, width: int) -> Spec:
    """Return lines with a point for each row; values that differ by `dash` are not connected."""
    names = distinct(values, chart.column("color"))
    if len(names) > SERIES:
        return multiples.lines(chart, values, width)
    y = chart.encoding("y", "quantitative", axis=ticks(chart, "y", values), scale={"zero": True})
    layer: Spec = {"mark": {"type": "line", "point": {"size": 45}}, "encoding": {"tooltip": tips(chart, values)}}
    if len(kinds := distinct(values, chart.column("dash"))) > 1:
        legend = STROKE | {"columns": names_beside(kinds, width)}
        layer["encoding"]["strokeDash"] = chart.encoding("dash", "nominal", title=None, sort=None, legend=legend)
    made: Spec = {"height": HEIGHT, "encoding": {"x": across(chart, values, width), "y": y}, "layer": [layer]}
    if len(names) > 1:
        letters = min(LONGEST if width > WIDE else NARROW_LONGEST, max(len(str(each)) for each in names))
        made["encoding"] |= colored(chart, values, width)
        made["encoding"]["color"]["legend"] = None
        made["layer"].append(_names(chart, values, letters))
        made["padding"] = {"left": 4, "top": 4, "bottom": 4, "right": LETTER * letters + 14}
    return made


def _names(chart: Chart, values: Values, letters: int) -> Spec:
    """Return the layer of the names, at the right of all lines, each at the height of the last point of its line."""
    color = chart.encoding("color", "nominal", sort=None, legend=None, title=None)
    name = chart.column("color")
    rows = [{**row, SHORT: shortened(str(row[name]), letters)} for row in heights(chart, values)]
    return {
        "data": {"values": rows},
        "mark": {"type": "text", "align": "left", "dx": 8, "fontSize": 12, "aria": False},
        "encoding": {
            "x": {"value": "width"},
            "y": {"field": AT, "type": "quantitative", "title": None},
            "text": {"field": SHORT, "type": "nominal"},
            "color": color,
        },
    }


def heights(chart: Chart, values: Values) -> list[dict[str, Any]]:
    """Return a row for each name with its height on the axis, so far apart that names do not overlap."""
    last: dict[object, tuple[object, float]] = {}
    x, y, color = (chart.column(each) for each in ("x", "y", "color"))
    for row in values:
        if isinstance(row.get(y), int | float) and str(row.get(x)) >= str(last.get(row.get(color), ("",))[0]):
            last[row.get(color)] = (row.get(x), row[y])
    known = [0, *(row[y] for row in values if isinstance(row.get(y), int | float))]
    low, top = min(known), max(known)
    gap = ((top - low) or 1) * NAME_HIGH / HEIGHT
    names = sorted(last, key=lambda name: (last[name][1], str(name)))
    places: list[float] = []
    for name in names:
        places.append(max(last[name][1], places[-1] + gap if places else low))
    for place in range(len(places) - 1, -1, -1):
        ceiling = places[place + 1] - gap if place + 1 < len(places) else top
        places[place] = min(places[place], ceiling)
    return [{color: name, AT: place} for name, place in zip(names, places, strict=True)]


def shortened(name: str, letters: int) -> str:
    """Return a name of at most that many letters, the last of which is an ellipsis where some are left out."""
    return name if len(name) <= letters else f"{name[: letters - 1].rstrip()}…"
