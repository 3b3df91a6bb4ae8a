"""Errors of the disk as errors of the store: no space left, or another failure."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from graph.errors import HomeError, SpaceError, StoreError

FULL = re.compile("No space left|File too large|quota exceeded|disk is full")
OF_DISK = ("IO error", "Corruption")  # how the engine begins what it says of its files


def is_full(error: Exception) -> bool:
    """Return whether a write failed because there is no room."""
    return bool(FULL.search(str(error)))


def is_of_disk(error: Exception) -> bool:
    """Return whether the engine failed at its files, and not at what it was asked."""
    return str(error).startswith(OF_DISK) or (isinstance(error, OSError) and error.errno is not None)


def unwritten(place: object, error: Exception) -> StoreError:
    """Return the error of something that cannot be written."""
    kind = SpaceError if is_full(error) else StoreError
    return kind(f"{place} cannot be written: {error}; free some space there.")


def unread(error: Exception) -> StoreError:
    """Return the error of a store that cannot be read."""
    return StoreError(f"The graph cannot be read: {error}; ask again, and if it goes on, build or restore the graph.")


def unwritable(folder: Path, error: OSError) -> HomeError:
    """Return the error that says why a home cannot be written and what to do."""
    kind, reason = SpaceError if is_full(error) else HomeError, error.strerror or str(error)
    hint = "free some space there, or set CONVOCATION_HOME to a folder that you can write"
    return kind(f"The home folder {folder} cannot be written: {reason}; {hint}.")


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Raise an OSError of the block as the error of a home that cannot be written."""
    try:
        yield
    except OSError as error:
        raise unwritable(folder, error) from error
