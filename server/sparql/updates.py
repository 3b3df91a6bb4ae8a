"""SPARQL Update by POST form and by POST of the update (SPARQL 1.1 Protocol, 2.2), and who may write."""

from http import HTTPStatus

from flask import Response, current_app, g, request

from graph.policy import decide
from graph.settings import Settings
from graph.updates.affected_quads import with_dataset
from graph.updates.writer import Change
from server.engine.client import Engine
from server.engine.failures import EngineError, LimitError
from server.engine.frames import Question
from server.http.errors import RequestError, TokenError, WritesDisabledError
from server.http.logs import note_query
from server.metrics import shows
from server.sparql.protocol import UPDATE, Parameters, Sent, body_text, timeout
from server.sparql.writing import Writing

SERVED = 10.0  # seconds within which queries should see what was written


def is_update(sent: Sent, given: Parameters) -> bool:
    """Return whether the request brings an update; one by GET is none (SPARQL 1.1 Protocol, 2.2)."""
    return sent.method == "POST" and (sent.mimetype == UPDATE or bool(given.all("update")))


def update(sent: Sent, given: Parameters) -> Response:
    """Apply the update of the request; answer when queries see it.

    Raises:
        WritesDisabledError: nobody writes here.
        TokenError: the client may not write.
        RequestError: there are several updates, or a query too.
        QueryError: the update is not SPARQL, reaches what it may not, or fails.
        ShapeError: the graph would break a shape.
    """
    authorize()
    text = _text(sent, given)
    note_query(text)
    check_reach(text)
    default, named = given.graphs("using-graph-uri"), given.graphs("using-named-graph-uri")
    text = with_dataset(text, default or (), named or ())
    settings: Settings = current_app.config["SETTINGS"]
    seconds = timeout(sent, given, settings)
    return made(Change("update", f"{g.served.version.base}sparql", text, seconds=seconds))


def _text(sent: Sent, given: Parameters) -> str:
    if given.all("query"):
        raise RequestError("The request has both a query and an update; send them one after the other.")
    if sent.mimetype != UPDATE:
        return (given.one("update") or "").removeprefix("\ufeff")
    if given.all("update"):
        raise RequestError("The update is both in the body and in update=; send it once.")
    return body_text(sent, "update")


def check_reach(text: str) -> None:
    """Raise QueryError if an update asks an endpoint or loads a document that is not allowed."""
    settings: Settings = current_app.config["SETTINGS"]
    decide(text, frozenset(settings.services.split()), frozenset(settings.loads.split()))


def authorize() -> None:
    """Raise TokenError unless the client may write, and WritesDisabledError if nobody may."""
    settings: Settings = current_app.config["SETTINGS"]
    if settings.store:
        raise WritesDisabledError("the graph is stored in another engine (CONVOCATION_STORE); write there")
    if not settings.token:
        raise WritesDisabledError("CONVOCATION_TOKEN is not set; ask the operator to set it")
    if not shows(request.headers.get("Authorization", ""), settings.token):
        raise TokenError("Writing needs a token: send Authorization: Bearer <CONVOCATION_TOKEN>.")


def made(change: Change, location: str | None = None) -> Response:
    """Make a change; answer when queries see it, or say that they do not yet (202)."""
    writing: Writing = current_app.config["WRITING"]
    outcome = writing.write(change)
    engine = current_app.config["ENGINE"]
    seen = _is_served(engine, outcome.number) if isinstance(engine, Engine) else True
    created = outcome.created and location is not None
    status = HTTPStatus.CREATED if created else HTTPStatus.NO_CONTENT
    response = Response(status=status if seen else HTTPStatus.ACCEPTED)
    del response.headers["Content-Type"]  # there is no content
    response.headers["X-Convocation-Version"] = str(outcome.number)
    if created and location:
        response.headers["Location"] = location
    return response


def _is_served(engine: Engine, number: int) -> bool:
    """Return whether the engine answers from a version, or a later one, within some seconds."""
    try:
        engine.ask(Question("ASK {}", number, "tsv", None, g.served.version.base, SERVED))
    except (EngineError, LimitError):
        return False
    return True
