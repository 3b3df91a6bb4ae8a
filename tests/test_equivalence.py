"""Our validation finds what pyshacl finds: the same nodes, paths, values, constraints, shapes and severities."""

import random
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from itertools import islice
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.namespace import RDF

from benchmarks import corpus
from benchmarks.paperlists import listings
from benchmarks.reference import Plain, found_by_pyshacl, found_here, reported
from graph.build import Graph
from graph.errors import QueryError, UnsupportedShapeError
from graph.files import ROOT, SHAPES
from graph.store.embedded import EmbeddedStore
from graph.terms import CODE, CVN, XSD
from graph.validate.shapes import Shapes, read_shapes
from graph.validate.whole import results
from graph.vocabulary import ontology

LISTS = ROOT.parent / "shared" / "data" / "paperlists"
SUITE = ROOT.parent / "shared" / "data" / "shacl-tests" / "tests"
MF = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SHT = rdflib.Namespace("http://www.w3.org/ns/shacl-test#")
KNOWN = ROOT / "tests" / "validate" / "known-differences.txt"
EXAMPLES = sorted(path for path in ROOT.glob("tests/shapes/*/*.ttl") if path.parent.name != "ontology")
PERSON = ox.NamedNode("http://127.0.0.1:5000/id/person/ada-byron")
TERMS = (
    ox.Literal("x"),
    ox.Literal("x", language="en"),
    ox.Literal(7),
    ox.Literal("2099", datatype=XSD.gYear),
    ox.Literal("2024-12-10", datatype=XSD.date),
    ox.NamedNode("urn:nowhere"),
    PERSON,
    CODE["mode/virtual"],
)
CLASSES = ("Paper", "Person", "Edition", "Authorship", "Organization", "Track", "Observation", "Source", "Session")
COMPARING = {"MinInclusive", "MaxInclusive", "LessThanOrEquals"}
Quads = Iterable[ox.Quad]


def quads(*paths: Path) -> list[ox.Quad]:
    return [quad for path in paths for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE)]


def terms() -> list[ox.Quad]:
    return [ox.Quad(*triple, ox.DefaultGraph()) for triple in ontology.terms()]


def as_rdflib(data: Quads) -> rdflib.Graph:
    """Return the data as the store holds it, which writes 1.50 as 1.5 and every kind of integer as xsd:integer."""
    graph, store = rdflib.Graph(), EmbeddedStore.memory(data)
    text = ox.serialize((quad.triple for quad in store.quads()), format=ox.RdfFormat.N_TRIPLES)
    return graph.parse(data=text or b"", format="nt")


@cache
def reference_shapes() -> rdflib.Graph:
    graph = rdflib.Graph()
    for path in sorted(SHAPES.glob("*.ttl")):
        if path.stem != "ontology":
            graph.parse(path)
    return graph


def ours(data: Quads, shapes: Shapes | None = None) -> set[Plain]:
    return found_here(results(EmbeddedStore.memory(data), shapes or read_shapes()))


def test_the_examples_break_the_same() -> None:
    data = [*terms(), *quads(*EXAMPLES)]
    expected = found_by_pyshacl(as_rdflib(data), reference_shapes())
    assert len(expected) > 100
    assert ours(data) == expected


def test_shapes_of_the_ontology_find_the_same() -> None:
    path = SHAPES / "ontology.ttl"
    data = [*terms(), *quads(*sorted(ROOT.glob("tests/shapes/ontology/*.ttl")))]
    expected = found_by_pyshacl(as_rdflib(data), rdflib.Graph().parse(path))
    assert expected
    assert ours(data, Shapes(quads(path))) == expected


@pytest.mark.slow
def test_the_bundled_graph_is_judged_alike(bundled: Graph) -> None:
    every = (*bundled.view, *bundled.statements(), *bundled.decisions, *ontology.terms())
    expected = found_by_pyshacl(as_rdflib(ox.Quad(*triple, ox.DefaultGraph()) for triple in every), reference_shapes())
    assert expected
    assert ours(bundled.quads()) == expected


@pytest.mark.parametrize(
    ("prop", "text", "kind"),
    [("ordinal", "abc", "integer"), ("planned", "yes", "boolean"), ("awardsAnnounced", "2024-13-10", "date")],
)
def test_an_ill_formed_literal_is_found_alike(prop: str, text: str, kind: str) -> None:
    """Not among the random ones: pyshacl compares dates that are none, and takes such numbers for numbers."""
    edition = ox.NamedNode("http://127.0.0.1:5000/id/edition/neurips-2024")
    data = [*terms(), *quads(*EXAMPLES), ox.Quad(edition, CVN[prop], ox.Literal(text, datatype=XSD[kind]))]
    found = ours(data)
    assert found == found_by_pyshacl(as_rdflib(data), reference_shapes())
    assert "Datatype" in {each.component for each in found if each.focus == str(edition)}


def test_a_year_that_is_invalid_is_found_though_rdflib_takes_it() -> None:
    edition = ox.NamedNode("http://127.0.0.1:5000/id/edition/neurips-2024")
    data = [*terms(), *quads(*EXAMPLES), ox.Quad(edition, CVN.year, ox.Literal("MMXXIV", datatype=XSD.integer))]
    shapes = {each.shape for each in ours(data) if each.focus == str(edition) and each.component == "Datatype"}
    assert shapes == {"<https://w3id.org/convocation/shapes#Edition-year>"}


def damaged(data: list[ox.Quad], seed: int, times: int) -> list[ox.Quad]:
    """Return the data with triples removed, changed and added at random."""
    chance, store = random.Random(seed), ox.Store()  # noqa: S311 - not a secret
    store.extend(data)
    for _ in range(times):
        quad, dice = chance.choice(data), chance.random()
        if dice < 0.7:
            store.remove(quad)
        if 0.35 <= dice < 0.9:
            store.add(ox.Quad(quad.subject, quad.predicate, chance.choice(TERMS), ox.DefaultGraph()))
        if dice >= 0.9:
            kind = CVN[chance.choice(CLASSES)]
            store.add(ox.Quad(quad.subject, ox.NamedNode(str(RDF.type)), kind, ox.DefaultGraph()))
    return list(store)


@pytest.mark.slow
@pytest.mark.skipif(not LISTS.is_dir(), reason="the lists of real papers are next to the repository, in ../shared")
def test_real_papers_are_judged_alike(tmp_path: Path) -> None:
    some = (replace(each, papers=each.papers[:4]) for each in islice(listings(LISTS), 12))
    corpus.write(tmp_path / "papers.nq", "http://127.0.0.1:5000/", some)
    read = ox.parse(path=tmp_path / "papers.nq", format=ox.RdfFormat.N_QUADS, lenient=True)
    data = [*terms(), *(each for each in read if isinstance(each.graph_name, ox.DefaultGraph))]
    expected = found_by_pyshacl(as_rdflib(data), reference_shapes())
    assert expected
    assert ours(data) == expected


def beyond(found: set[Plain], expected: set[Plain]) -> set[Plain]:
    """Return what only we find and should not.

    A value that cannot be compared breaks a range (SHACL, section 4.3), but rdflib sorts values of all datatypes.
    """
    wrong, extra = {each.focus for each in expected if each.component == "Datatype"}, found - expected
    return {each for each in extra if each.component not in COMPARING or each.focus not in wrong}


@pytest.mark.parametrize("seed", range(6))
def test_random_damage_is_found_alike(seed: int) -> None:
    data = [*terms(), *damaged(quads(*EXAMPLES), seed, 300)]
    expected, found = found_by_pyshacl(as_rdflib(data), reference_shapes()), ours(data)
    assert len(expected) > 300
    assert expected - found == set()
    assert beyond(found, expected) == set()


def suite(folder: str) -> list[Path]:
    """Return the files of a part of the W3C suite that hold a test."""
    return sorted(path for path in SUITE.glob(f"{folder}/**/*.ttl") if b"sht:Validate" in path.read_bytes())


def differences() -> dict[str, str]:
    """Return the known differences with their reasons."""
    lines = KNOWN.read_text(encoding="utf-8").splitlines()
    return dict(line.split(": ", 1) for line in lines if line and not line.startswith("#"))


def outcome(path: Path) -> tuple[set[Plain] | None, set[Plain] | None]:
    """Return what a test of the suite expects and what we find; None is a refusal."""
    graph = rdflib.Graph().parse(path, publicID=path.as_uri())
    [test] = graph.subjects(RDF.type, SHT.Validate)
    action, report = graph.value(test, MF.action), graph.value(test, MF.result)
    places = [str(graph.value(action, prop)).removeprefix("file://") for prop in (SHT.dataGraph, SHT.shapesGraph)]
    data, shapes = (
        list(ox.parse(path=place, format=ox.RdfFormat.TURTLE, base_iri=Path(place).as_uri())) for place in places
    )
    try:
        found = ours(data, Shapes(shapes))
    except (UnsupportedShapeError, QueryError):
        found = None
    return None if report == SHT.Failure else reported(graph, report), found


@pytest.mark.skipif(not SUITE.is_dir(), reason="the suite of the W3C are next to the repository, in ../shared")
def test_the_core_of_the_w3c_suite_is_passed_but_for_known_differences() -> None:
    different = {}
    for path in suite("core"):
        expected, found = outcome(path)
        if expected != found:
            different[str(path.relative_to(SUITE))] = found
    assert len(suite("core")) == 98
    assert different.keys() == {name for name in differences() if name.startswith("core/")}


@pytest.mark.skipif(not SUITE.is_dir(), reason="the suite of the W3C are next to the repository, in ../shared")
def test_what_is_not_understood_of_the_w3c_suite_is_refused_and_never_passed_over() -> None:
    refused = set()
    for path in suite("sparql"):
        expected, found = outcome(path)
        if found is None and expected is not None:
            refused.add(str(path.relative_to(SUITE)))
        else:
            assert found == expected, path
    assert refused == {name for name in differences() if name.startswith("sparql/")}
