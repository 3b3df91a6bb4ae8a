"""Large texts in blocks of bytes, in constant memory: as a file, cut at ends of lines, sorted, with another base."""

import heapq
import io
import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from graph.errors import PayloadError

BLOCK = 1 << 20
LONGEST = 1 << 26  # bytes of a line; the longest that a graph has are abstracts, of some kilobytes
AT_ONCE = 1 << 28  # bytes that are sorted in memory
T = TypeVar("T")


class Body(io.RawIOBase):
    """Blocks of bytes as a file."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        self._parts, self._waiting = parts, b""

    def readable(self) -> bool:
        """Return that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read the next bytes; nothing is left where it returns 0."""
        view = memoryview(buffer)
        while not self._waiting:
            part = next(self._parts, None)
            if part is None:
                return 0
            self._waiting = part
        part, self._waiting = self._waiting[: len(view)], self._waiting[len(view) :]
        view[: len(part)] = part
        return len(part)


def whole_lines(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the blocks of a text cut at ends of lines; raise PayloadError if a line is longer than any of a graph."""
    rest: list[bytes] = []
    for block in blocks:
        head, end, tail = block.rpartition(b"\n")
        if end:
            yield b"".join((*rest, head, end))
            rest = []
        rest.append(tail)
        if sum(map(len, rest)) > LONGEST:
            hint = "give a file of N-Quads, with one quad in each line"
            raise PayloadError(f"A line has more than {LONGEST >> 20} MB, which no quad has; {hint}.")
    if left := b"".join(rest):
        yield left


def rebased(blocks: Iterable[bytes], old: str, new: str) -> Iterator[bytes]:
    """Yield N-Quads with IRIs moved to another base, also in literals, but not within another address."""
    pattern, replacement = re.compile(rb"(?<![^\s<\"'(\[])" + re.escape(old.encode())), new.encode()
    for block in whole_lines(blocks):
        yield pattern.sub(lambda _: replacement, block)


def in_order(blocks: Iterable[bytes], folder: Path, at_once: int = AT_ONCE) -> Iterator[bytes]:
    """Yield the lines of a text in order, with files in a folder where they are more than memory is to hold."""
    with ExitStack() as ends:
        parts: list[Iterable[bytes]] = []
        lines: list[bytes] = []
        size = 0
        for block in whole_lines(blocks):
            lines += block.splitlines(keepends=True)
            size += len(block)
            if size > at_once:
                file = ends.enter_context(tempfile.TemporaryFile(dir=folder))
                file.writelines(sorted(lines))
                file.seek(0)
                parts.append(file)
                lines, size = [], 0
        lines.sort()
        yield from heapq.merge(*parts, lines) if parts else lines


def in_blocks(lines: Iterable[bytes], size: int = BLOCK) -> Iterator[bytes]:
    """Yield lines together, in blocks of some size."""
    waiting: list[bytes] = []
    held = 0
    for line in lines:
        waiting.append(line)
        held += len(line)
        if held >= size:
            yield b"".join(waiting)
            waiting, held = [], 0
    yield b"".join(waiting)


def batches(things: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield things in batches of at most `size`, in order (itertools.batched of Python 3.12)."""
    rest = iter(things)
    while some := list(islice(rest, size)):
        yield some
