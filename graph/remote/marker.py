"""The version that a remote engine serves, by its marker: one small graph, which a publication replaces."""

import json
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path
from typing import Self

import click
from pyoxigraph import Literal, NamedNode

from graph.errors import StoreError, VersionError
from graph.files import QUERIES
from graph.query import read_query
from graph.remote.connection import Connection
from graph.remote.store import RemoteStore
from graph.settings import Settings
from graph.store import Store, select
from graph.store.embedded import EmbeddedStore
from graph.terms import OWL, Triple
from graph.versions.home import Home, Version

MARKER = NamedNode("https://w3id.org/convocation/graph/published")
PATIENCE = 5.0  # seconds that the engine may take to return its marker
FRESH = 1.0  # seconds for which what the marker said is taken to hold


@dataclass(frozen=True)
class RemoteVersion(Version):
    """A version in a remote engine: the graph of its view, and its named graphs."""

    view: NamedNode = MARKER
    graphs: frozenset[NamedNode] = frozenset()

    def marker(self) -> Triple:
        """Return the triple that makes it the published one."""
        facts = {name: getattr(self, name) for name in ("number", "base", "built", "counts", "seconds")}
        facts |= {"view": self.view.value, "graphs": sorted(graph.value for graph in self.graphs)}
        return Triple(MARKER, OWL.versionInfo, Literal(json.dumps(facts, sort_keys=True)))


@dataclass
class RemoteHome:
    """The counterpart of a home folder for a remote engine: gives the current version and opens it."""

    settings: Settings
    connection: Connection
    _known: RemoteVersion | None = None
    _asked: float = -FRESH
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __str__(self) -> str:
        return self.connection.addresses.query

    @property
    def folder(self) -> Path:
        """The home folder, whose lock keeps two builds apart."""
        return self.settings.folder

    def current(self) -> RemoteVersion | None:
        """Return the current version, if any was published; raise StoreError if the engine does not answer."""
        rows = self._rows()
        if not rows:
            return None
        try:
            facts = max(map(json.loads, rows), key=itemgetter("number"))  # two in the moment of a publication
            facts["view"], facts["graphs"] = NamedNode(facts["view"]), frozenset(map(NamedNode, facts["graphs"]))
            return RemoteVersion(folder=self.folder, **facts)
        except (KeyError, ValueError, TypeError) as error:
            place = self.connection.addresses.query
            raise StoreError(f"The marker of the version at {place} cannot be read ({error}); build again.") from error

    def current_number(self) -> int | None:
        """Return the number of the current version, at most a second old; the last known one if there is no answer."""
        with self._lock:
            if time.monotonic() - self._asked >= FRESH:
                with suppress(StoreError):
                    self._known = self.current()
                self._asked = time.monotonic()
            return self._known.number if self._known else None

    def needed(self) -> RemoteVersion:
        """Return the current version; raise VersionError if there is none, StoreError if the engine fails."""
        version = self.current()
        if version is None:
            place = self.connection.addresses.query
            raise VersionError(
                f"There is no graph at {place} yet; with the same CONVOCATION_STORE run: convocation build"
            )
        return version

    def version(self, number: int) -> RemoteVersion:
        """Return the current version; raise VersionError if it has another number, as the engine keeps only one."""
        version = self.needed()
        if version.number != number:
            raise VersionError(f"The engine serves version {version.number} and no longer version {number}; ask again.")
        return version

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return the remote home of the settings; raise SettingError if an address cannot be used."""
        return cls(settings, Connection.of(settings))

    def __post_init__(self) -> None:
        self._asking = Connection.of(self.settings, PATIENCE)

    def _rows(self) -> list[str]:
        text = read_query(QUERIES / "remote" / "marker.rq").bind(marker=MARKER)
        return [row["facts"].value for row in select(RemoteStore(self._asking, MARKER, frozenset()), text)]


def home_of(settings: Settings) -> Home | RemoteHome:
    """Return where the settings keep the graph; raise SettingError if an address cannot be used."""
    return RemoteHome.of(settings) if settings.store else home_folder(settings)


def local_home(settings: Settings, hint: str) -> Home:
    """Return the data folder; raise StoreError with a hint if another engine keeps the graph."""
    home = home_of(settings)
    if isinstance(home, RemoteHome):
        raise StoreError(f"The engine at {home} keeps the graph; {hint}.")
    return home


def home_folder(settings: Settings) -> Home:
    """Return the home folder of settings, for a command, which waits there for others and says so."""
    return Home(settings.folder, settings.wait, lambda words: click.echo(words, err=True))


def open_version(home: Home | RemoteHome, version: Version) -> Store:
    """Return the store of a version; raise StoreError if it cannot be read."""
    if isinstance(home, RemoteHome) and isinstance(version, RemoteVersion):
        return RemoteStore(home.connection, version.view, version.graphs)
    return EmbeddedStore.open(version.store)
