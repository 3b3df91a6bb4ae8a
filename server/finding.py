"""Which index finds things of the served version: its own, or until that is made the one of a version before."""

import os
import subprocess
import sys
from contextlib import suppress
from threading import Lock
from typing import Protocol

from flask import g

from graph.errors import StoreError
from graph.index import Group, Hit, Index
from graph.indexing import write_index
from graph.store.embedded import EmbeddedStore
from graph.versions import Home, Version
from server.scanning import Scan
from server.serving import SMALL, Served

_making: dict[int, subprocess.Popen[bytes]] = {}  # by the number of the version
_lock = Lock()


class IndexingError(StoreError):
    """There is no index to search yet; `wait` is after how many seconds to ask again."""

    wait = 10


class Finder(Protocol):
    """Finds things by name."""

    def groups(self, text: str, size: int, kind: str = "", page: int = 1) -> list[Group]:
        """Return what has the words of a text in a name, by kind, the most exact kind first."""
        ...

    def suggestions(self, text: str, size: int) -> list[Hit]:
        """Return the things with a name that begins with a text."""
        ...

    def near(self, text: str, size: int) -> list[Hit]:
        """Return the things that are called alike."""
        ...

    def identified(self, text: str) -> list[Hit]:
        """Return the things that have an identifier."""
        ...


def finder() -> Finder:
    """Return what finds things of the served version.

    A build writes the index of its version. Of a version that was made by a write, a small one is indexed when it is
    first searched; of a large one that is begun then, and what was in the version before is found meanwhile.

    Raises:
        IndexingError: no index is there yet.
    """
    served: Served = g.served
    if not isinstance(served.store, EmbeddedStore):
        return Scan()
    version = served.version
    if found := Index.of(version.folder):
        return found
    if version.counts.get("quads", SMALL) < SMALL:
        return _made(served) or Scan()
    _begin(version)
    if found := _before(version):
        return found
    raise IndexingError("The search index of this version is being made; ask again in half a minute.")


def _made(served: Served) -> Index | None:
    """Return the index of a small version, made now; None where its folder cannot be written."""
    with _lock, suppress(StoreError):
        if isinstance(served.near, EmbeddedStore) and Index.of(served.version.folder) is None:
            write_index(served.near, served.version.folder)
    return Index.of(served.version.folder)


def _before(version: Version) -> Index | None:
    """Return the index of the last version before that has one."""
    home = Home(version.folder.parent.parent)
    earlier = [number for number in home.numbers() if number < version.number]
    return next(filter(None, (Index.of(home.versions / str(number)) for number in reversed(earlier))), None)


def _begin(version: Version) -> None:
    """Let another process make the index, unless one does so already."""
    with _lock:
        if not any(process.poll() is None for process in _making.values()) and version.number not in _making:
            command = [sys.executable, "-m", "graph.indexing", str(version.folder)]
            _making[version.number] = subprocess.Popen(command, env=os.environ)  # noqa: S603 - our own module
