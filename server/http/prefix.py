"""The path of the base, below which everything is served, and the absolute addresses of places below it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import g

from graph.errors import ConvocationError
from graph.settings import Settings
from server.http.serving import Serving

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


@lru_cache(maxsize=16)
def prefix(base: str) -> str:
    """Return the path of a base, without the slash at its end: that of https://uni.example/kg/ is /kg."""
    return urlsplit(base).path.rstrip("/")


@lru_cache(maxsize=16)
def _origin(base: str) -> str:
    parts = urlsplit(base)
    return f"{parts.scheme}://{parts.netloc}"


def absolute(place: str) -> str:
    """Return the whole address of a place such as `url_for` gives: below the base, whoever asks at which host."""
    return _origin(g.served.version.base) + place if place.startswith("/") else place


@dataclass
class Below:
    """An application that is served below the path of the base, whether a proxy keeps that path or strips it."""

    app: "WSGIApplication"
    serving: Serving
    settings: Settings

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer a request; its own SCRIPT_NAME is not asked, since any client can send one to some servers."""
        path = self.prefix
        environ["SCRIPT_NAME"] = path
        for name in ("PATH_INFO", "RAW_URI"):
            environ[name] = within(environ.get(name, ""), path)
        return self.app(environ, start_response)

    @property
    def prefix(self) -> str:
        """The path of the base of the version, or that of the settings if there is no version."""
        try:
            return prefix(self.serving.now().version.base)
        except ConvocationError:
            return prefix(self.settings.namespace)


def within(path: str, prefix: str) -> str:
    """Return a path without a prefix."""
    return (path[len(prefix) :] or "/") if prefix and f"{path}/".startswith(f"{prefix}/") else path
