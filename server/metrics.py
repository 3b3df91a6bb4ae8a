"""Metrics of the server for Prometheus, at /metrics (text exposition format 0.0.4 or OpenMetrics, by Accept).

The counts of several processes come together in a folder that the supervisor makes (PROMETHEUS_MULTIPROC_DIR), so the
answer is the same whichever process gives it; without one, as in a test, they are those of this process.
"""

import hmac
import os
from ipaddress import ip_address

from flask import Blueprint, Response, current_app, request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import choose_encoder
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import REGISTRY
from werkzeug.exceptions import NotFound

from graph.errors import ConvocationError
from graph.settings import Settings

bp = Blueprint("metrics", __name__)

FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")  # headers by which a proxy gives itself away
FOLDER = "PROMETHEUS_MULTIPROC_DIR"
SECONDS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30)
REQUESTS = Counter("convocation_requests", "Requests answered", ["endpoint", "status"])
DURATION = Histogram("convocation_request_seconds", "Time to the last byte", ["endpoint"], buckets=SECONDS)
SENT = Counter("convocation_sent_bytes", "Bytes of the bodies that were sent", ["endpoint"])
LIMITS = Counter("convocation_limits_hit", "Requests that passed a limit", ["limit"])
CUT_OFF = Counter("convocation_answers_cut_off", "Answers that ended after their first byte, before their last")
WAITING = Gauge("convocation_queries_waiting", "Queries that wait for their turn", multiprocess_mode="livesum")
RUNNING = Gauge("convocation_queries_running", "Queries that are evaluated", multiprocess_mode="livesum")
WORKERS = Counter("convocation_workers_ended", "Workers of the engine that ended and were replaced", ["reason"])
VERSION = Gauge("convocation_version", "The version of the graph that is served", multiprocess_mode="max")


class PrivateError(ConvocationError):
    """The client may not read the counts."""


def _is_here(settings: Settings) -> bool:
    """Return whether the client is on this machine; one behind a proxy here is not, known or not."""
    if not settings.proxies and any(name in request.headers for name in FORWARDED):
        return False
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return False
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback


@bp.get("/metrics")
def metrics() -> Response:
    """Return every count; raise PrivateError if the client may not read them, NotFound if nobody may."""
    settings: Settings = current_app.config["SETTINGS"]
    if settings.metrics == "no":
        raise NotFound("The counts of this server are switched off; CONVOCATION_METRICS=local brings them back.")
    if settings.metrics == "local" and not (
        _is_here(settings) or shows(request.headers.get("Authorization", ""), settings.token)
    ):
        hint = "ask from there, send Authorization: Bearer and the value of CONVOCATION_TOKEN, or set it to open"
        raise PrivateError(f"The counts are for the server's own machine (CONVOCATION_METRICS=local); {hint}.")
    VERSION.set(current_app.config["SERVING"].home.current_number() or 0)
    registry = REGISTRY
    if os.environ.get(FOLDER):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    return Response(encode(registry), content_type=content_type)


def shows(authorization: str, token: str) -> bool:
    """Return whether an Authorization header has a token; nobody shows an empty one."""
    scheme, _, shown = authorization.partition(" ")
    right = hmac.compare_digest(shown.strip().encode(), token.encode())
    return bool(token) and scheme.lower() == "bearer" and right
