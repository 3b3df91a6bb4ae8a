"""The shapes accept what is right, name what is wrong, and agree with the ontology."""

import re
from functools import cache
from pathlib import Path

import pytest
from pyshacl import validate
from rdflib import OWL, RDF, RDFS, SH, BNode, Graph, Namespace
from rdflib.term import Node

ROOT = Path(__file__).parent.parent
CVN = Namespace("https://w3id.org/convocation/ontology#")
SHAPE = Namespace("https://w3id.org/convocation/shapes#")
STEMS = sorted(path.stem for path in ROOT.glob("shapes/*.ttl"))
EXAMPLES = sorted(ROOT.glob("tests/shapes/*/*.ttl"))
MISTAKES = [path for path in EXAMPLES if path.stem != "valid"]


def name(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def read(*patterns: str) -> Graph:
    graph = Graph()
    for pattern in patterns:
        for path in sorted(ROOT.glob(pattern)):
            graph.parse(path)
    return graph


@cache
def ontology() -> Graph:
    return read("ontology/*.ttl", "ontology/codes/*.ttl")


@cache
def shapes() -> Graph:
    return read("shapes/*.ttl")


@cache
def subjects(path: Path) -> frozenset[Node]:
    return frozenset(Graph().parse(path).subjects())


@cache
def report() -> Graph:
    """The validation results when all examples are checked at once, as one small world."""
    _, found, _ = validate(ontology() + read("tests/shapes/*/*.ttl"), shacl_graph=shapes())
    assert isinstance(found, Graph)
    return found


def broken_by(path: Path) -> set[str]:
    results = [result for node in subjects(path) for result in report().subjects(SH.focusNode, node)]
    return {str(report().value(result, SH.sourceShape)).removeprefix(SHAPE) for result in results}


def superclasses(term: Node) -> set[Node]:
    return {node for node in ontology().transitive_objects(term, RDFS.subClassOf) if node is not None}


@pytest.mark.parametrize("stem", STEMS)
def test_stem_has_a_valid_example_and_three_mistakes(stem: str) -> None:
    found = [path.stem for path in EXAMPLES if path.parent.name == stem]
    words = f"tests/shapes/{stem}/ needs valid.ttl and at least 3 mistakes; for a new kind run: make kind NAME={stem}"
    assert "valid" in found, words
    assert len(found) >= 4, words


@pytest.mark.parametrize("stem", STEMS)
def test_valid_example_breaks_nothing(stem: str) -> None:
    assert broken_by(ROOT / "tests/shapes" / stem / "valid.ttl") == set()


@pytest.mark.parametrize("mistake", MISTAKES, ids=name)
def test_mistake_breaks_only_the_shape_it_names(mistake: Path) -> None:
    first_line = mistake.read_text(encoding="utf-8").splitlines()[0]
    assert {first_line.removeprefix("#+ breaks: ")} == broken_by(mistake)


def test_no_two_examples_describe_the_same_thing() -> None:
    found = [node for path in EXAMPLES for node in subjects(path)]
    assert len(found) == len(set(found))


@pytest.mark.slow
def test_shapes_are_themselves_valid() -> None:
    conforms, _, text = validate(Graph(), shacl_graph=shapes(), meta_shacl=True)
    assert conforms, text


def test_blank_nodes_are_only_lists() -> None:
    found = {node for triple in shapes() for node in triple if isinstance(node, BNode)}
    assert [node for node in found if (node, RDF.rest, None) not in shapes()] == []


@pytest.mark.parametrize("stem", STEMS)
def test_shapes_of_a_file_are_sorted(stem: str) -> None:
    text = (ROOT / f"shapes/{stem}.ttl").read_text(encoding="utf-8")
    found = re.findall(r"^shape:(\S+)$", text, re.MULTILINE)
    assert found == sorted(set(found))


def test_every_shape_named_by_another_is_there() -> None:
    named = {node for node in shapes().objects() if str(node).startswith(SHAPE)}
    assert named <= set(shapes().subjects())


@pytest.mark.parametrize("predicate", [SH.name, SH.description])
def test_every_shape_reads_as_documentation(predicate: Node) -> None:
    found = {node for kind in (SH.NodeShape, SH.PropertyShape) for node in shapes().subjects(RDF.type, kind)}
    assert {node for node in found if shapes().value(node, predicate) is None} == set()


def test_every_constraint_has_a_message() -> None:
    found = {node for target in shapes().subjects(SH.targetClass) for node in shapes().objects(target, SH.property)}
    found |= set(shapes().objects(None, SH.sparql)) | set(shapes().subjects(SH.closed))
    assert {node for node in found if shapes().value(node, SH.message) is None} == set()


def test_every_class_of_data_has_a_shape() -> None:
    classes = set(ontology().subjects(RDF.type, OWL.Class))
    targets = set(shapes().objects(None, SH.targetClass))
    assert {node for node in classes if not superclasses(node) & targets} == set()


def test_shape_checks_the_datatype_that_the_ontology_gives() -> None:
    for shape, datatype in shapes().subject_objects(SH.datatype):
        given = ontology().value(shapes().value(shape, SH.path), RDFS.range)
        assert given in {None, datatype}, shape


def test_shape_checks_the_class_that_the_ontology_gives() -> None:
    for shape, kind in shapes().subject_objects(SH["class"]):
        given = ontology().value(shapes().value(shape, SH.path), RDFS.range)
        assert given is None or given in superclasses(kind), shape


def test_severities_are_those_of_shacl() -> None:
    assert set(shapes().objects(None, SH.severity)) == {SH.Info, SH.Warning}
