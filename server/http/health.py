"""Whether the server lives and can answer, for a supervisor or a load balancer: /health and /health/live."""

from datetime import UTC, datetime

from flask import Blueprint, Response, current_app, jsonify

from graph.errors import ConvocationError
from graph.files import ROOT
from graph.versions.home import Version
from server.engine.client import Engine
from server.engine.failures import BusyError
from server.engine.frames import Question
from server.http.errors import public
from server.http.serving import Serving

bp = Blueprint("health", __name__)

PATIENCE = 2.0  # seconds within which the engine is to answer
PROBE = (ROOT / "server" / "queries" / "health.rq").read_text(encoding="utf-8")


@bp.get("/health/live")
def live() -> Response:
    """Tell that the process answers."""
    return jsonify(live=True)


@bp.get("/health")
def health() -> tuple[Response, int]:
    """Tell whether there is a version and the engine answers; 503 where not."""
    serving: Serving = current_app.config["SERVING"]
    facts: dict[str, object] = {"live": True, "ready": False}
    try:
        version = serving.now().version
        age = int((datetime.now(UTC) - datetime.fromisoformat(version.built)).total_seconds())
        facts |= {"version": version.number, "built": version.built, "age": age}
        facts |= {"engine": _engine(version)}
    except ConvocationError as error:
        facts["detail"] = public(error)
    facts["ready"] = facts.get("engine") in ("answers", "busy")
    return jsonify(facts), 200 if facts["ready"] else 503


def _engine(version: Version) -> str:
    """Return whether the engine answers; raise EngineError or LimitError if it does not within the time."""
    engine = current_app.config["ENGINE"]
    if not isinstance(engine, Engine):
        return "none"
    try:
        engine.ask(Question(PROBE, version.number, "tsv", None, version.base, PATIENCE))
    except BusyError:
        return "busy"
    return "answers"
