"""Compares two versions line by line in bounded memory, in counts and as an RDF Patch.

The engine writes the quads of every store in one order, so most blocks of two versions are equal. A line that differs
waits in memory until its like comes on the other side; those that wait too long are sorted into files, which are merged
at the end. So the order makes the difference quick, and it is right in any order.
"""

import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from heapq import merge
from typing import IO
from uuid import NAMESPACE_URL, UUID, uuid5

from pyoxigraph import DefaultGraph, RdfFormat, parse

from graph.system.progress import Step, nothing
from graph.system.streams import BLOCK
from graph.terms import RDF
from graph.versions.home import Version

ADDED, REMOVED = "A", "D"
DEFAULT = "default graph"
TYPE = str(RDF.type).encode()
WAITING = 1 << 26  # bytes of lines that wait in memory
NAMED = 20  # things of a class that a difference names
Change = tuple[str, bytes]  # what became of a line of N-Quads


@dataclass
class DifferenceSide:
    """The unmatched lines of one store, in memory and in files; `common` counts the bytes of all others read so far."""

    lines: IO[bytes]
    waiting: set[bytes] = field(default_factory=set)
    files: list[IO[bytes]] = field(default_factory=list)
    size: int = 0
    common: int = 0
    ended: bool = False

    def read(self, size: int) -> bytes:
        """Return the next lines, about `size` bytes of them."""
        block = self.lines.read(size)
        block += self.lines.readline() if block else b""
        self.ended = len(block) < size
        self.common += len(block)
        return block

    def wait(self, lines: set[bytes]) -> None:
        """Let lines wait."""
        self.waiting |= lines
        self._count(lines, 1)

    def found(self, lines: set[bytes]) -> None:
        """Let lines wait no more, as their like has come."""
        self.waiting -= lines
        self._count(lines, -1)

    def _count(self, lines: set[bytes], sign: int) -> None:
        size = sum(map(len, lines)) * sign
        self.size += size
        self.common -= size

    def put_aside(self, file: IO[bytes]) -> None:
        """Sort the lines that wait into a file."""
        file.writelines(sorted(self.waiting))
        file.seek(0)
        self.files.append(file)
        self.waiting, self.size = set(), 0

    def left(self) -> Iterator[bytes]:
        """Yield the lines that have waited, in order."""
        return merge(*self.files, sorted(self.waiting))

    def gone(self) -> set[bytes]:
        """Return the lines that wait, and let them wait no more."""
        lines, self.waiting, self.size = self.waiting, set(), 0
        return lines


def changes(old: IO[bytes], new: IO[bytes], step: Step = nothing) -> Iterator[Change]:
    """Yield each line that only one of two stores holds, with what became of it; no line is twice in a store."""
    before, after = DifferenceSide(old), DifferenceSide(new)
    with ExitStack() as ends:
        while not (before.ended and after.ended):
            ahead = before.common - after.common
            first, second = before.read(BLOCK + max(0, -ahead)), after.read(BLOCK + max(0, ahead))
            step(first.count(b"\n") + second.count(b"\n"))
            if first != second:
                _meet(before, after, first, second)
            for kind, side, other in ((REMOVED, before, after), (ADDED, after, before)):
                if other.ended and not other.files:  # nothing more can be like them
                    yield from ((kind, line) for line in sorted(side.gone()))
                elif side.size > WAITING:
                    side.put_aside(ends.enter_context(tempfile.TemporaryFile()))
        yield from _parted(before.left(), after.left())


def _meet(before: DifferenceSide, after: DifferenceSide, first: bytes, second: bytes) -> None:
    one, two = set(first.splitlines(keepends=True)), set(second.splitlines(keepends=True))
    one, two = one - two, two - one
    for lines, side, other in ((one, before, after), (two, after, before)):
        met = lines & other.waiting
        other.found(met)
        side.wait(lines - met)


def _parted(before: Iterator[bytes], after: Iterator[bytes]) -> Iterator[Change]:
    first, second = next(before, b""), next(after, b"")
    while first or second:
        if first == second:
            first, second = next(before, b""), next(after, b"")
        elif first and (first < second or not second):
            yield REMOVED, first
            first = next(before, b"")
        else:
            yield ADDED, second
            second = next(after, b"")


@dataclass
class VersionDifference:
    """How many quads were added and removed by graph, and how many things of each class; some of these are named."""

    graphs: dict[str, Counter[str]] = field(default_factory=dict)
    classes: dict[str, Counter[str]] = field(default_factory=dict)
    things: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    @property
    def added(self) -> int:
        """The number of quads that were added."""
        return sum(each[ADDED] for each in self.graphs.values())

    @property
    def removed(self) -> int:
        """The number of quads that were removed."""
        return sum(each[REMOVED] for each in self.graphs.values())

    @classmethod
    def of(cls, found: Iterable[Change]) -> "VersionDifference":
        """Return the counts of changes."""
        difference = cls()
        for kind, line in found:
            graph, predicate, value = _parts(line)
            difference.graphs.setdefault(graph, Counter())[kind] += 1
            if graph == DEFAULT and predicate == TYPE and value.startswith(b"<"):
                name = value[1:-1].decode()
                difference.classes.setdefault(name, Counter())[kind] += 1
                some = difference.things.setdefault((name, kind), [])
                if len(some) < NAMED:
                    some.append(line[1 : line.index(b">")].decode())
        return difference


def _parts(line: bytes) -> tuple[str, bytes, bytes]:
    """Return the graph name, the predicate and the object of a line, as the engine writes it."""
    _, predicate, rest = line.removesuffix(b" .\n").split(b" ", 2)
    if rest.startswith(b"<<"):  # only a triple as object must be parsed: IRIs have no spaces or quotation marks
        (quad,) = parse(line, format=RdfFormat.N_QUADS, lenient=True)
        return DEFAULT if isinstance(quad.graph_name, DefaultGraph) else quad.graph_name.value, predicate, b""
    end = rest.rindex(b'"') + 1 if rest.startswith(b'"') else 0
    tail, _, graph = rest[end:].partition(b" ")
    return graph[1:-1].decode() or DEFAULT, predicate, rest[:end] + tail


def patched(found: Iterable[Change], file: IO[bytes], old: Version, new: Version) -> Iterator[Change]:
    """Yield changes, writing them as an RDF Patch whose header names both versions, so that patches form a log."""
    file.write(f"H id <{identifier(new).urn}> .\nH prev <{identifier(old).urn}> .\nTX .\n".encode())
    for kind, line in found:
        file.write(b"%s %s" % (kind.encode(), line))
        yield kind, line
    file.write(b"TC .\n")


def identifier(version: Version) -> UUID:
    """Return the identifier of a version, which is the same each time it is asked for."""
    return uuid5(NAMESPACE_URL, f"{version.base}#{version.number}-{version.built}")
