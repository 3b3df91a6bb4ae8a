"""Locks on folders by the kernel, which end with the process that holds them."""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

PAUSE = 0.01


def hold(path: Path) -> int:
    """Return a descriptor that protects a folder from removal, also by copies in forks; raise OSError if it is gone."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


@contextmanager
def unused(path: Path) -> Iterator[bool]:
    """Yield whether a folder is free; if so, it stays locked meanwhile."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        yield True
        return
    try:
        yield _exclusive(descriptor)
    finally:
        os.close(descriptor)


def _exclusive(file: int | IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def wait_for(file: IO[str], seconds: float, on_wait: Callable[[], None]) -> bool:
    """Lock a file, waiting some seconds after a call of `on_wait`; return whether that succeeded."""
    if _exclusive(file):
        return True
    if seconds:
        on_wait()
    deadline = time.monotonic() + seconds
    while not _exclusive(file):
        if time.monotonic() >= deadline:
            return False
        time.sleep(PAUSE)
    return True
