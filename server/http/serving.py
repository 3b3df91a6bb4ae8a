"""The version that is served, opened again when another becomes current, and the path below which it is served."""

import os
import weakref
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from threading import Lock
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click
from flask import g

from graph.errors import ConvocationError
from graph.remote.marker import RemoteHome, open_version
from graph.settings import Settings
from graph.store import Store
from graph.store.embedded import EmbeddedStore
from graph.system.locks import hold
from graph.versions.home import Home, Version

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

SMALL = 300_000  # quads that are read into memory in about a second


@dataclass(frozen=True)
class Served:
    """A version, and its store, which is opened when it is first needed: a query or an update needs none here."""

    home: Home | RemoteHome
    version: Version

    @cached_property
    def store(self) -> Store:
        """The store of the version."""
        return open_version(self.home, self.version)

    @cached_property
    def near(self) -> Store:
        """The store that pages ask: a small one is read into memory, where it answers twice as fast."""
        if isinstance(self.store, EmbeddedStore) and self.version.counts.get("quads", SMALL) < SMALL:
            return EmbeddedStore.memory(self.store.quads())
        return self.store


class Serving:
    """Gives each request the current version; a request keeps the one it began with.

    `on_change` is called with each new version.
    """

    def __init__(self, home: Home | RemoteHome, on_change: Callable[[Version], None] = lambda _: None) -> None:
        self.home, self.on_change = home, on_change
        self._pointer = "" if isinstance(home, RemoteHome) else f"{home.folder}/current"
        self._lock = Lock()
        self._served: Served | None = None
        self._seen: object = None

    def now(self) -> Served:
        """Return the current version, opened; raise VersionError if no version was published yet."""
        seen = self._fingerprint()
        if self._served is not None and seen == self._seen:
            return self._served
        with self._lock:
            self._seen, number = seen, self.home.current_number()
            if self._served is None or self._served.version.number != number:
                first = self._served is None
                self._served = self._open()
                if not first:
                    self.on_change(self._served.version)
            return self._served

    def _fingerprint(self) -> object:
        """Return a value that changes when another version becomes the current one, without opening a file."""
        if isinstance(self.home, RemoteHome):
            return self.home.current_number()
        try:
            found = os.stat(self._pointer)  # noqa: PTH116 - a path would take as long as the call
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns

    def _open(self) -> Served:
        """Hold the current version, or the one that took its place if it is gone before it is held."""
        while True:
            served = Served(self.home, self.home.needed())
            if isinstance(self.home, RemoteHome):
                return served
            try:
                weakref.finalize(served, os.close, hold(served.version.store))
            except OSError:
                if self.home.current_number() == served.version.number:
                    _ = served.store  # says what is wrong with it
            else:
                return served


def warn_of_base(version: Version, settings: Settings) -> None:
    """Say what to do where the IRIs of a version begin elsewhere than where it is served."""
    if version.base != settings.namespace:
        click.echo(
            f"Warning: version {version.number} was built for {version.base}, but {settings.namespace} is served, "
            "so the links of its things lead elsewhere.\n"
            f"Fix: convocation build --base {settings.namespace}\n"
            f"  or: serve with CONVOCATION_BASE={version.base}, if a proxy there leads here.",
            err=True,
        )


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
