"""The ontology as the build needs it: its triples, its classes and what the shapes say of them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from graph.files import ALIGNMENTS, CODES, ONTOLOGY, SHAPES
from graph.terms import CVN, RDFS, Namespace, Triple

SH = Namespace("http://www.w3.org/ns/shacl#")


def turtle(folder: Path) -> Iterator[Quad]:
    """Yield the triples of the Turtle files of a folder, without its sub-folders."""
    for path in sorted(folder.glob("*.ttl")):
        yield from parse(path=path, format=RdfFormat.TURTLE)


@cache
def terms() -> frozenset[Triple]:
    """Return the ontology and its code lists."""
    return frozenset(map(Triple.of, (*turtle(ONTOLOGY), *turtle(CODES))))


@cache
def alignments() -> frozenset[Triple]:
    """Return what the ontology says of other vocabularies."""
    return frozenset(map(Triple.of, turtle(ALIGNMENTS)))


@cache
def _parents() -> dict[str, list[NamedNode]]:
    parents = defaultdict(list)
    for triple in map(Triple.of, turtle(ONTOLOGY)):
        if triple.predicate == RDFS.subClassOf and isinstance(triple.object, NamedNode):
            parents[triple.subject.value].append(triple.object)
    return parents


@cache
def superclasses(kind: NamedNode) -> tuple[NamedNode, ...]:
    """Return a class and those of its superclasses that are Convocation's own."""
    own = [parent for parent in _parents().get(kind.value, []) if parent.value in CVN]
    return (kind, *(each for parent in own for each in superclasses(parent)))


@cache
def single() -> frozenset[tuple[NamedNode, NamedNode]]:
    """Return each class and property whose shape allows one value at most."""
    shape: dict[tuple[str, NamedNode], list[str]] = defaultdict(list)
    for triple in turtle(SHAPES):
        if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode | Literal):
            shape[triple.subject.value, triple.predicate].append(triple.object.value)
    return frozenset(
        (NamedNode(kind), NamedNode(path))
        for each in {subject for subject, predicate in shape if predicate == SH.targetClass}
        for part in shape[each, SH.property]
        if shape[part, SH.maxCount] == ["1"]
        for path in shape[part, SH.path]
        for kind in shape[each, SH.targetClass]
    )


def is_single(kinds: Iterable[NamedNode], prop: NamedNode) -> bool:
    """Return whether a thing of these classes has at most one value of a property."""
    return any((kind, prop) in single() for kind in kinds)
