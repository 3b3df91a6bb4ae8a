"""The SPARQL 1.1 endpoint: query by GET, by POST form and by POST of the query (SPARQL 1.1 Protocol, 2.1).

The QUERY method of the draft of SPARQL 1.2 is taken like POST; OPTIONS is answered by `origins`.
"""

import time

from flask import Blueprint, Response, current_app, g, request

from graph.policy import decide
from graph.settings import Settings
from server.alike import ASKED, Asked, taken
from server.caching import Cache, known, marked
from server.compression import encoding
from server.description import service
from server.engine.client import Engine, EngineError, MediaError
from server.engine.wire import Question
from server.errors import NotAcceptableError
from server.logs import note_query
from server.media import HTML, RESULTS, TRIPLES, Media, choose, offers_text
from server.protocol import Parameters, check_version, dataset, parameters, query_text, timeout
from server.reply import Wanted, fresh, kept
from server.updates import is_update, update

bp = Blueprint("sparql", __name__)


@bp.route("/sparql", methods=["GET", "POST", "QUERY"])
@bp.route("/sparql.<suffix>", methods=["GET", "POST", "QUERY"])
def endpoint(suffix: str | None = None) -> Response:
    """Answer a query; without one describe the service, to browsers by the form."""
    given = parameters()
    if is_update(given):
        return update(given)
    text = query_text(given)
    if text is None:
        return service(suffix)
    note_query(text)
    check_version(given)
    wanted = Wanted(_wanted(RESULTS, suffix), _wanted(TRIPLES, suffix))
    if wanted.results is None and wanted.graph is None:
        raise NotAcceptableError(offers_text((*RESULTS, *TRIPLES, HTML)))
    return answered(_question(text, given, wanted), wanted)


def engine() -> Engine:
    """Return the engine of the application.

    Raises:
        EngineError: the application runs without one.
    """
    found = current_app.config["ENGINE"]
    if not isinstance(found, Engine):
        raise EngineError("Queries are answered by an engine of their own; start it with: convocation serve")
    return found


def _question(text: str, given: Parameters, wanted: Wanted) -> Question:
    settings: Settings = current_app.config["SETTINGS"]
    default_graphs, named_graphs = dataset(given)
    return Question(
        text=text,
        version=g.served.version.number,
        results=wanted.results_suffix,
        graph=wanted.graph_suffix,
        base=g.served.version.base + "sparql",
        timeout=timeout(given),
        size=settings.query_size << 20,
        rows=settings.query_rows,
        default_graphs=default_graphs,
        named_graphs=named_graphs,
    )


def _wanted(offers: tuple[Media, ...], suffix: str | None) -> Media | None:
    try:
        return choose((*offers, HTML), suffix)
    except NotAcceptableError:
        return None


def answered(question: Question, wanted: Wanted) -> Response:
    """Answer from the client's own copy, from the cache, or from the engine.

    Raises:
        NotAcceptableError: the query gives a graph or results, and the client takes no form of it.
    """
    begun = time.monotonic()
    cache: Cache = current_app.config["CACHE"]
    asked = Asked(question, wanted, g.served.version.built, encoding())
    tag = asked.tag
    if tag and known(tag):
        return marked(wanted.varied(Response(status=304)), tag)
    if tag and (found := cache.get(tag)):
        request.environ[ASKED] = asked, found.is_graph
        return marked(kept(found, wanted, begun), tag)
    decide(question.text, frozenset(current_app.config["SETTINGS"].services.split()))
    try:
        answer = taken(request.environ, question) or engine().ask(question, request.environ.get("gunicorn.socket"))
    except MediaError as error:
        offers = TRIPLES if error.kind == "graph" else RESULTS
        raise NotAcceptableError(offers_text((*offers, HTML))) from error
    request.environ[ASKED] = asked, answer.is_graph
    tag = tag if answer.version == question.version else None
    return marked(fresh(answer, wanted, begun, (cache, tag)), tag)
