"""Which index finds things of the served version: its own, or until that is made the one of a version before."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock
from typing import Protocol, TypeVar

from flask import g

from graph.errors import DamageError, StoreError
from graph.indexes.search import Hit, ResultGroup, SearchIndex
from graph.indexes.search_writer import write_index
from graph.store.embedded import EmbeddedStore
from graph.versions.home import Home, Version
from server.http.serving import SMALL, Served
from server.rebuilding import begin
from server.search.scanning import Scan

MAKING = "The search index of this version is being made; ask again in half a minute."
T = TypeVar("T")
_lock = Lock()


class IndexingError(StoreError):
    """There is no index to search yet; `wait` is after how many seconds to ask again."""

    wait = 10


class Finder(Protocol):
    """Finds things by name."""

    def groups(self, text: str, size: int, kind: str = "", page: int = 1) -> list[ResultGroup]:
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
    if found := SearchIndex.of(version.folder):
        return Careful(found)
    if version.counts.get("quads", SMALL) < SMALL:
        made = _made(served)
        return Careful(made) if made else Scan()
    begin(version, report=False)
    if found := _before(version):
        return Careful(found)
    raise IndexingError(MAKING)


@dataclass(frozen=True)
class Careful:
    """An index; one that turns out to be damaged is left, and another finder asked."""

    index: SearchIndex

    def groups(self, text: str, size: int, kind: str = "", page: int = 1) -> list[ResultGroup]:
        """Return what has the words of a text in a name, by kind, the most exact kind first."""
        return self._asked(lambda found: found.groups(text, size, kind, page))

    def suggestions(self, text: str, size: int) -> list[Hit]:
        """Return the things with a name that begins with a text."""
        return self._asked(lambda found: found.suggestions(text, size))

    def near(self, text: str, size: int) -> list[Hit]:
        """Return the things that are called alike."""
        return self._asked(lambda found: found.near(text, size))

    def identified(self, text: str) -> list[Hit]:
        """Return the things that have an identifier."""
        return self._asked(lambda found: found.identified(text))

    def _asked(self, ask: Callable[[Finder], T]) -> T:
        with suppress(DamageError):
            return ask(self.index)
        other = finder()
        try:
            return ask(other.index if isinstance(other, Careful) else other)
        except DamageError as error:
            raise IndexingError(MAKING) from error


def _made(served: Served) -> SearchIndex | None:
    """Return the index of a small version, made now; None where its folder cannot be written."""
    with _lock, suppress(StoreError, OSError):
        if isinstance(served.near, EmbeddedStore) and SearchIndex.of(served.version.folder) is None:
            write_index(served.near, served.version.folder)
    return SearchIndex.of(served.version.folder)


def _before(version: Version) -> SearchIndex | None:
    """Return the index of the last version before that has one."""
    home = Home(version.folder.parent.parent)
    earlier = [number for number in home.numbers() if number < version.number]
    return next(filter(None, (SearchIndex.of(home.versions / str(number)) for number in reversed(earlier))), None)
