"""Copies a store on disk into memory, as N-Quads through a pipe: the engine writes and reads them without Python.

An in-memory store iterates in insertion order, a store on disk in the order of hashes. Quads for many queries are
therefore sorted on the way: the statements on a thing and its neighbors are then close together in memory, and queries
over many things take less time.
"""

import fcntl
import io
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Event, Lock, Thread
from typing import IO, TYPE_CHECKING

from pyoxigraph import DefaultGraph, RdfFormat
from pyoxigraph import Store as Oxigraph

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

BLOCK, SIZE = 1 << 14, 1 << 20  # bytes passed on at once, and those a pipe holds: many more, so that no end waits
BLANK = (b"\n_:", b" _:")  # a blank node, or a text that looks like one, which costs time and no more
SORT = ("sort", "-S", "256M")  # beyond so much memory it uses files in TMPDIR
FORKING = Lock()
MOMENT = 0.001  # seconds for which a copy lets a fork go first
_asked = Event()  # whether a fork waits
_writing: set[int] = set()  # descriptors that a process forked meanwhile must not keep: no end would be seen


def _leave() -> None:
    """Close what a process that was forked has of the copies of the other."""
    for each in _writing:
        os.close(each)
    _writing.clear()
    FORKING.release()


def _begin() -> None:
    """Wait until no copy holds a lock."""
    _asked.set()
    FORKING.acquire()
    _asked.clear()


os.register_at_fork(before=_begin, after_in_parent=FORKING.release, after_in_child=_leave)


@contextmanager
def _at_rest() -> Iterator[None]:
    """Let forks go first: the engine waits for this block, and holds none of its own locks."""
    FORKING.release()
    try:
        yield
        if _asked.is_set():
            time.sleep(MOMENT)
    finally:
        FORKING.acquire()


class _Checked(io.RawIOBase):
    """A pipe that breaks where a blank node goes through: what reads it would give that another label."""

    def __init__(self, pipe: IO[bytes], stopped: Callable[[], bool]) -> None:
        self.pipe, self.stopped, self.last = pipe, stopped, b"\n\n"
        self.is_broken, self.lines = False, 0

    def writable(self) -> bool:
        """Always True."""
        return True

    def write(self, data: "Buffer") -> int:
        """Pass data on; return how many bytes; raise BrokenPipeError for a blank node, or if stopped."""
        with _at_rest():
            return self._passed(data)

    def _passed(self, data: "Buffer") -> int:
        block = self.last + bytes(data)
        if any(each in block for each in BLANK) or self.stopped():
            self.is_broken = True
            raise BrokenPipeError
        count = self.pipe.write(data)
        self.lines += block[2 : 2 + count].count(b"\n")
        self.last = block[count : count + 2]
        return count


def copied(
    engine: Oxigraph, *, is_whole: bool = True, is_sorted: bool = False, stopped: Callable[[], bool] = lambda: False
) -> Oxigraph | None:
    """Return a copy of a store or its default graph, None for blank nodes or if stopped; raise OSError on failure."""
    with _piped(is_sorted=is_sorted) as (reading, writing):
        found, pipe = Oxigraph(), _Checked(writing, stopped)
        ends = (_Thread(_send, engine, pipe, is_whole), _Thread(_receive, found, reading, pipe))
        for each in ends:
            each.start()
        for each in ends:
            each.join()
    failures = [each.failure for each in ends if each.failure and not isinstance(each.failure, BrokenPipeError)]
    if failures:
        raise failures[0]
    is_all = not is_sorted or len(found) == pipe.lines  # the program that sorts may end sooner
    return None if pipe.is_broken or not is_all else found


@contextmanager
def _piped(*, is_sorted: bool) -> Iterator[tuple[int, IO[bytes]]]:
    """Give both ends of a pipe, the second to be closed, which sorts lines or not."""
    with FORKING:
        reading, writing = os.pipe()
        if hasattr(fcntl, "F_SETPIPE_SZ"):
            fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, SIZE)
        sorting = _sorting(writing) if is_sorted and shutil.which(SORT[0]) else None
        end: IO[bytes] = sorting.stdin if sorting and sorting.stdin else open(writing, "wb", 0)  # noqa: PTH123, SIM115
        number = end.fileno()
        _writing.add(number)
    try:
        yield reading, end
    finally:
        with FORKING, suppress(OSError):
            _writing.discard(number)
            end.close()
        if sorting:
            sorting.wait()


def _sorting(output: int) -> subprocess.Popen[bytes]:
    environment = os.environ | {"LC_ALL": "C"}
    sorting = subprocess.Popen(SORT, stdin=subprocess.PIPE, stdout=output, bufsize=0, env=environment)  # noqa: S603
    os.close(output)
    return sorting


def _send(engine: Oxigraph, pipe: _Checked, is_whole: bool) -> None:  # noqa: FBT001 - passed on
    graph = None if is_whole else DefaultGraph()
    kind = RdfFormat.N_QUADS if is_whole else RdfFormat.N_TRIPLES
    try:
        with FORKING, io.BufferedWriter(pipe, BLOCK) as file:  # a lock that another process inherits held stays so
            engine.dump(file, format=kind, from_graph=graph)
    finally:
        with FORKING:
            _writing.discard(pipe.pipe.fileno())
            pipe.pipe.close()


def _receive(engine: Oxigraph, number: int, pipe: _Checked) -> None:
    try:
        engine.bulk_load(path=f"/dev/fd/{number}", format=RdfFormat.N_QUADS)
    except SyntaxError:  # of a line that was cut off
        pipe.is_broken = True
    finally:
        os.close(number)  # so that the other end does not wait


class _Thread(Thread):
    """Thread for one end of a copy; it blocks signals and stores its exception."""

    def __init__(self, target: Callable[..., None], *given: object) -> None:
        super().__init__(daemon=True)
        self.target, self.given = target, given
        self.failure: Exception | None = None

    def run(self) -> None:
        """Do the work."""
        signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
        try:
            self.target(*self.given)
        except Exception as error:  # noqa: BLE001 - raised by the waiting thread
            self.failure = error
