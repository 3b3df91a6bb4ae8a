"""Terms are written as in Turtle, and a triple of the data has no blank node."""

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode
from pyoxigraph import Triple as Found

from graph.terms import CVN, PREFIXES, RDFS, Triple

THING = NamedNode("https://kg.example.org/id/thing")


@pytest.mark.parametrize("name", ["Edition", "in", "number-of"])
def test_a_name_in_a_namespace_is_an_iri(name: str) -> None:
    assert CVN[name] == NamedNode(f"https://w3id.org/convocation/ontology#{name}")


def test_an_attribute_is_the_same_as_a_key() -> None:
    assert CVN.Edition == CVN["Edition"]


@pytest.mark.parametrize(("iri", "inside"), [(CVN.Edition.value, True), (RDFS.label.value, False), ("", False)])
def test_a_namespace_knows_its_iris(iri: str, inside: bool) -> None:  # noqa: FBT001 - it is what is expected
    assert (iri in CVN) == inside


def test_every_prefix_ends_where_a_name_begins() -> None:
    assert [prefix for prefix, start in PREFIXES.items() if start[-1] not in "/#"] == []


@pytest.mark.parametrize("value", [THING, Literal("wheel")])
def test_a_triple_of_the_engine_is_taken_over(value: NamedNode | Literal) -> None:
    assert Triple.of(Found(THING, RDFS.label, value)) == (THING, RDFS.label, value)


@pytest.mark.parametrize(("subject", "value"), [(BlankNode(), THING), (THING, BlankNode())])
def test_a_blank_node_is_refused(subject: NamedNode | BlankNode, value: NamedNode | BlankNode) -> None:
    with pytest.raises(ValueError, match="has a blank node; name it with an IRI"):
        Triple.of(Found(subject, RDFS.label, value))
