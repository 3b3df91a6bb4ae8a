"""Atom feeds (RFC 4287): the editions of a series, the awards and papers of an edition."""

from collections.abc import Iterator

from flask import g, render_template
from pyoxigraph import NamedNode

from graph.serialization.wellformed import replaced
from graph.terms import CVN
from server.display.asking import Row, ask
from server.display.words import local
from server.formats import Format
from server.http.media import Media


def write(thing: NamedNode) -> Iterator[str]:
    """Yield a feed; an entry is as old as what is said of its thing (RFC 4287, 4.2.15), whatever else is written."""
    labels = ask("entity/labels", things=[thing]).rows
    title = labels[0]["label"].value if labels else local(thing)
    entries: dict[str, Row] = {}
    for row in ask("formats/news", entity=thing).rows:
        entries.setdefault(row["thing"].value, row)
    dates = {iri: _updated(row) for iri, row in entries.items()}
    newest = max(dates.values(), default=g.served.version.built)
    yield replaced(render_template("feed.xml", thing=thing, title=title, entries=entries, dates=dates, newest=newest))


def _updated(row: Row) -> str:
    """Return when its last document was issued, else when its edition ended, else when the year of that began."""
    found = next((row[each].value for each in ("said", "last") if each in row and row[each].value), "")
    return f"{found[:10] or row['year'].value + '-01-01'}T00:00:00Z"


FORMAT = Format(
    Media("atom", "application/atom+xml", None), "Feed", frozenset({CVN.ConferenceSeries, CVN.Edition}), write
)
