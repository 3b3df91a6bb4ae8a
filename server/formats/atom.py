"""Atom feeds (RFC 4287): the editions of a series, the awards and papers of an edition."""

from collections.abc import Iterator
from xml.etree import ElementTree as ET

from flask import g
from pyoxigraph import NamedNode

from graph.serialization.wellformed import replaced
from graph.terms import CVN
from server.display.asking import ask
from server.display.words import local
from server.formats import Format
from server.http.media import Media

DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'
NAMESPACE = "http://www.w3.org/2005/Atom"
MEDIA = Media("atom", "application/atom+xml", None)


def write(thing: NamedNode) -> Iterator[str]:
    """Yield a feed; all of it was updated when the version was built."""
    built = g.served.version.built
    labels = ask("entity/labels", things=[thing]).rows
    feed = ET.Element("feed", xmlns=NAMESPACE)
    _add(feed, "id", thing.value)
    _add(feed, "title", labels[0]["label"].value if labels else local(thing))
    _add(feed, "updated", built)
    ET.SubElement(feed, "link", rel="alternate", type="text/html", href=thing.value)
    address = thing.value.replace("/id/", "/data/", 1)
    ET.SubElement(feed, "link", rel="self", type=MEDIA.type, href=f"{address}.{MEDIA.suffix}")
    _add(ET.SubElement(feed, "author"), "name", "Convocation")
    seen: set[str] = set()
    for row in ask("formats/news", entity=thing).rows:
        iri, kind = row["thing"].value, row["kind"].value
        if iri in seen:
            continue
        seen.add(iri)
        entry = ET.SubElement(feed, "entry")
        _add(entry, "id", iri)
        _add(entry, "title", row["label"].value)
        _add(entry, "updated", built)
        ET.SubElement(entry, "link", rel="alternate", type="text/html", href=iri)
        ET.SubElement(entry, "category", term=kind)
        _add(entry, "summary", row["about"].value if "about" in row else kind)
    yield replaced(f"{DECLARATION}{ET.tostring(feed, encoding='unicode')}\n")


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = text


FORMAT = Format(MEDIA, "Feed", frozenset({CVN.ConferenceSeries, CVN.Edition}), write)
