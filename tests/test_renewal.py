"""After a change, what the rules find where it reaches, and keep elsewhere, is what they find in the whole graph."""

import random

import pytest
from pyoxigraph import DefaultGraph, Quad

from graph.build import Graph
from graph.names import Names
from graph.rules.findings import Findings
from graph.rules.renewal import IncrementalFindings
from graph.rules.rule import rules
from graph.store.embedded import EmbeddedStore
from graph.terms import CVN, RDFS
from graph.validate.affected import AffectedTerms

NAMES = Names("http://127.0.0.1:5000/")
LISTING = [rule for rule in rules() if rule.query.listed]


def changed_at_random(data: list[Quad], seed: int) -> tuple[list[Quad], list[Quad]]:
    """Return quads that go and quads that come in place of some of them, with values that others of the kind have."""
    chance = random.Random(seed)  # noqa: S311 - not a secret
    gone, come = chance.sample(data, chance.choice((1, 1, 2, 20))), []
    for quad in gone:
        if chance.random() < 0.6:
            value = chance.choice([each for each in data if each.predicate == quad.predicate]).object
            come.append(Quad(quad.subject, quad.predicate, value, quad.graph_name))
    return gone, come


def read_by_rules(data: list[Quad]) -> list[Quad]:
    """Return the quads that the rules read whose queries list a parameter."""
    found = [AffectedTerms.of(rule.query) for rule in LISTING]
    read = {RDFS.label}.union(*(each.ways for each in found if each)) - {CVN.source}
    return [quad for quad in data if quad.predicate in read]


def renewal(data: list[Quad], gone: list[Quad], come: list[Quad]) -> IncrementalFindings:
    rest = [quad for quad in data if quad not in set(gone)]
    before, after = EmbeddedStore.memory(data), EmbeddedStore.memory([*rest, *come])
    return IncrementalFindings.of(Findings(before, NAMES), Findings(after, NAMES), [*gone, *come])


def test_every_rule_that_lists_a_parameter_says_what_it_reads() -> None:
    assert [rule.name for rule in LISTING if AffectedTerms.of(rule.query) is None] == []


@pytest.mark.parametrize("most", [100, 2])
@pytest.mark.parametrize("seed", range(8))
def test_what_is_renewed_is_what_is_found_again(
    bundled: Graph, monkeypatch: pytest.MonkeyPatch, seed: int, most: int
) -> None:
    monkeypatch.setattr("graph.rules.findings.HELD", most)
    data = [quad for quad in bundled.quads() if quad.graph_name != NAMES.graph("findings")]
    data += [Quad(*each, NAMES.graph("findings")) for each in Findings(EmbeddedStore.memory(data), NAMES).triples()]
    changed = renewal(data, *changed_at_random(read_by_rules(data), seed))
    for rule in LISTING:
        found = changed.renewed(rule)
        assert found is None or set(found) == set(changed.after.of(rule)), rule.name


def test_a_change_of_one_paper_has_no_rule_asked_whole(bundled: Graph) -> None:
    data = list(bundled.quads())
    gone = [each for each in data if each.predicate == CVN.paper and isinstance(each.graph_name, DefaultGraph)][:1]
    changed = renewal(data, gone, [])
    assert [rule.name for rule in LISTING if changed.renewed(rule) is None] == []
