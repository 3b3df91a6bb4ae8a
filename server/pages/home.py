"""The home page with counts, editions and differences, the list of sources, and the context of every template."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask import Blueprint, Response, g, render_template
from flask.blueprints import BlueprintSetupState
from pyoxigraph import NamedNode

from graph.curated.form import schema_text
from graph.terms import Term
from server.display.asking import Row, ask, remembered
from server.display.marks import source_legend, source_mark
from server.display.tables import Mention, columns, labels_of, lines, mentions
from server.display.words import Cell, address, cell, days, hour, local, short, weekday, zone

bp = Blueprint("pages", __name__)
bp.add_app_template_filter(address)
bp.add_app_template_filter(short)
bp.add_app_template_filter(local)
for function in (days, hour, source_legend, source_mark, weekday, zone):
    bp.add_app_template_global(function)

IN_FULL = 60  # editions, beyond which the home page has a line for each series
DIMENSIONS = ("track", "mode", "country")


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
        counts=counts(),
        series=() if number_of_editions() > IN_FULL else series(),
        overview=table_of("home/series") if number_of_editions() > IN_FULL else None,
        differences=differences("home/numbers") + differences("home/resolutions"),
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


@dataclass(frozen=True)
class Figure:
    """A number or value: the thing that holds it, who says it, and whether it was chosen."""

    value: Cell
    what: str
    href: str
    chosen: bool
    mentions: tuple[Mention, ...]


@dataclass(frozen=True)
class EditionLine:
    """An edition with its place and how many took part."""

    edition: Cell
    place: tuple[Cell, ...]
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class SeriesBlock:
    """A series and its editions, the latest first."""

    series: Cell
    editions: tuple[EditionLine, ...]


@dataclass(frozen=True)
class Difference:
    """Something on which sources differ, the different figures, and the reason of the choice."""

    subject: Cell
    what: str
    figures: tuple[Figure, ...]
    because: str


@remembered
def counts() -> tuple[tuple[str, int], ...]:
    """Return how many there are of what."""
    return tuple((row["what"].value, int(row["count"].value)) for row in ask("home/counts").rows)


def number_of_editions() -> int:
    """Return how many editions there are."""
    return next((count for what, count in counts() if what == "editions"), 0)


@remembered
def series() -> tuple[SeriesBlock, ...]:
    """Return the series and their editions."""
    rows = ask("home/editions").rows
    labels = _labels(rows)
    return tuple(
        SeriesBlock(
            cell(each[0]["series"], labels.get(each[0]["series"])),
            tuple(_edition(rows, labels) for rows in _by("thing", each)),
        )
        for each in _by("series", rows)
    )


@remembered
def differences(query: str) -> tuple[Difference, ...]:
    """Return what sources differ on, by the query that finds it."""
    rows = ask(query).rows
    labels = _labels(rows)
    return tuple(_difference(each, labels) for each in _by("key", rows))


def _edition(rows: list[Row], labels: Mapping[Term, str]) -> EditionLine:
    places = [rows[0][name] for name in ("city", "country") if name in rows[0]]
    return EditionLine(
        edition=cell(rows[0]["thing"], labels.get(rows[0]["thing"])),
        place=tuple(cell(place, labels.get(place)) for place in dict.fromkeys(places)),
        figures=tuple(
            _figure(each, labels, each[0]["number"], labels[each[0]["measure"]])
            for each in _by("number", [row for row in rows if "number" in row])
        ),
    )


def _difference(rows: list[Row], labels: Mapping[Term, str]) -> Difference:
    first = rows[0]
    dimensions = [first[name] for name in DIMENSIONS if name in first and not first[name].value.endswith("/total")]
    return Difference(
        subject=cell(first["subject"], labels.get(first["subject"])),
        what=", ".join(cell(term, labels.get(term)).words for term in (first["property"], *dimensions)),
        figures=tuple(_figure(each, labels, each[0].get("thing", first["subject"])) for each in _by("value", rows)),
        because=next((row["because"].value for row in rows if "because" in row), ""),
    )


def _figure(rows: list[Row], labels: Mapping[Term, str], thing: Term, what: str = "") -> Figure:
    first = rows[0]
    chosen = "chosen" not in first or first["chosen"].value == "true"
    href = address(thing) if isinstance(thing, NamedNode) else ""
    return Figure(cell(first["value"], labels.get(first["value"])), what, href, chosen, tuple(mentions(rows)))


def _by(column: str, rows: Iterable[Row]) -> Iterator[list[Row]]:
    for _, each in groupby(rows, key=lambda row: row[column]):
        yield list(each)


def _labels(rows: Iterable[Row]) -> dict[Term, str]:
    return labels_of({term for row in rows for name, term in row.items() if name not in ("source", "number", "line")})
