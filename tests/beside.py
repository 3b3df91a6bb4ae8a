"""What tests need that run beside those of another process: one build for all processes, and a turn alone."""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

BESIDE = "PYTEST_XDIST_WORKER" in os.environ  # whether this process is one of several that share the tests
GATE = Path(__file__)  # a file and a folder that are there anyway are what is locked


def copy_of(name: str, make: Callable[[Path], object], folders: pytest.TempPathFactory) -> Path:
    """Return a copy of a folder that the first process which asks for it makes, so that each may change its own."""
    own = folders.getbasetemp()
    made = (own.parent if BESIDE else own) / f"made-{name}"
    with made.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            making = made.with_suffix(".making")  # what is left of a make that failed is no folder to copy
            shutil.rmtree(making, ignore_errors=True)
            make(making)
            making.rename(made)
    return Path(shutil.copytree(made, folders.mktemp(name) / name, symlinks=True))


@contextmanager
def turn(*, alone: bool) -> Iterator[None]:
    """Run a test beside those of other processes, or alone; while one waits to be alone, no other test begins."""
    if not BESIDE:
        yield
        return
    with GATE.open() as gate, _opened(GATE.parent) as tests:
        fcntl.flock(gate, fcntl.LOCK_EX)
        fcntl.flock(tests, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        if not alone:
            fcntl.flock(gate, fcntl.LOCK_UN)
        try:
            yield
        finally:  # at once, though a process may be left that was forked meanwhile and has the files as well
            for each in (gate, tests):
                fcntl.flock(each, fcntl.LOCK_UN)


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
