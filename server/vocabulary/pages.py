"""The vocabulary: ontology, code lists and shapes, as pages and as data."""

import json
from collections.abc import Iterable

from flask import Blueprint, Response, render_template, request, url_for
from pyoxigraph import Triple
from werkzeug.wrappers import Response as Redirection

from graph.terms import CODE
from graph.vocabulary import context as json_ld
from server.display.things import Thing, thing
from server.formats import alternates, described, linked, serialized, varied
from server.http.errors import UnknownEntityError
from server.http.media import GRAPHS, HTML, by_suffix, choose
from server.pages.entities import show
from server.vocabulary import glossary

bp = Blueprint("vocabulary", __name__)


@bp.get("/ontology")
@bp.get("/ontology.<suffix>")
def ontology(suffix: str | None = None) -> Response:
    """Show the terms of the ontology, or answer with them as data, by suffix or Accept."""
    template, shown = "vocabulary/ontology.html", {"chapters": glossary.chapters(), "schemes": glossary.schemes()}
    return _answer(glossary.ontology_triples(), suffix, template, **shown)


@bp.get("/shapes")
@bp.get("/shapes.<suffix>")
def shapes(suffix: str | None = None) -> Response:
    """Show the shapes as documentation, or answer with them as data, by suffix or Accept."""
    chapters = glossary.shape_chapters()
    return _answer(glossary.shape_triples(), suffix, "vocabulary/shapes.html", chapters=chapters)


def _answer(content: Iterable[Triple], suffix: str | None, template: str, **shown: object) -> Response:
    if suffix:
        return serialized(content, by_suffix(suffix, GRAPHS))
    media = choose((*GRAPHS, HTML))
    if media is not HTML:
        return varied(serialized(content, media))
    others = alternates(request.script_root + request.path)
    return varied(linked(render_template(template, alternates=others, **shown), others))


@bp.get("/context.jsonld")
def context() -> Response:
    """Answer with the JSON-LD context of the ontology."""
    return Response(json.dumps(json_ld.context()), mimetype="application/ld+json")


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
