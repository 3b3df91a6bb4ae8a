"""The difference of two versions is what makes one of the other, in any order, also as a patch."""

import io
import tracemalloc
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from graph.exchange.difference import ADDED, DEFAULT, REMOVED, VersionDifference, changes, identifier, patched
from graph.store.embedded import EmbeddedStore
from graph.terms import CVN, RDF
from graph.versions.home import Version

Order = Callable[[Iterable[Quad]], IO[bytes]]
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


def lines(quads: Iterable[Quad]) -> IO[bytes]:
    """Return quads as the engine writes them."""
    return io.BytesIO(b"".join(EmbeddedStore.memory(quads).blocks()))


def shuffled(quads: Iterable[Quad]) -> IO[bytes]:
    """Return quads in an order of their own."""
    found: list[bytes] = sorted(lines(quads).readlines(), key=lambda line: hash(line[::-1]))
    return io.BytesIO(b"".join(found))


def quad_of(line: bytes) -> Quad:
    quad: Quad
    (quad,) = parse(line, format=RdfFormat.N_QUADS)
    return quad


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
@pytest.mark.parametrize("order", [lines, shuffled])
@pytest.mark.parametrize("sizes", [(1 << 20, 1 << 26), (300, 1 << 26), (300, 2000), (1, 0)])
def test_the_changes_are_those_of_sets(
    old: set[Quad], new: set[Quad], order: Order, sizes: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, size in zip(("BLOCK", "WAITING"), sizes, strict=True):
        monkeypatch.setattr(f"graph.exchange.difference.{name}", size)
    found = [(kind, quad_of(line)) for kind, line in changes(lines(old), order(new))]
    assert len(found) == len(set(found))
    assert {quad for change, quad in found if change == ADDED} == new - old
    assert {quad for change, quad in found if change == REMOVED} == old - new


@pytest.mark.parametrize(("old", "new"), PAIRS)
def test_the_patch_makes_the_new_of_the_old(old: set[Quad], new: set[Quad]) -> None:
    file = io.BytesIO()
    list(patched(changes(lines(old), lines(new)), file, version(1), version(2)))
    assert apply(file.getvalue().decode(), old) == new


def test_a_difference_of_everything_does_not_wait_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graph.exchange.difference.BLOCK", 10_000)
    monkeypatch.setattr("graph.exchange.difference.WAITING", 50_000)
    old, new = (b"".join(b"<s> <p> <%d> .\n" % number for number in range(first, 200_000, 2)) for first in (0, 1))
    files = io.BytesIO(old), io.BytesIO(new)
    tracemalloc.start()
    count = sum(bool(line) for _, line in changes(*files))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 200_000
    assert peak < 4_000_000  # as objects the lines would take 10 MB


def test_a_patch_names_the_versions_so_that_patches_make_a_log() -> None:
    heads = []
    for number in (1, 2):
        file = io.BytesIO()
        list(patched([], file, version(number), version(number + 1)))
        heads.append(file.getvalue().decode().splitlines())
    assert heads[0][0] == f"H id <{identifier(version(2)).urn}> ."
    assert heads[1][1] == f"H prev <{identifier(version(2)).urn}> ."
    assert [each[2:] for each in heads] == [["TX .", "TC ."]] * 2


def test_versions_of_another_base_or_moment_have_another_identifier() -> None:
    others = [version(1), version(2), Version(1, "https://other.example.org/", version(1).built, Path())]
    assert len({identifier(each) for each in others}) == 3


def test_changes_are_counted_by_graph_and_class() -> None:
    person = Quad(A, RDF.type, CVN.Person)
    words = Literal('a "quoted" <text> with spaces .', datatype=NamedNode("https://kg.example.org/x"))
    found = [(ADDED, person), (REMOVED, Quad(B, RDF.type, CVN.Person)), (ADDED, Quad(A, NAME, words, GRAPH))]
    found += [(ADDED, Quad(C, RDF.type, CVN.Person, GRAPH)), (ADDED, Quad(BlankNode("a"), NAME, BlankNode("b"), GRAPH))]
    found += [(ADDED, Quad(A, NAME, Triple(A, NAME, words), GRAPH)), (ADDED, Quad(A, NAME, Literal("", language="en")))]
    difference = VersionDifference.of((kind, *lines([quad])) for kind, quad in found)
    assert difference.graphs == {DEFAULT: {ADDED: 2, REMOVED: 1}, GRAPH.value: {ADDED: 4}}
    assert difference.classes == {CVN.Person.value: {ADDED: 1, REMOVED: 1}}
    assert (difference.added, difference.removed) == (6, 1)
