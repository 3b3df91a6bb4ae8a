"""Describes the service to programs: the service description at the endpoint, VoID at `/.well-known/void`, and DCAT.

https://www.w3.org/TR/sparql11-service-description/ and https://vocab.deri.ie/void/autodiscovery
"""

from collections.abc import Iterable, Iterator

from flask import Blueprint, Response, current_app, g, render_template, request
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple

from graph.exchange.void import DCAT, VOID, Description
from graph.indexes.statistics import Statistics
from graph.serialization.wellformed import written
from graph.settings import Settings
from graph.terms import PREFIXES, RDF, Namespace
from server.display.asking import ask, remembered
from server.http.caching import known, marked, tag_of
from server.http.media import GRAPHS, HTML, RESULTS, TRIPLES, Media, choose
from server.http.serving import SMALL

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
MORE_PREFIXES = {"dcat": DCAT.prefix, "sd": SD.prefix, "void": VOID.prefix}

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
        response = Response(render_template("sparql/form.html"), content_type=HTML.header)
        response.vary.add("Accept")
        return response
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
        bool(settings.token),
        numbers() is not None,
    )
    response = Response(status=304) if known(tag) else Response(_written(content, media), content_type=media.header)
    response.vary.add("Accept")
    return marked(response, tag)


def _written(content: Iterable[Triple], media: Media) -> bytes:
    assert isinstance(media.format, RdfFormat)  # noqa: S101 - the table of graphs
    return written(content, media.format, PREFIXES | MORE_PREFIXES)


def description() -> Description:
    """Return the description of the dataset that is served, with the numbers of its version."""
    settings: Settings = current_app.config["SETTINGS"]
    license_, formats = NamedNode(settings.license), tuple(_formats(GRAPHS))
    return Description(g.served.version, numbers(), license_, formats, _examples())


@remembered
def _examples() -> tuple[NamedNode, ...]:
    return tuple(NamedNode(row["edition"].value) for row in ask("description/examples").rows)


def _formats(offers: Iterable[Media]) -> Iterator[NamedNode]:
    return (NamedNode(each.iri) for each in offers if each.format)


def _service(about: Description, settings: Settings) -> Iterator[Triple]:
    """Yield what the service can do (SPARQL 1.1 Service Description, 3)."""
    node = about.names.service()
    yield Triple(node, RDF.type, SD.Service)
    yield Triple(node, SD.endpoint, about.endpoint)
    for version in ("11",) if settings.store else ("11", "12"):  # another engine is asked in SPARQL 1.1
        yield Triple(node, SD.supportedLanguage, SD[f"SPARQL{version}Query"])
        if settings.token:
            yield Triple(node, SD.supportedLanguage, SD[f"SPARQL{version}Update"])
    for each in _formats((*RESULTS, *TRIPLES)):
        yield Triple(node, SD.resultFormat, each)
    if settings.services.split():
        yield Triple(node, SD.feature, SD.BasicFederatedQuery)
    yield from _dataset(node, about)


def _dataset(node: NamedNode, about: Description) -> Iterator[Triple]:
    """Yield the default graph and the named graphs, with their sizes where these were counted."""
    dataset = about.names.service("dataset")
    yield Triple(node, SD.defaultDataset, dataset)
    yield Triple(dataset, RDF.type, SD.Dataset)
    yield Triple(dataset, SD.defaultGraph, about.dataset)
    yield from _graph(about.dataset, about.numbers.triples if about.numbers else None)
    for name, triples in _named(about):
        entry, graph = about.names.service("named-graph", name), about.names.service("graph", name)
        yield Triple(dataset, SD.namedGraph, entry)
        yield Triple(entry, RDF.type, SD.NamedGraph)
        yield Triple(entry, SD.name, NamedNode(name))
        yield Triple(entry, SD.graph, graph)
        yield from _graph(graph, triples)


def _named(about: Description) -> Iterator[tuple[str, int | None]]:
    if about.numbers:
        yield from sorted(about.numbers.graphs.items())
    else:
        yield from ((name, None) for name in sorted(each.value for each in g.served.store.graph_names()))


def _graph(node: NamedNode, triples: int | None) -> Iterator[Triple]:
    yield Triple(node, RDF.type, SD.Graph)
    if triples is not None:
        yield Triple(node, VOID.triples, Literal(triples))


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
