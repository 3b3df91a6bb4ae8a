"""The Flask application: its settings, its parts and what every request and answer has."""

from collections.abc import Iterator
from importlib import import_module

from flask import Blueprint, Flask, Response, g, request

from graph.errors import ConvocationError
from graph.files import ROOT
from graph.remote.marker import home_of
from graph.settings import Settings
from server.engine.client import Engine
from server.http import compression, errors, headers, logs, rates
from server.http.caching import Cache
from server.http.headers import POLICY, SAFE
from server.http.serving import Below, Serving, absolute, warn_of_base
from server.metrics import shows
from server.sparql.querying import OUTCOME


def create_app(settings: Settings | None = None, engine: str = "") -> Flask:
    """Return the application that serves the current version of a home; `engine` is the socket that answers queries."""
    settings = settings or Settings.from_environment()
    app = Flask("server")
    app.config["SETTINGS"] = settings
    app.config["ENGINE"] = _engine(engine, settings) if engine else None
    app.config["CACHE"] = Cache(settings.cache << 20)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.config["MAX_CONTENT_LENGTH"] = settings.body_size << 20
    app.config["SERVING"] = Serving(home_of(settings), lambda version: warn_of_base(version, settings))
    app.wsgi_app = Below(app.wsgi_app, app.config["SERVING"], settings)  # type: ignore[method-assign]
    app.jinja_env.filters["absolute"] = absolute
    for part in (logs, rates):  # first, so that all else is counted
        part.init_app(app)

    _add_hooks(app)
    for part in (compression, headers, errors):
        part.init_app(app)
    for blueprint in blueprints():
        app.register_blueprint(blueprint)
    return app


def _add_hooks(app: Flask) -> None:
    """Give each request one version, and each answer the headers that all have."""
    settings: Settings = app.config["SETTINGS"]
    serving: Serving = app.config["SERVING"]

    @app.before_request
    def _begin() -> None:
        rates.begin()
        if shows(request.headers.get("Authorization", ""), settings.token):
            request.max_content_length = request.max_form_memory_size = settings.write_size << 20
        if isinstance(refused := request.environ.get(OUTCOME), ConvocationError):
            raise refused
        if request.endpoint not in rates.FREE:
            g.served = serving.now()

    @app.after_request
    def _headers(response: Response) -> Response:
        host = request.host_url[:-1]
        if response.headers.get("Location", "").startswith(host):  # a redirect of the router names the host asked
            response.headers["Location"] = response.headers["Location"].removeprefix(host)
            response.set_data(response.get_data().replace(host.encode(), b""))
        if "served" in g:
            response.headers.setdefault("X-Convocation-Version", str(g.served.version.number))
        response.headers.setdefault("Content-Security-Policy", POLICY)  # a figure and an embedded view have their own
        for name, value in SAFE:
            response.headers[name] = value
        return response


def _engine(path: str, settings: Settings) -> Engine:
    return Engine(path, settings.queries, settings.waiting, settings.query_memory, settings.spool)


def blueprints() -> Iterator[Blueprint]:
    """Yield the blueprint of each module that has one, by name; only these modules are imported."""
    for pattern in ("*.py", "[a-z]*/*.py"):
        for path in sorted((ROOT / "server").glob(pattern)):
            if "\nbp = Blueprint(" in path.read_text(encoding="utf-8"):
                name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
                blueprint: Blueprint = import_module(name).bp
                yield blueprint
