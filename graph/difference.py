"""Compares two versions quad by quad in constant memory, in counts and as an RDF Patch.

The engine yields the quads of every store in one order, so both are walked in step, and only where they part is each
asked whether it holds what the other yields. The order makes the difference quick; it is right in any order.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import IO
from uuid import NAMESPACE_URL, UUID, uuid5

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, parse

from graph.progress import Step, nothing
from graph.store.embedded import EmbeddedStore
from graph.streams import whole_lines
from graph.terms import RDF
from graph.versions import Version

ADDED, REMOVED = "A", "D"
DEFAULT = "default graph"
Change = tuple[str, Quad]


def changes(old: EmbeddedStore, new: EmbeddedStore, step: Step = nothing) -> Iterator[Change]:
    """Yield each quad that only one of two stores holds, with what became of it."""
    before, after = _lines(old, step), _lines(new, step)
    first, second = next(before, None), next(after, None)
    while first is not None or second is not None:
        if first == second:
            first, second = next(before, None), next(after, None)
        elif first is not None and not new.holds(gone := _quad(first)):
            yield REMOVED, gone
            first = next(before, None)
        elif second is not None and not old.holds(come := _quad(second)):
            yield ADDED, come
            second = next(after, None)
        else:
            first, second = next(before, None), next(after, None)


def _lines(store: EmbeddedStore, step: Step) -> Iterator[bytes]:
    """Yield the quads of a store as lines, which the engine writes several times faster than it makes objects."""
    for block in whole_lines(store.blocks()):
        lines = block.splitlines()
        yield from lines
        step(len(lines))


def _quad(line: bytes) -> Quad:
    quad: Quad = next(iter(parse(line, format=RdfFormat.N_QUADS, lenient=True)))
    return quad


@dataclass
class Difference:
    """How many quads were added and removed by graph, and how many things of each class came and went."""

    graphs: dict[str, Counter[str]] = field(default_factory=dict)
    classes: dict[str, Counter[str]] = field(default_factory=dict)

    def add(self, change: Change) -> None:
        """Count a change."""
        kind, quad = change
        name = quad.graph_name
        graph = DEFAULT if isinstance(name, DefaultGraph) else name.value
        self.graphs.setdefault(graph, Counter())[kind] += 1
        if graph == DEFAULT and quad.predicate == RDF.type and isinstance(quad.object, NamedNode):
            self.classes.setdefault(quad.object.value, Counter())[kind] += 1

    @property
    def added(self) -> int:
        """The number of quads that were added."""
        return sum(each[ADDED] for each in self.graphs.values())

    @property
    def removed(self) -> int:
        """The number of quads that were removed."""
        return sum(each[REMOVED] for each in self.graphs.values())

    @classmethod
    def of(cls, found: Iterable[Change]) -> "Difference":
        """Return the counts of changes."""
        difference = cls()
        for change in found:
            difference.add(change)
        return difference


def patched(found: Iterable[Change], file: IO[str], old: Version, new: Version) -> Iterator[Change]:
    """Yield changes, and write them as an RDF Patch (https://jena.apache.org/documentation/rdf-patch/).

    Its header names the versions, so that the patches from version to version make a log.
    """
    file.write(f"H id <{identifier(new).urn}> .\nH prev <{identifier(old).urn}> .\nTX .\n")
    for kind, quad in found:
        file.write(f"{kind} {quad} .\n")
        yield kind, quad
    file.write("TC .\n")


def identifier(version: Version) -> UUID:
    """Return the identifier of a version, which is the same each time it is asked for."""
    return uuid5(NAMESPACE_URL, f"{version.base}#{version.number}-{version.built}")
