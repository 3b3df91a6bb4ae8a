"""Prepares what visitors would wait for: templates, the version, pictures, every view, and missing derived files."""

import gc
import time
from contextlib import suppress
from threading import Thread

from flask import Flask, g

from graph.errors import ConvocationError
from graph.versions.derived import REPORT, missing
from graph.versions.home import Home, Version
from server.background import begin, verified
from server.engine.process import give_back
from server.formats import formats
from server.http.serving import Serving
from server.pages.home import home
from server.views.catalog import view, views
from server.views.drawing import figure
from server.views.pages import PICTURED, asked, file

PAUSE = 5.0  # seconds between looks for a new version
SELDOM = 100  # younger collections of garbage between two of all that lives, which stop a page for 40 to 70 ms
QUIET = 60.0  # seconds for which a version that a write made is left alone: another may follow


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


def start(app: Flask) -> None:
    """Follow the versions in the background, for as long as the process lives."""
    Thread(target=_follow, args=(app,), name="warming", daemon=True).start()


def _follow(app: Flask) -> None:
    serving: Serving = app.config["SERVING"]
    warmed, seen, since = 0, 0, 0.0
    while True:
        time.sleep(PAUSE)  # the first visitors come first
        with suppress(ConvocationError):  # without a version there is nothing to make ready
            version = serving.now().version
            if version.number != seen:
                seen, since = version.number, time.monotonic()
            if version.is_built or time.monotonic() - since > QUIET:
                _complete(app, version)
                if seen != warmed:
                    Thread(target=verified, args=(version,), name="verifying", daemon=True).start()
                    warm(app)
                    warmed = seen


def _complete(app: Flask, version: Version) -> None:
    report = bool(app.config["SETTINGS"].validate == "yes")
    home: object = app.config["SERVING"].home
    if isinstance(home, Home) and any(report or kind is not REPORT for kind in missing(version.folder)):
        begin(version, report=report)


def warm(app: Flask) -> None:
    """Draw the pictures of the home page, render it, then answer and draw every view as it is without parameters."""
    for name in PICTURED:
        for width in ("", "&width=narrow"):
            with app.test_request_context(f"/view/{name}.svg?bare=1{width}"), suppress(ConvocationError):
                g.served = app.config["SERVING"].now()
                file(name, "svg")
    with app.test_request_context("/"), suppress(ConvocationError):
        g.served = app.config["SERVING"].now()
        home()
    for name in views():
        with app.test_request_context(f"/view/{name}"), suppress(ConvocationError):  # the visitor sees the error
            g.served = app.config["SERVING"].now()
            figure(view(name), asked(view(name)))
    give_back()  # what answering all of them took and nobody needs now
