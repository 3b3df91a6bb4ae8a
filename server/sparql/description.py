"""Describes the service to programs: the service description at the endpoint, VoID at `/.well-known/void`, and DCAT.

https://www.w3.org/TR/sparql11-service-description/ and https://vocab.deri.ie/void/autodiscovery
"""

from collections.abc import Iterable, Iterator

from flask import Blueprint, Response, current_app, g, render_template, request
from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from graph.exchange.void import DCAT, Description
from graph.indexes.statistics import Statistics
from graph.settings import Settings
from graph.terms import PREFIXES, VOID
from server.display.asking import ask, remembered
from server.formats import serialized, varied
from server.http.caching import cached, tag_of
from server.http.media import GRAPHS, HTML, RESULTS, TRIPLES, Media, choose
from server.http.serving import SMALL

MORE_PREFIXES = {"dcat": DCAT.prefix, "sd": "http://www.w3.org/ns/sparql-service-description#", "void": VOID.prefix}

bp = Blueprint("description", __name__)


@bp.get("/.well-known/void")
@bp.get("/void")
@bp.get("/void.<suffix>")
def void(suffix: str | None = None) -> Response:
    """Answer with the VoID description of the dataset."""
    return _answer(description().void(), choose(GRAPHS, suffix))


@bp.get("/dcat")
@bp.get("/dcat.<suffix>")
def dcat(suffix: str | None = None) -> Response:
    """Answer with the DCAT catalog of the dataset."""
    return _answer(description().dcat(), choose(GRAPHS, suffix))


def service(suffix: str | None = None) -> Response:
    """Answer with the description of the SPARQL service, or with the form where the client is a browser."""
    media = choose((*GRAPHS, HTML), suffix)
    if media is HTML:
        return varied(Response(render_template("sparql/form.html"), content_type=HTML.header))
    return _answer(_service(description(), current_app.config["SETTINGS"]), media)


def _answer(content: Iterable[Triple], media: Media) -> Response:
    settings: Settings = current_app.config["SETTINGS"]
    version = g.served.version
    tag = tag_of(
        version.number,
        version.built,
        request.path,
        media.suffix,
        settings.services,
        settings.license,
        settings.publisher,
        bool(settings.token),
        numbers() is not None,
    )
    return varied(cached(tag, lambda: serialized(content, media, PREFIXES | MORE_PREFIXES)))


def description() -> Description:
    """Return the description of the dataset that is served, with the numbers of its version."""
    settings: Settings = current_app.config["SETTINGS"]
    license_, formats = NamedNode(settings.license), tuple(_formats(GRAPHS))
    return Description(g.served.version, numbers(), license_, formats, _examples(), settings.publisher)


@remembered
def _examples() -> tuple[NamedNode, ...]:
    return tuple(NamedNode(row["edition"].value) for row in ask("description/examples").rows)


def _formats(offers: Iterable[Media]) -> Iterator[NamedNode]:
    return (NamedNode(each.iri) for each in offers if each.format)


def _service(about: Description, settings: Settings) -> Iterator[Triple]:
    """Yield what the service can do, and its graphs with their sizes if they were counted (SPARQL 1.1 SD, 3)."""
    kinds = ("Query", "Update") if settings.token else ("Query",)
    versions = ("11",) if settings.store else ("11", "12")  # another engine is asked in SPARQL 1.1
    names: Iterable[tuple[str, int | None]] = ((each.value, None) for each in g.served.store.graph_names())
    graphs = sorted(about.numbers.graphs.items() if about.numbers else names)
    text = render_template(
        "sparql/service.ttl",
        about=about,
        node=about.names.service(),
        dataset=about.names.service("dataset"),
        languages=[f"SPARQL{version}{kind}" for version in versions for kind in kinds],
        formats=_formats((*RESULTS, *TRIPLES)),
        services=settings.services.split(),
        graphs=[(NamedNode(name), triples) for name, triples in graphs],
    )
    return (quad.triple for quad in parse(text, format=RdfFormat.TURTLE))


def numbers() -> Statistics | None:
    """Return the numbers of the served version; one too large to be counted in a second may have none yet."""
    kept = _kept()
    if not kept and (found := Statistics.read(g.served.version.folder) or _counted()):
        kept.append(found)
    return kept[0] if kept else None


@remembered
def _kept() -> list[Statistics]:
    """Return a list that holds the numbers of the version once they are known."""
    return []


def _counted() -> Statistics | None:
    small = g.served.version.counts.get("quads", SMALL) < SMALL
    return Statistics.of(g.served.near) if small else None
