"""Limits of requests: how many one client may send (else 429 with Retry-After), and how long a page may take.

Each process counts for itself. Every query, link and block of a page checks the time that is left.
"""

import ipaddress
import math
import time
from dataclasses import dataclass

from flask import Flask, current_app, g, request
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from werkzeug.middleware.proxy_fix import ProxyFix

from graph.settings import Settings
from server.engine.failures import time_error
from server.http.errors import RateError
from server.http.logs import RECORD

FREE = {"static", "manifest.served", "health.health", "health.live", "metrics.metrics"}
NETWORK = 64  # bits of an IPv6 address that one client has for itself


@dataclass
class Rates:
    """Counts the requests of each client; without a rate nobody is limited."""

    rate: str

    def __post_init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._item = parse(self.rate) if self.rate else None

    def hit(self, address: str) -> None:
        """Count a request of a client; raise RateError if the client has sent too many."""
        if self._item and not self._limiter.hit(self._item, who := client(address)):
            reset = self._limiter.get_window_stats(self._item, who).reset_time
            wait = max(1, math.ceil(reset - time.time()))
            raise RateError(f"You may send {self.rate} requests; send the next in {wait} s.", self.rate, wait)


def init_app(app: Flask) -> None:
    """Limit the clients of an application to the rate of its settings, and learn their addresses from its proxies."""
    settings: Settings = app.config["SETTINGS"]
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=0)  # type: ignore[method-assign]
    rates = app.config["RATES"] = Rates(settings.rate)

    @app.before_request
    def _hold() -> None:
        record = request.environ.get(RECORD)
        if request.endpoint not in FREE and not (record and record.is_counted):
            rates.hit(request.remote_addr or "")


def client(address: str) -> str:
    """Return what a client is counted by: its address, or the network where it has a whole one (IPv6)."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    if ip.version == 4:  # noqa: PLR2004 - IPv4
        return address
    return str(ipaddress.ip_network((address, NETWORK), strict=False))


def begin() -> None:
    """Begin to count the time of a request."""
    settings: Settings = current_app.config["SETTINGS"]
    g.until = time.monotonic() + settings.query_seconds


def seconds_left() -> float:
    """Return how many seconds the request may still take; raise LimitError if none are left."""
    settings: Settings = current_app.config["SETTINGS"]
    if "until" not in g:  # what the server makes ready by itself has its time from the first query on
        begin()
    left = float(g.until) - time.monotonic()
    if left <= 0:
        raise time_error(settings.query_seconds, "The page")
    return left
