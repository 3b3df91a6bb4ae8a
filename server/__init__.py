"""Everything that speaks HTTP."""

from flask import Flask, Response, g, request

from graph.marker import home_of
from graph.settings import Settings
from server import compression, errors, logs, origins, rates
from server.blueprints import blueprints
from server.caching import Cache
from server.engine.client import Engine
from server.policy import POLICY
from server.serving import Serving, warn_of_base


def create_app(settings: Settings | None = None, engine: str = "") -> Flask:
    """Return the application that serves the current version of a home; `engine` is the socket that answers queries."""
    settings = settings or Settings.from_environment()
    app = Flask(__name__)
    app.config["SETTINGS"] = settings
    app.config["ENGINE"] = Engine(engine, settings.queries, settings.waiting, settings.query_memory) if engine else None
    app.config["CACHE"] = Cache(settings.cache << 19)  # the other half is that of `repeats`
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.config["MAX_CONTENT_LENGTH"] = settings.body_size << 20
    serving = app.config["SERVING"] = Serving(home_of(settings), lambda version: warn_of_base(version, settings))
    for part in (logs, rates):  # first, so that all else is counted
        part.init_app(app)

    @app.before_request
    def _one_version() -> None:
        if request.endpoint not in rates.FREE:
            g.served = serving.now()

    @app.after_request
    def _headers(response: Response) -> Response:
        if "served" in g:
            response.headers.setdefault("X-Convocation-Version", str(g.served.version.number))
        response.headers.setdefault("Content-Security-Policy", POLICY)  # a figure and an embedded view have their own
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
        return response

    for part in (compression, origins, errors):
        part.init_app(app)
    for blueprint in blueprints():
        app.register_blueprint(blueprint)
    return app
