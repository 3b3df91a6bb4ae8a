"""The vocabulary: ontology, code lists and shapes, as pages and as data."""

from flask import Blueprint, Response, render_template, url_for
from werkzeug.wrappers import Response as Redirection

from graph.files import ONTOLOGY
from graph.terms import CODE
from server.display.things import Thing, thing
from server.formats import alternates, described, linked, serialized, varied
from server.http.errors import UnknownEntityError
from server.http.media import GRAPHS, HTML, by_suffix, choose
from server.pages.entities import show
from server.vocabulary import glossary

bp = Blueprint("vocabulary", __name__)


@bp.get("/ontology")
def ontology() -> Response:
    """Show the terms of the ontology, or answer with them as data, by Accept."""
    media = choose((*GRAPHS, HTML))
    if media is not HTML:
        return varied(serialized(glossary.ontology_triples(), media))
    others = alternates(url_for(".ontology"))
    page = render_template(
        "vocabulary/ontology.html", chapters=glossary.chapters(), schemes=glossary.schemes(), alternates=others
    )
    return varied(linked(page, others))


@bp.get("/ontology.<suffix>")
def ontology_data(suffix: str) -> Response:
    """Answer with the ontology in the serialization of the suffix."""
    return serialized(glossary.ontology_triples(), by_suffix(suffix, GRAPHS))


@bp.get("/shapes")
def shapes() -> Response:
    """Show the shapes as documentation, or answer with them as data, by Accept."""
    media = choose((*GRAPHS, HTML))
    if media is not HTML:
        return varied(serialized(glossary.shape_triples(), media))
    others = alternates(url_for(".shapes"))
    page = render_template("vocabulary/shapes.html", chapters=glossary.shape_chapters(), alternates=others)
    return varied(linked(page, others))


@bp.get("/shapes.<suffix>")
def shapes_data(suffix: str) -> Response:
    """Answer with the shapes in the serialization of the suffix."""
    return serialized(glossary.shape_triples(), by_suffix(suffix, GRAPHS))


@bp.get("/context.jsonld")
def context() -> Response:
    """Answer with the JSON-LD context of the ontology."""
    return Response((ONTOLOGY / "context.jsonld").read_bytes(), mimetype="application/ld+json")


@bp.get("/code/<path:path>")
def code(path: str) -> Redirection:
    """Show a code or a code list, or answer with its data, by suffix or Accept."""
    name, _, suffix = path.rpartition(".")
    known = suffix in {media.suffix for media in GRAPHS}
    media = by_suffix(suffix, GRAPHS) if known else choose((*GRAPHS, HTML))
    path = name if known else path
    there = coded(path)
    if media is HTML:
        return varied(show(there, alternates(url_for(".code", path=path)), path))
    return varied(described(there.iri, media, url_for(".code", path=path)))


def coded(path: str) -> Thing:
    """Return the code or code list of a path; raise UnknownEntityError if there is none."""
    try:
        there = thing(CODE[path])
    except ValueError:
        there = None
    if there is None:
        raise UnknownEntityError(f"There is no code {path!r}; the code lists are at {url_for('.ontology')}#codes.")
    return there
