"""The SPARQL 1.1 endpoint in Flask: updates, descriptions, pages of answers, and errors.

The gateway has asked the engine already, and passes the outcome in the environ. Without the gateway, as in tests, the
engine is asked here. The QUERY method of the draft of SPARQL 1.2 works like POST.
"""

from collections.abc import Iterator

from flask import Blueprint, Response, current_app, g, request

from graph.errors import ConvocationError
from server.engine.client import Engine
from server.engine.failures import EngineError
from server.engine.turns import NOBODY
from server.http.caching import SAFE, Cache, CachedAnswer
from server.http.logs import RECORD, note_query
from server.sparql.description import service
from server.sparql.protocol import Sent, parameters
from server.sparql.querying import (
    OUTCOME,
    Outcome,
    PreparedQuery,
    StartedQuery,
    blocks,
    headers,
    is_page,
    read,
    resolve,
)
from server.sparql.result_page import page
from server.sparql.updates import is_update, update

bp = Blueprint("sparql", __name__)


@bp.route("/sparql", methods=["GET", "POST", "QUERY"])
@bp.route("/sparql.<suffix>", methods=["GET", "POST", "QUERY"])
def endpoint(suffix: str | None = None) -> Response:
    """Answer a query; without one describe the service, to browsers by the form."""
    done: tuple[PreparedQuery, Outcome] | ConvocationError | None = request.environ.pop(OUTCOME, None)
    if isinstance(done, ConvocationError):
        raise done
    if done:
        return response(*done)
    sent = Sent.of_flask(suffix)
    given = parameters(sent)
    if is_update(sent, given):
        return update(sent, given)
    asked = read(sent, current_app.config["SETTINGS"], g.served.version)
    if asked is None:
        return service(suffix)
    note_query(asked.question.text)
    return answered(asked)


def engine() -> Engine:
    """Return the engine of the application; raise EngineError if the application runs without one."""
    found = current_app.config["ENGINE"]
    if not isinstance(found, Engine):
        raise EngineError("Queries are answered by an engine of their own; start it with: convocation serve")
    return found


def answered(asked: PreparedQuery) -> Response:
    """Answer from the client's own copy, from the cache, or from the engine."""
    cache: Cache = current_app.config["CACHE"]
    return response(asked, engine().wait_for(resolve(asked, engine(), cache)))


def response(asked: PreparedQuery, outcome: Outcome) -> Response:
    """Return the response to a question of which something came."""
    found = _content(asked, outcome)
    for name, value in headers(asked, outcome, request.environ[RECORD].begun, safe=request.method in SAFE):
        found.headers[name] = value
    return found


def _content(asked: PreparedQuery, outcome: Outcome) -> Response:
    if outcome is None:
        return Response(status=304)
    found = [outcome.body] if isinstance(outcome, CachedAnswer) else Stream(engine(), asked, outcome)
    try:
        if is_page(asked, outcome):
            return page(found, outcome.is_graph)
        return Response(outcome.body if isinstance(outcome, CachedAnswer) else found)
    finally:
        if isinstance(found, Stream) and (is_page(asked, outcome) or request.method == "HEAD"):
            found.close()


class Stream:
    """The body of a large answer for a thread that sends it; `close` gives the rest up."""

    def __init__(self, engine: Engine, asked: PreparedQuery, begun: StartedQuery) -> None:
        self.engine, self.begun = engine, begun
        self.blocks = blocks(asked, begun, current_app.config["CACHE"], NOBODY)

    def __iter__(self) -> Iterator[bytes]:
        while block := self.engine.wait_for(self._next()):
            yield block

    async def _next(self) -> bytes:
        return await anext(self.blocks, b"")

    def close(self) -> None:
        """Give up the rest of the answer."""
        self.engine.running_loop().call_soon_threadsafe(self.begun.answer.close)
