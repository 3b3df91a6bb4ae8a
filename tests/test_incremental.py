"""After a change, what is found again is what a whole validation finds, at no more nodes than the change reaches."""

import random
from collections.abc import Sequence

import pyoxigraph as ox
import pytest
from conftest import DRILL

from graph.build import Graph
from graph.files import ROOT
from graph.store.embedded import EmbeddedStore
from graph.terms import CODE, CVN, RDF, RDFS, XSD
from graph.validate.check import Result
from graph.validate.incremental import MOST, incremental
from graph.validate.whole import results
from graph.vocabulary import ontology

EXAMPLES = sorted(path for path in ROOT.glob("tests/shapes/*/*.ttl") if path.parent.name != "ontology")
HERE = ox.DefaultGraph()
TERMS = (
    ox.Literal("x"),
    ox.Literal(7),
    ox.Literal("2099", datatype=XSD.gYear),
    ox.Literal("2024-12-10", datatype=XSD.date),
    ox.NamedNode("urn:nowhere"),
    ox.NamedNode("http://127.0.0.1:5000/id/person/keyu-tian"),
    CODE["mode/virtual"],
)
CLASSES = ("Paper", "Person", "Edition", "Authorship", "Organization", "Track", "Observation", "Source", "Statement")


def examples() -> list[ox.Quad]:
    read = [quad for path in EXAMPLES for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE)]
    return [*(ox.Quad(*triple, HERE) for triple in ontology.terms()), *read]


def change(store: EmbeddedStore, data: Sequence[ox.Quad], chance: random.Random) -> list[ox.Quad]:
    """Change a few triples of a store at random; return what was added or removed."""
    changed = []
    for _ in range(chance.choice((1, 1, 3))):
        quad, dice = chance.choice(data), chance.random()
        value = CVN[chance.choice(CLASSES)] if dice > 0.9 else chance.choice(TERMS)
        other = ox.Quad(quad.subject, RDF.type if dice > 0.9 else quad.predicate, value, quad.graph_name)
        if dice < 0.7:
            store.engine.remove(quad)
            changed.append(quad)
        if dice > 0.3:
            store.engine.add(other)
            changed.append(other)
    return changed


def check_changes(data: Sequence[ox.Quad], seed: int, times: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - not a secret
    before, after = EmbeddedStore.memory(data), EmbeddedStore.memory(data)
    known: set[Result] = set(results(after))
    changeable = [quad for quad in data if quad.predicate != RDFS.subClassOf]
    for _ in range(times):
        changed = change(after, changeable, chance)
        found = incremental(before, after, changed)
        assert found.nodes is not None
        known = {each for each in known if each.focus not in found.nodes} | set(found.results)
        assert known == set(results(after)), changed
        for quad in changed:
            before.engine.add(quad) if quad in after.engine else before.engine.remove(quad)


@pytest.mark.parametrize("seed", range(3))
def test_what_is_found_again_is_what_is_found_again(seed: int) -> None:
    check_changes(examples(), seed, 20)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_what_is_found_again_in_the_bundled_graph_is_what_is_found_again(seed: int, bundled: Graph) -> None:
    check_changes(sorted(bundled.quads(), key=str), seed, 60 if DRILL else 25)


def test_a_change_that_no_shape_looks_at_reaches_nothing() -> None:
    store = EmbeddedStore.memory(examples())
    thing = ox.Quad(ox.NamedNode("urn:thing"), ox.NamedNode("urn:property"), ox.Literal("x"), HERE)
    found = incremental(store, store, [thing])
    assert (found.nodes, found.results) == (frozenset(), ())


def test_a_change_of_the_classes_or_of_very_many_things_has_all_validated() -> None:
    store = EmbeddedStore.memory(examples())
    below = ox.Quad(CVN.Paper, RDFS.subClassOf, CVN.Event, HERE)
    many = [ox.Quad(ox.NamedNode(f"urn:thing:{n}"), RDFS.label, ox.Literal("x"), HERE) for n in range(MOST + 1)]
    for changed in ([below], many):
        found = incremental(store, store, changed)
        assert found.nodes is None
        assert set(found.results) == set(results(store))
