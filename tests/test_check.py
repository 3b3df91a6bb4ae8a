"""Validation results come with the thing, the reason and the shape, the most severe first."""

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from graph.files import ROOT
from graph.names import code
from graph.terms import CVN, RDF, RDFS, XSD, Triple
from graph.validate.check import ORDER, ShapeFinding
from graph.validate.whole import check

THING = NamedNode("https://kg.example.org/id/person/ada-byron")
SOURCE = NamedNode("https://kg.example.org/id/source/made-up")
EXAMPLES = sorted(ROOT.glob("tests/shapes/*/*.ttl"))
PERSON = [Triple(THING, RDF.type, CVN.Person), Triple(THING, RDFS.label, Literal("Ada Byron"))]
MADE_UP = [
    Triple(SOURCE, RDF.type, CVN.Source),
    Triple(SOURCE, CVN.sourceKind, code("source-kind", "fact-sheet")),
]


def found(*triples: Triple) -> list[ShapeFinding]:
    return [finding for finding in check(triples) if finding.focus == THING.value]


def test_a_whole_thing_is_found_nothing_wrong_with() -> None:
    assert found(*PERSON, Triple(THING, CVN.source, SOURCE), *MADE_UP) == []


def test_what_is_missing_is_reported_with_the_shape() -> None:
    [finding] = found(*PERSON)
    assert (finding.severity, finding.shape) == ("Violation", "Person-source")
    assert str(finding).startswith(f"Violation: {THING.value}: ")
    assert str(finding).endswith(" [Person-source]")


def test_a_wrong_value_is_reported() -> None:
    wrong = Triple(THING, CVN.source, THING)
    [finding] = found(*PERSON, wrong)
    assert (finding.value, finding.path) == (THING.value, CVN.source.value)
    assert f" (here: {THING.value}) [" in str(finding)


@pytest.mark.parametrize(
    "label",
    [Literal("Ada", language="en"), Literal("7", datatype=XSD.integer), Literal("ada@example.org"), Literal("")],
)
def test_a_label_that_is_no_plain_name_is_found(label: Literal) -> None:
    triples = [PERSON[0], Triple(THING, RDFS.label, label), Triple(THING, CVN.source, SOURCE), *MADE_UP]
    assert {finding.shape for finding in found(*triples)} == {"Person-label"}


def test_the_most_severe_comes_first() -> None:
    examples = [Triple.of(triple) for path in EXAMPLES for triple in parse(path=path, format=RdfFormat.TURTLE)]
    order = [ORDER[finding.severity] for finding in check(examples)]
    assert order == sorted(order)
    assert set(order) == {0, 1, 2}


def test_the_codes_are_known_without_being_given() -> None:
    triples = [*PERSON, Triple(THING, CVN.source, SOURCE), *MADE_UP]
    assert not [finding for finding in check(triples) if finding.shape == "Source-sourceKind"]
    unknown = [*triples[:-1], Triple(SOURCE, CVN.sourceKind, code("source-kind", "flyer"))]
    assert [finding.shape for finding in check(unknown) if finding.path == CVN.sourceKind.value] == [
        "Source-sourceKind"
    ]
