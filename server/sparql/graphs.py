"""The Graph Store HTTP Protocol: /store?graph=<iri>, /store?default, and graphs at their own addresses.

A graph whose IRI begins with the base and `graph/` or `store/` is read and written at that IRI (direct identification);
GET of `graph/…` is answered by `entities`, for browsers too. POST to /store itself makes a graph and names it.
"""

from pathlib import PurePath
from urllib.parse import urlsplit
from uuid import uuid4

from flask import Blueprint, Response, current_app, g, request
from flask.blueprints import BlueprintSetupState
from pyoxigraph import NamedNode

from graph.errors import UnknownGraphError
from graph.names import Names
from graph.settings import Settings
from graph.updates.writer import Change, Payload
from server.display.asking import QUERIES
from server.engine.frames import Question
from server.http.errors import ConditionError, RequestError, UnsupportedMediaError
from server.http.media import GRAPHS, Media, choose
from server.sparql.endpoint import answered
from server.sparql.protocol import UPDATE, Sent, body_text, parameters, timeout
from server.sparql.querying import AcceptedFormats, prepared
from server.sparql.updates import authorize, check_reach, made
from server.sparql.writing import Writing

bp = Blueprint("graphs", __name__)

EVERYTHING = (QUERIES / "store" / "graph.rq").read_text(encoding="utf-8")
WRITES = ["PUT", "POST", "DELETE", "PATCH"]
MULTIPART = "multipart/form-data"


@bp.record_once
def _start(state: BlueprintSetupState) -> None:
    state.app.config["WRITING"] = Writing(state.app.config["SETTINGS"])


@bp.get("/store")
def read() -> Response:
    """Answer with the graph that `graph=` names, or the default graph."""
    return _read(_asked())


@bp.get("/store/<path:path>")
def read_direct(path: str) -> Response:
    """Answer with the graph at this address."""
    return _read(here(path))


@bp.route("/store", methods=WRITES)
def write() -> Response:
    """Change the graph that `graph=` names, or the default graph, or make a new one."""
    authorize()
    if request.method == "POST" and not {"graph", "default"} & {key for key, _ in parameters(Sent.of_flask()).pairs}:
        return _write(Names(g.served.version.base).graph(uuid4().hex).value)
    return _write(_asked())


@bp.route("/store/<path:path>", methods=WRITES)
@bp.route("/graph/<path:path>", methods=WRITES)
def write_direct(path: str) -> Response:
    """Change the graph at this address."""
    authorize()
    return _write(here(path))


def here(path: str) -> str:
    """Return the IRI of the graph at the address of the request, with its escapes; raise RequestError if it is none."""
    raw = urlsplit(str(request.environ.get("RAW_URI") or request.environ.get("REQUEST_URI") or "")).path
    return _iri(g.served.version.base + (raw or f"{request.path}").lstrip("/"), path)


def _iri(iri: str, words: str) -> str:
    try:
        return NamedNode(iri).value
    except ValueError as error:
        raise RequestError(f"{words!r} is not the name of a graph ({error}); write an absolute IRI.") from error


def _asked() -> str | None:
    """Return the graph that the parameters name (None: the default graph); raise RequestError unless it is one."""
    given = parameters(Sent.of_flask())
    graphs = given.graphs("graph") or ()
    if len(graphs) + bool(given.all("default")) != 1:
        raise RequestError("Say which graph is meant: ?graph= and its IRI, or ?default; one of them.")
    return graphs[0] if graphs else None


def _read(graph: str | None) -> Response:
    """Answer with a graph, by a worker of the engine; raise UnknownGraphError if there is no such graph."""
    settings: Settings = current_app.config["SETTINGS"]
    media, sent = choose(GRAPHS), Sent.of_flask()
    if graph is not None and not g.served.store.has_graph(NamedNode(graph)):
        raise UnknownGraphError(f"There is no graph <{graph}>; the description of the service lists them.")
    question = Question(
        text=EVERYTHING,
        version=g.served.version.number,
        results=None,
        graph=media.suffix,
        base=g.served.version.base,
        timeout=timeout(sent, parameters(sent), settings),
        size=settings.query_size << 20,
        rows=settings.query_rows,
        default_graphs=None if graph is None else (graph,),
        named_graphs=None if graph is None else (),
    )
    return answered(prepared(question, AcceptedFormats(None, media), sent, settings, g.served.version.built))


def _write(graph: str | None) -> Response:
    """Change a graph as the method says; None is the default graph."""
    _check_conditions(graph)
    base = graph or f"{g.served.version.base}store?default"
    if request.method == "PATCH":
        return made(Change("PATCH", base, _patch(), graph))
    payloads = () if request.method == "DELETE" else tuple(_payloads())
    return made(Change(request.method, base, graph=graph, payloads=payloads), graph)


def _check_conditions(graph: str | None) -> None:
    """Raise ConditionError if the If-Match or If-None-Match of a write does not hold (RFC 9110, section 13.1)."""
    is_there = graph is None or g.served.store.has_graph(NamedNode(graph))
    if request.if_match and not (request.if_match.star_tag and is_there):
        raise ConditionError(
            "If-Match does not hold: tags of graphs are weak here, so only * can; read the graph again."
        )
    if request.if_none_match.star_tag and is_there:
        raise ConditionError(
            "If-None-Match: * does not hold: there is such a graph already; leave it out to replace it."
        )


def _patch() -> str:
    if request.mimetype != UPDATE:
        raise UnsupportedMediaError(f"A graph is patched by {UPDATE}; send such an update.")
    text = body_text(Sent.of_flask(), "update")
    check_reach(text)
    return text


def _payloads() -> list[Payload]:
    """Return the body or the parts of a form; raise RequestError or UnsupportedMediaError for other content."""
    if request.mimetype != MULTIPART:
        return [Payload(_media(request.mimetype, "").suffix, request.get_data())]
    files = request.files.values()
    found = [Payload(_media(each.mimetype, each.filename or "").suffix, each.read()) for each in files]
    if request.form or not found:
        raise RequestError("Each part of the form must be a graph with a filename; send one, or more.")
    return found


def _media(mimetype: str, filename: str) -> Media:
    """Return the serialization of a media type, or of the suffix of a file where the type says nothing."""
    suffix = PurePath(filename).suffix.lstrip(".")
    for media in GRAPHS:
        is_named = suffix == media.suffix and mimetype in ("", "application/octet-stream")
        if is_named or mimetype in (media.type, *media.others):
            return media
    known = ", ".join(media.type for media in GRAPHS)
    raise UnsupportedMediaError(
        f"{mimetype or 'A body without Content-Type'} is not an RDF media type supported here; send {known}."
    )
