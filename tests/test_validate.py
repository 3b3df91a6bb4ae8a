"""The compiler of shapes refuses what it does not understand, and a store is judged as a whole and in its parts."""

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, parse

from graph.errors import UnsupportedShapeError
from graph.store.embedded import EmbeddedStore
from graph.terms import CVN, RDF
from graph.validate import validate
from graph.validate.compile import compile_shapes
from graph.validate.conditions import Conditions
from graph.validate.reach import Impact
from graph.validate.shapes import Shapes, read_shapes
from graph.validate.whole import run

PREFIXES = "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <http://x/> .\n"
HEAD = "e:S a sh:NodeShape ; sh:targetClass e:C ; "
REFUSED = {
    "an unknown parameter": f"{HEAD} sh:property [ sh:path e:p ; sh:minimumCount 1 ] .",
    "a rule": f"{HEAD} sh:rule [ ] .",
    "a component of one's own": f"{HEAD} e:most 1 . e:K a sh:ConstraintComponent ; sh:parameter [ sh:path e:most ] .",
    "a shape that rests on itself": f"{HEAD} sh:property [ sh:path e:p ; sh:node e:S ] .",
    "a query in a shape without a target": f'{HEAD} sh:node e:T . e:T sh:sparql [ sh:select "SELECT $this {{}}" ] .',
    "an invalid path": f"{HEAD} sh:property [ sh:path [ e:then e:p ] ; sh:minCount 1 ] .",
    "a union": f'{HEAD} sh:sparql [ sh:select "SELECT $this {{ {{ $this ?p 1 }} UNION {{ $this ?p 2 }} }}" ] .',
    "a service": f'{HEAD} sh:sparql [ sh:select "SELECT $this {{ SERVICE e:s {{ }} }}" ] .',
    "no query": f'{HEAD} sh:sparql [ sh:select "" ] .',
    "very many values": f"{HEAD} sh:property [ sh:path e:p ; sh:minCount 50 ] .",
}
UNREACHED = {
    "any number of steps": f"{HEAD} sh:property [ sh:path [ sh:zeroOrMorePath e:p ] ; sh:minCount 1 ] .",
    "a query apart": f'{HEAD} sh:sparql [ sh:select "SELECT $this {{ $this a <http://x/C> . ?x a <http://x/D> }}" ] .',
    "a query along any steps": f'{HEAD} sh:sparql [ sh:select "SELECT $this {{ $this <http://x/p>+ 1 }}" ] .',
}


def shapes(text: str) -> Shapes:
    return Shapes(parse((PREFIXES + text).encode(), format=RdfFormat.TURTLE))


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_what_is_not_understood_is_refused(text: str) -> None:
    with pytest.raises(UnsupportedShapeError):
        compile_shapes(Conditions(shapes(text)))


@pytest.mark.parametrize("text", UNREACHED.values(), ids=UNREACHED)
def test_what_a_change_reaches_is_refused_where_it_is_not_known(text: str) -> None:
    compile_shapes(Conditions(shapes(text)))
    with pytest.raises(UnsupportedShapeError):
        Impact.of(shapes(text), {})


def test_the_shapes_are_read_once_and_are_all_understood() -> None:
    assert read_shapes() is read_shapes()
    assert compile_shapes(Conditions(read_shapes()))
    assert Impact.of(read_shapes(), {}).classes


def test_a_message_of_a_query_names_what_it_found() -> None:
    text = f"""{HEAD} sh:sparql [ sh:message "There is {{?value}}, {{$this}}, {{?nothing}}." ;
        sh:select "SELECT $this ?value {{ $this <http://x/p> ?value }}" ] ."""
    thing = NamedNode("http://x/a")
    store = EmbeddedStore.memory(
        [
            Quad(thing, RDF.type, NamedNode("http://x/C"), DefaultGraph()),
            Quad(thing, NamedNode("http://x/p"), Literal(7), DefaultGraph()),
        ]
    )
    [result] = run(store, compile_shapes(Conditions(shapes(text))))
    assert result.message == "There is 7, http://x/a, {?nothing}."


def test_decisions_are_judged_in_named_graphs_by_what_the_default_graph_says() -> None:
    graph, decision, person = (NamedNode(f"http://x/{name}") for name in ("graph", "decision", "person"))
    said = [
        Quad(decision, RDF.type, CVN.IdentityDecision, graph),
        Quad(decision, CVN.nameAsPrinted, Literal("A. Byron"), graph),
        Quad(decision, CVN.because, Literal("It is misprinted."), graph),
        Quad(decision, CVN.source, NamedNode("http://x/source"), graph),
        Quad(decision, CVN.identifiedAs, person, graph),
        Quad(NamedNode("http://x/other"), RDF.type, CVN.Person, graph),  # what a source says is not judged by itself
    ]
    alone = {each.shape for each in validate(EmbeddedStore.memory(said)) if each.focus == decision.value}
    known = Quad(person, RDF.type, CVN.Person, DefaultGraph())
    together = {(each.shape, each.focus) for each in validate(EmbeddedStore.memory((*said, known)))}
    assert "IdentityDecision-identifiedAs" in alone
    assert {shape for shape, focus in together if focus == decision.value} == alone - {"IdentityDecision-identifiedAs"}
    assert {focus for _, focus in together} - {decision.value} == {person.value}
