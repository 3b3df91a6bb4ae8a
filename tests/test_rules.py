"""Consistency rules are files: each runs as it is, says what it is about, and tells every outcome in words."""

import re
from string import Formatter

import pytest
from pyoxigraph import QuerySolutions

from graph.codes import codes
from graph.rules.examination import examine
from graph.rules.rule import Rule, rules
from graph.store.embedded import EmbeddedStore

KEYS = ("label", "order", "severity", "explanation", "formula", "title", "concerns", "fails")
RULES = pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.name)
NO_COLUMN = {"outcome", "case"}


def templates(rule: Rule) -> dict[str, set[str]]:
    """Return the columns that each sentence of a rule names."""
    keys = [key for key, words in rule.query.header.items() if "{" in words]
    return {key: {field for _, field, _, _ in Formatter().parse(rule.said(key)) if field} for key in keys}


@RULES
def test_a_rule_says_what_it_is_about(rule: Rule) -> None:
    assert [key for key in KEYS if not rule.said(key)] == []
    assert rule.said("severity") in codes("severity")
    assert rule.said("explanation").endswith(".")


@RULES
def test_a_rule_runs_as_it_is_in_an_empty_graph(rule: Rule) -> None:
    assert list(examine(EmbeddedStore.memory(()), [rule])) == []


@RULES
def test_every_column_that_a_rule_names_is_one(rule: Rule) -> None:
    results = EmbeddedStore.memory(()).query(rule.query.text)
    assert isinstance(results, QuerySolutions)
    columns = {variable.value for variable in results.variables}
    named = {*rule.columns("involves"), *rule.columns("concerns")}.union(*templates(rule).values())
    added = set(rule.columns("decides"))
    assert named - columns - added == set()


@RULES
def test_every_outcome_that_a_rule_gives_has_a_sentence(rule: Rule, store: EmbeddedStore) -> None:
    for each in examine(store, [rule]):
        case = each.row["case"].value if "case" in each.row else each.outcome
        assert each.outcome in codes("outcome")
        assert rule.said(case), f"{rule.name} has no sentence for {case}"


def test_the_text_of_a_rule_is_its_query_without_the_header() -> None:
    for rule in rules():
        assert "#+" not in rule.text
        assert re.match(r"PREFIX|SELECT", rule.text)
