"""How many requests one client may send: 429 with Retry-After beyond it; each process counts for itself."""

import ipaddress
import math
import time

from flask import Flask, request
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from werkzeug.middleware.proxy_fix import ProxyFix

from graph.settings import Settings
from server.errors import RateError

FREE = {"static", "manifest.served", "health.health", "health.live", "metrics.metrics"}
NETWORK = 64  # bits of an IPv6 address that one client has for itself


def init_app(app: Flask) -> None:
    """Hold the clients of an application to the rate of its settings, and learn their addresses from its proxies."""
    settings: Settings = app.config["SETTINGS"]
    if settings.proxies:
        fixed = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies)
        app.wsgi_app = fixed  # type: ignore[method-assign]
    if not settings.rate:
        return
    limiter, rate = MovingWindowRateLimiter(MemoryStorage()), parse(settings.rate)

    @app.before_request
    def _hold() -> None:
        if request.endpoint not in FREE:
            _hit(limiter, rate, client(request.remote_addr or ""), settings.rate)


def _hit(limiter: MovingWindowRateLimiter, rate: RateLimitItem, who: str, words: str) -> None:
    """Count a request.

    Raises:
        RateError: the client has sent too many.
    """
    if not limiter.hit(rate, who):
        wait = max(1, math.ceil(limiter.get_window_stats(rate, who).reset_time - time.time()))
        raise RateError(f"You may send {words} requests; send the next in {wait} s.", words, wait)


def client(address: str) -> str:
    """Return what a client is counted by: its address, or the network where it has a whole one (IPv6)."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    if ip.version == 4:  # noqa: PLR2004 - IPv4
        return address
    return str(ipaddress.ip_network((address, NETWORK), strict=False))
