"""Copies a store on disk into memory, as N-Quads through a pipe: the engine writes and reads them without Python.

In memory the engine goes through what it holds in the order in which it came, while a store on disk gives it in the
order of digests. So quads that are to be asked often are sorted on the way: what is said of a thing, and of its
neighbors, then lies together, and what goes through many things takes about half the time.
"""

import fcntl
import io
import os
import shutil
import subprocess
from collections.abc import Callable
from contextlib import suppress
from threading import Thread
from typing import IO, TYPE_CHECKING

from pyoxigraph import DefaultGraph, RdfFormat
from pyoxigraph import Store as Oxigraph

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

BLOCK = (
    1 << 14
)  # bytes that are passed on at once, far fewer than the pipe holds, so that neither end waits for the other
SIZE = 1 << 20
BLANK = (b"\n_:", b" _:")  # a blank node, or a text that looks like one, which costs time and no more
SORT = ("sort", "-S", "256M")  # beyond so much memory it uses files in TMPDIR


class _Checked(io.RawIOBase):
    """A pipe that breaks where a blank node goes through: what reads it would give that another label."""

    def __init__(self, pipe: IO[bytes], stopped: Callable[[], bool]) -> None:
        self.pipe, self.stopped, self.last = pipe, stopped, b"\n\n"
        self.is_broken = False

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, data: "Buffer") -> int:
        """Pass data on.

        Raises:
            BrokenPipeError: it has a blank node, or nobody waits for the copy any more.
        """
        block = self.last + bytes(data)
        if any(each in block for each in BLANK) or self.stopped():
            self.is_broken = True
            raise BrokenPipeError
        self.last = block[-2:]
        self.pipe.write(data)
        return len(block) - 2


def copied(
    engine: Oxigraph, *, is_whole: bool = True, is_sorted: bool = False, stopped: Callable[[], bool] = lambda: False
) -> Oxigraph | None:
    """Return a copy of a store, or of its default graph alone; None where it has blank nodes, or was stopped.

    Raises:
        OSError: it cannot be read.
    """
    reading, writing = os.pipe()
    if hasattr(fcntl, "F_SETPIPE_SZ"):
        fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, SIZE)
    sorting = None
    if is_sorted and shutil.which(SORT[0]):
        environment = os.environ | {"LC_ALL": "C"}
        sorting = subprocess.Popen(SORT, stdin=subprocess.PIPE, stdout=writing, env=environment)  # noqa: S603 - our words
        os.close(writing)
    pipe = sorting.stdin if sorting and sorting.stdin else open(writing, "wb", 0)  # noqa: PTH123, SIM115 - a descriptor
    thread = _Sending(engine, is_whole=is_whole, pipe=_Checked(pipe, stopped))
    thread.start()
    found = Oxigraph()
    try:
        with suppress(SyntaxError):  # of a line that was cut off
            found.bulk_load(path=f"/dev/fd/{reading}", format=RdfFormat.N_QUADS)
    finally:
        os.close(reading)
        thread.join()
    if sorting and sorting.wait():
        return None
    return thread.result(found)


class _Sending(Thread):
    """Writes a store to a pipe."""

    def __init__(self, engine: Oxigraph, *, is_whole: bool, pipe: _Checked) -> None:
        super().__init__(daemon=True)
        self.engine, self.is_whole, self.pipe = engine, is_whole, pipe
        self.failure: OSError | None = None

    def run(self) -> None:
        """Write all; what fails is told by `result`."""
        graph = None if self.is_whole else DefaultGraph()
        kind = RdfFormat.N_QUADS if self.is_whole else RdfFormat.N_TRIPLES
        try:
            with self.pipe.pipe, io.BufferedWriter(self.pipe, BLOCK) as file:
                self.engine.dump(file, format=kind, from_graph=graph)
        except OSError as error:
            self.failure = error

    def result(self, found: Oxigraph) -> Oxigraph | None:
        """Return what was read at the other end, if that is all.

        Raises:
            OSError: it is not, because the store cannot be read.
        """
        if self.pipe.is_broken:
            return None
        if self.failure:
            raise self.failure
        return found
