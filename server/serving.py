"""The version that is served: opened once, and again when another version becomes the current one."""

from dataclasses import dataclass
from functools import cached_property
from threading import Lock

from graph.errors import StoreError
from graph.marker import RemoteHome, open_version
from graph.store import Store
from graph.store.embedded import EmbeddedStore
from graph.versions import Home, Version

SMALL = 300_000  # quads that are read into memory in about a second


@dataclass(frozen=True)
class Served:
    """A version and its open store."""

    version: Version
    store: Store

    @cached_property
    def near(self) -> Store:
        """The store that pages ask: a small one is read into memory, where it answers twice as fast."""
        if isinstance(self.store, EmbeddedStore) and self.version.counts.get("quads", SMALL) < SMALL:
            return EmbeddedStore.memory(self.store.quads())
        return self.store


class Serving:
    """Gives each request the current version; a request keeps the one it began with."""

    def __init__(self, home: Home | RemoteHome) -> None:
        self.home = home
        self._lock = Lock()
        self._served: Served | None = None

    def now(self) -> Served:
        """Return the current version, opened.

        Raises:
            VersionError: no version was published yet.
        """
        with self._lock:
            number = self.home.current_number()
            if self._served is None or self._served.version.number != number:
                self._served = self._open()
            return self._served

    def _open(self) -> Served:
        """Open the current version, or the one that took its place if it is gone before it is open."""
        while True:
            version = self.home.needed()
            try:
                return Served(version, open_version(self.home, version))
            except StoreError:
                if self.home.current_number() == version.number:
                    raise
