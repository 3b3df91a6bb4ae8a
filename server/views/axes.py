"""The parts that charts share: axes, colors, values beside marks, tooltips, and scales of maps."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from server.views.theme import LIGHT

Spec = dict[str, Any]
Values = Sequence[Mapping[str, Any]]
STROKE = {  # of a legend of dashes; the lines have the color of another legend, so that Vega gives these none
    "symbolType": "stroke",
    "symbolSize": 300,
    "encode": {"symbols": {"update": {"stroke": {"value": LIGHT["ink"]}}}},
}
SERIES = 7  # colors that readers can distinguish
LETTER, MARK = 7, 44  # pixels of a letter of a name, of a mark of a legend with the space around it
NAMES = 230  # pixels that names beside horizontal bars may take
MANY = 30  # names that are all written when they are turned
SPAN = 80  # years that an axis writes one by one, those without a value too


@dataclass(frozen=True)
class Chart:
    """A kind of chart, and the columns it shows by channel (`x`, `y`, `color` ...)."""

    kind: str
    channels: Mapping[str, str]

    def column(self, channel: str) -> str:
        """Return the column of a channel, or nothing."""
        return self.channels.get(channel, "").partition(":")[0]

    @property
    def percent(self) -> tuple[str, ...]:
        """The columns of shares, which are written as percentages."""
        return tuple(each.partition(":")[0] for each in self.channels.values() if each.endswith(":percent"))

    def form(self, channel: str) -> str:
        """Return how the numbers of a channel are written: as a number or as a percentage."""
        return number_form(self.column(channel), self.percent)

    def encoding(self, channel: str, kind: str, **more: Any) -> Spec:
        """Return the encoding of a channel by a type of data (`quantitative`, `nominal`, `ordinal`)."""
        name = self.column(channel)
        return {"field": escaped(name), "type": kind, "title": title(name), **more}


def number_form(column: str, percent: Iterable[str]) -> str:
    """Return how the numbers of a column are written (https://d3js.org/d3-format)."""
    return ".1~%" if column in percent else ",~f"


def title(column: str) -> str:
    """Return how a column is called."""
    return column.replace("_", " ")


def escaped(column: str) -> str:
    """Return the name of a field as Vega reads it."""
    return column.replace(".", r"\.")


def distinct(values: Values, column: str) -> list[Any]:
    """Return the values of a column, each once, in their order."""
    return list(dict.fromkeys(row[column] for row in values if row.get(column) is not None)) if column else []


def numbers(values: Values, column: str) -> list[int | float]:
    """Return the numbers of a column."""
    return [row[column] for row in values if isinstance(row.get(column), int | float)]


def tips(chart: Chart, values: Values) -> list[Spec]:
    """Return what a mark says of its row."""
    of_numbers = {name for row in values for name, value in row.items() if isinstance(value, int | float)}
    return [
        {"field": escaped(name), "title": title(name)}
        | ({"format": number_form(name, chart.percent)} if name in of_numbers else {})
        for name in dict.fromkeys(name for row in values for name in row if name != "thing")
    ]


def colored(chart: Chart, values: Values, width: int) -> Spec:
    """Return the encoding of the color, if there are several, with as many names on a line as fit."""
    names = distinct(values, chart.column("color"))
    if len(names) < 2:  # noqa: PLR2004 - one color
        return {}
    legend = {"columns": names_beside(names, width)}
    return {"color": chart.encoding("color", "nominal", title=None, sort=None, legend=legend)}


def names_beside(names: Sequence[Any], width: int) -> int:
    """Return how many names of a legend fit on a line."""
    return max(1, width // (LETTER * max(len(str(each)) for each in names) + MARK))


def across(chart: Chart, values: Values, width: int) -> Spec:
    """Return the horizontal axis of names, turned if they have no room, or of years, each of them with its place."""
    names = distinct(values, chart.column("x"))
    years = years_between(names)
    shown = [str(each) for each in years or names]
    axis: Spec = {"labelAngle": 0, "labelOverlap": "greedy", "title": None}
    if not years and LETTER * sum(map(len, shown)) > width:
        axis |= {"labelAngle": -35, "labelLimit": 150, "labelOverlap": len(shown) > MANY}
    scale = {"scale": {"domain": years}} if years else {}
    return chart.encoding("x", "ordinal", axis=axis, sort="ascending", **scale)


def years_between(names: Sequence[Any]) -> list[Any]:
    """Return all years from the first to the last if names are years, also those that are missing; else nothing."""
    if not names or not all(str(each).isdecimal() and len(str(each)) == 4 for each in names):  # noqa: PLR2004 - digits
        return []
    known = [int(each) for each in names]
    kind = type(names[0])
    return [kind(each) for each in range(min(known), max(known) + 1)] if max(known) - min(known) < SPAN else []


def ticks(chart: Chart, channel: str, values: Values) -> Spec:
    """Return the ticks of an axis of numbers; counts have integers only."""
    whole = all(isinstance(each, int) for each in numbers(values, chart.column(channel)))
    return {"format": chart.form(channel), "tickMinStep": 1} if whole else {"format": chart.form(channel)}


def named(chart: Chart, channel: str, width: int, **more: Any) -> Spec:
    """Return the vertical axis of names, in the order of the rows, with at most half of the width."""
    axis = {"title": None, "labelLimit": min(NAMES, width // 2), "ticks": False, **more}
    return chart.encoding(channel, "nominal", sort=None, axis=axis)


def bars_of(chart: Chart, values: Values) -> Spec:
    """Return the layer of bars, each of which says what its row has."""
    return {"mark": {"type": "bar", "cornerRadiusEnd": 2}, "encoding": {"tooltip": tips(chart, values)}}


def written(chart: Chart, channel: str, **mark: Any) -> Spec:
    """Return the layer that writes the number of each mark beside it."""
    text = {"field": escaped(chart.column(channel)), "type": "quantitative", "format": chart.form(channel)}
    return {
        "mark": {"type": "text", "fontSize": 11, "aria": False, **mark},
        "encoding": {"text": text, "color": {"value": LIGHT["ink"]}},
    }


def steps(known: Sequence[Any]) -> list[float]:
    """Return four round numbers between the smallest and the largest, at equal ratios."""
    positive = sorted(float(each) for each in known if isinstance(each, int | float) and each > 0)
    if not positive:
        return [1, 2, 3, 4]
    low, high = positive[0], positive[-1]
    found = sorted({_rounded(low * (high / low) ** (part / 5)) for part in range(1, 5)})
    return found if len(found) > 1 else [found[0], found[0] + 1]


def _rounded(number: float) -> float:
    """Return a number with one digit that counts, or two where it is below 30."""
    digits = len(str(int(number))) - (2 if number < 30 else 1)  # noqa: PLR2004
    return float(round(number, -max(0, digits)) or 1)
