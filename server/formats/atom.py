"""Atom feeds (RFC 4287): the editions of a series, the awards and papers of an edition."""

from collections.abc import Iterator

from flask import render_template
from pyoxigraph import NamedNode

from graph.serialization.wellformed import replaced
from graph.terms import CVN
from server.display.asking import Row, ask
from server.display.words import local
from server.formats import Format
from server.http.media import Media


def write(thing: NamedNode) -> Iterator[str]:
    """Yield a feed; all of it was updated when the version was built."""
    labels = ask("entity/labels", things=[thing]).rows
    title = labels[0]["label"].value if labels else local(thing)
    entries: dict[str, Row] = {}
    for row in ask("formats/news", entity=thing).rows:
        entries.setdefault(row["thing"].value, row)
    yield replaced(render_template("feed.xml", thing=thing, title=title, entries=entries))


FORMAT = Format(
    Media("atom", "application/atom+xml", None), "Feed", frozenset({CVN.ConferenceSeries, CVN.Edition}), write
)
