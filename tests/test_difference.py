"""The difference of two versions is what makes one of the other, in any order, also as a patch."""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from graph.difference import ADDED, DEFAULT, REMOVED, Difference, changes, identifier, patched
from graph.store.embedded import EmbeddedStore
from graph.terms import CVN, RDF
from graph.versions import Version

A, B, C = (NamedNode(f"https://kg.example.org/id/person/{name}") for name in "abc")
GRAPH = NamedNode("https://kg.example.org/graph/source/one")
NAME = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")


def quads(*numbers: int) -> set[Quad]:
    """Return a quad of the default graph and one of a named graph for each number."""
    words = [Literal(f'{number} "words" of\n{"many " * number}', language="en") for number in numbers]
    return {Quad(A, NAME, each, *graph) for each in words for graph in ((), (GRAPH,))}


def version(number: int) -> Version:
    return Version(number, "https://kg.example.org/", f"2031-05-0{number}T00:00:00+00:00", Path())


def apply(patch: str, old: Iterable[Quad]) -> set[Quad]:
    """Return the quads that a patch makes of others."""
    held = set(old)
    for line in patch.splitlines():
        kind, _, rest = line.partition(" ")
        if kind in (ADDED, REMOVED):
            (quad,) = parse(rest, format=RdfFormat.N_QUADS)
            assert (quad in held) == (kind == REMOVED)
            held ^= {quad}
    return held


@dataclass(frozen=True)
class Shuffled(EmbeddedStore):
    """A store that writes its quads in an order of its own."""

    def blocks(self) -> Iterator[bytes]:
        lines = b"".join(super().blocks()).splitlines(keepends=True)
        return iter(sorted(lines, key=lambda line: hash(line[::-1])))


PAIRS = [
    (quads(), quads()),
    (quads(), quads(1, 2, 3)),
    (quads(1, 2, 3), quads()),
    (quads(*range(40)), quads(*range(40))),
    (quads(*range(40)), quads(*range(20, 60))),
    (quads(*range(0, 60, 2)), quads(*range(1, 60, 2))),
    (quads(*range(60)), quads(*range(60)) | {Quad(B, NAME, C)}),
]


@pytest.mark.parametrize(("old", "new"), PAIRS)
@pytest.mark.parametrize("kind", [EmbeddedStore, Shuffled])
def test_the_changes_are_those_of_sets(old: set[Quad], new: set[Quad], kind: type[EmbeddedStore]) -> None:
    found = list(changes(EmbeddedStore.memory(old), kind.memory(new)))
    assert len(found) == len(set(found))
    assert {quad for change, quad in found if change == ADDED} == new - old
    assert {quad for change, quad in found if change == REMOVED} == old - new


@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_the_patch_makes_the_new_of_the_old(old: set[Quad], new: set[Quad]) -> None:
    file = io.StringIO()
    list(patched(changes(EmbeddedStore.memory(old), EmbeddedStore.memory(new)), file, version(1), version(2)))
    assert apply(file.getvalue(), old) == new


def test_a_patch_names_the_versions_so_that_patches_make_a_log() -> None:
    heads = []
    for number in (1, 2):
        file = io.StringIO()
        list(patched([], file, version(number), version(number + 1)))
        heads.append(file.getvalue().splitlines())
    assert heads[0][0] == f"H id <{identifier(version(2)).urn}> ."
    assert heads[1][1] == f"H prev <{identifier(version(2)).urn}> ."
    assert [each[2:] for each in heads] == [["TX .", "TC ."]] * 2


def test_versions_of_another_base_or_moment_have_another_identifier() -> None:
    others = [version(1), version(2), Version(1, "https://other.example.org/", version(1).built, Path())]
    assert len({identifier(each) for each in others}) == 3


def test_changes_are_counted_by_graph_and_class() -> None:
    person = Quad(A, RDF.type, CVN.Person)
    found = [(ADDED, person), (REMOVED, Quad(B, RDF.type, CVN.Person)), (ADDED, Quad(A, NAME, Literal("x"), GRAPH))]
    difference = Difference.of([*found, (ADDED, Quad(C, RDF.type, CVN.Person, GRAPH))])
    assert difference.graphs == {DEFAULT: {ADDED: 1, REMOVED: 1}, GRAPH.value: {ADDED: 2}}
    assert difference.classes == {CVN.Person.value: {ADDED: 1, REMOVED: 1}}
    assert (difference.added, difference.removed) == (3, 1)
