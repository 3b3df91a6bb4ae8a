"""The web process: gunicorn around the application; `python -m server.web <listener fd> <engine socket>`."""

import gc
import sys
from contextlib import suppress
from functools import partial
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from prometheus_client.multiprocess import mark_process_dead

from graph.errors import ConvocationError
from graph.settings import Settings
from server import create_app, warming
from server.alike import Alike
from server.engine.pool import end_with_parent
from server.formats import formats
from server.front import Front
from server.keeping import Keeping
from server.patience import Patient, PatientWorker, Watch
from server.repeats import Repeats
from server.serving import Serving, sign

LONGEST_ADDRESS = 8190  # bytes of a request line, the most that gunicorn takes; a longer query is posted
SELDOM = 100  # younger collections of garbage between two of all that lives, which stop a page for 40 to 70 ms


class Web(BaseApplication):  # type: ignore[misc]
    """Gunicorn, configured here and by nothing else."""

    def __init__(self, settings: Settings, listener: int, engine: str) -> None:
        self.settings, self.listener, self.engine = settings, listener, engine
        super().__init__()

    def load_config(self) -> None:
        """Set what the settings say."""
        values: dict[str, Any] = {
            "bind": f"fd://{self.listener}",
            "workers": self.settings.workers,
            "threads": self.settings.threads,
            "worker_class": PatientWorker,
            "worker_connections": 1000,
            "keepalive": 15,
            "loglevel": "warning",
            "limit_request_line": LONGEST_ADDRESS,
            "graceful_timeout": grace(self.settings),
            "timeout": self.settings.query_seconds + 30,
            "post_fork": _forked,
            "child_exit": _ended,
            "control_socket_disable": True,
        }
        for name, value in values.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        """Return the application, in the worker."""
        app = ready(create_app(self.settings, self.engine))
        warming.start(app)
        watch = Watch(self.settings.client_seconds)
        if self.settings.rate or not self.settings.cache:
            return Patient(app, watch)
        serving: Serving = app.config["SERVING"]
        repeats = Repeats(app.config["LOG"], partial(sign, serving.home), self.settings.cache << 19)
        front = Front(repeats, Alike(app.config["ENGINE"], app.config["CACHE"]), f"{serving.home.folder}/current")
        return Patient(Keeping(app, front), watch, front, proxied=bool(self.settings.proxies))


def ready(app: Flask) -> Flask:
    """Return an application whose first visitor does not wait: templates compiled, the version opened."""
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)
    serving: Serving = app.config["SERVING"]
    with suppress(ConvocationError):  # without a version each request says what is missing
        _ = serving.now().near
    formats()  # imports what writes them
    gc.collect()
    gc.freeze()  # what is loaded now stays, and need not be looked through again and again
    gc.set_threshold(*gc.get_threshold()[:2], SELDOM)
    return app


def grace(settings: Settings) -> int:
    """Return how many seconds a request may take to end when the server stops: every query ends by then."""
    return settings.query_seconds + 2


def _forked(_: object, __: object) -> None:
    end_with_parent()


def _ended(_: object, worker: Any) -> None:
    mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def main() -> None:
    """Serve on a listening socket and ask the engine behind another."""
    end_with_parent()
    Web(Settings.from_environment(), int(sys.argv[1]), sys.argv[2]).run()


if __name__ == "__main__":
    main()
