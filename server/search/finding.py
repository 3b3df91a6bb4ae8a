"""Selects the search index: that of the served version, or the previous one until it is built."""

import atexit
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import mkdtemp
from threading import Lock, Thread
from typing import TypeVar

from flask import g

from graph.errors import DamageError, StoreError
from graph.indexes.search import SearchIndex
from graph.indexes.search_writer import write_index
from graph.store.embedded import EmbeddedStore
from graph.versions.home import Home, Version
from server.background import begin
from server.http.serving import SMALL, Served

BUILDING = "The search index of this version is being built; retry in half a minute."
SECONDS = 5.0  # that a search waits for an index in a temporary folder
T = TypeVar("T")
_lock = Lock()
_temporary = dict[object, tuple[Path, Thread]]()  # by version


class IndexingError(StoreError):
    """There is no search index yet; retry after `wait` seconds."""

    wait = 10


def searched(search: Callable[[SearchIndex], T]) -> T:
    """Search the index of the served version, or another if it is damaged; raise IndexingError if there is none."""
    with suppress(DamageError):  # a damaged file is set aside, so that the next index is another
        return search(_index(g.served))
    try:
        return search(_index(g.served))
    except DamageError as error:
        raise IndexingError(BUILDING) from error


def _index(served: Served) -> SearchIndex:
    """Return the index of a version, or of an earlier one while that of a large version is being built."""
    version = served.version
    if not isinstance(served.store, EmbeddedStore):
        return _in_temporary_folder(served)
    if found := SearchIndex.of(version.folder):
        return found
    if version.counts.get("quads", SMALL) < SMALL:
        return _built(served) or _in_temporary_folder(served)
    begin(version, report=False)
    if found := _before(version):
        return found
    raise IndexingError(BUILDING)


def _built(served: Served) -> SearchIndex | None:
    with _lock, suppress(StoreError, OSError):
        if SearchIndex.of(served.version.folder) is None:
            write_index(served.near, served.version.folder)
    return SearchIndex.of(served.version.folder)


def _in_temporary_folder(served: Served) -> SearchIndex:
    """Return the index of a version in a remote engine; raise IndexingError while it is being built."""
    key = (str(served.version.folder), served.version.built)
    with _lock:
        if key not in _temporary:
            for old, _ in _temporary.values():
                shutil.rmtree(old, ignore_errors=True)
            _temporary.clear()
            folder = Path(mkdtemp(prefix="convocation-index-"))
            atexit.register(shutil.rmtree, folder, ignore_errors=True)
            _temporary[key] = folder, Thread(target=_build, args=(served, folder, key), daemon=True)
            _temporary[key][1].start()
        folder, thread = _temporary[key]
    thread.join(SECONDS)
    if found := SearchIndex.of(folder):
        return found
    raise IndexingError(BUILDING)


def _build(served: Served, folder: Path, key: object) -> None:
    try:
        write_index(served.near, folder)
    except (StoreError, OSError):
        _temporary.pop(key, None)  # the next search tries again


def _before(version: Version) -> SearchIndex | None:
    """Return the index of the last earlier version that has one."""
    home = Home(version.folder.parent.parent)
    earlier = [number for number in home.numbers() if number < version.number]
    return next(filter(None, (SearchIndex.of(home.versions / str(number)) for number in reversed(earlier))), None)
