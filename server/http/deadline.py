"""The time that a request may take: every query of a page, every link in it and every block of it asks what is left."""

import time

from flask import current_app, g

from graph.settings import Settings
from server.engine.failures import time_error


def begin() -> None:
    """Begin to count the time of a request."""
    settings: Settings = current_app.config["SETTINGS"]
    g.until = time.monotonic() + settings.query_seconds


def seconds_left() -> float:
    """Return how many seconds the request may still take.

    Raises:
        LimitError: none.
    """
    settings: Settings = current_app.config["SETTINGS"]
    if "until" not in g:  # what the server makes ready by itself has its time from the first query on
        begin()
    left = float(g.until) - time.monotonic()
    if left <= 0:
        raise time_error(settings.query_seconds, "The page")
    return left
