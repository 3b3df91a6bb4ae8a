"""Consistency rules are files: each runs as it is, says what it is about, and describes every outcome in words."""

import re
from pathlib import Path
from string import Formatter

import pytest
from generated import COMMAND, FINDS, found
from pyoxigraph import QuerySolutions

from graph.files import ROOT
from graph.rules.examination import HOLDS, examine
from graph.rules.rule import Rule, rules
from graph.rules.sentences import number
from graph.rules.spelling import called, cities, difference, near, neighbors
from graph.store.embedded import EmbeddedStore
from graph.vocabulary.codes import codes

KEYS = ("label", "order", "severity", "explanation", "formula", "title", "concerns")
RULES = pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.name)
BROKEN = ROOT / "tests" / "findings"


def templates(rule: Rule) -> dict[str, set[str]]:
    """Return the columns that each sentence of a rule names."""
    keys = [key for key, words in rule.query.header.items() if "{" in words]
    return {key: {field for _, field, _, _ in Formatter().parse(rule.said(key)) if field} for key in keys}


@RULES
def test_a_rule_says_what_it_is_about(rule: Rule) -> None:
    assert [key for key in KEYS if not rule.said(key)] == []
    assert rule.said("severity") in codes("severity")
    assert rule.said("explanation").endswith(".")
    assert {key.partition("-")[0] for key in templates(rule)} & {"contradicts", "explained", "caution"}


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
        assert case.startswith(each.outcome), f"{rule.name} gives a sentence of {case} to {each.outcome}"


def test_the_text_of_a_rule_is_its_query_without_the_header() -> None:
    for rule in rules():
        assert "#+" not in rule.text
        assert re.match(r"PREFIX|SELECT", rule.text)


@pytest.mark.parametrize("path", sorted(BROKEN.glob("*.trig")), ids=lambda path: path.stem)
def test_a_rule_finds_what_breaks_it_and_nothing_else(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith(FINDS), f"tests/findings/{path.name} does not say what the rule finds; run: {COMMAND}"
    wanted = [first.removeprefix(FINDS)]
    assert found(path) in (sorted(wanted), sorted(wanted[0].split(", ")))


@RULES
def test_every_rule_is_broken_by_something(rule: Rule, store: EmbeddedStore) -> None:
    if not (BROKEN / f"{rule.name}.trig").exists():
        hint = f"write an example that violates it into tests/findings/{rule.name}.trig, then run: {COMMAND}"
        assert any(each.outcome != HOLDS for each in examine(store, [rule])), hint


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        ("Hartd", "Hardt", "two swapped letters"),
        ("Choi", "Cho", "one letter"),
        ("Raganathan", "Raghunathan", "two letters"),
    ],
)
def test_the_difference_of_two_spellings_is_reported_in_words(one: str, other: str, words: str) -> None:
    assert difference(one, other) == words


def test_a_spelling_is_found_among_other_words() -> None:
    assert near("Interpose, PR for ICLR", "Interprose") == "Interpose"
    assert near("Interprose for NeurIPS 2023", "Interprose") == ""
    assert near("Stanford", "Interprose") == ""


def test_the_gazetteer_knows_cities_and_what_is_called_like_them() -> None:
    assert "RW" in cities()["kigali"]
    assert "kigali" in neighbors("Kagali")
    assert called("Korea") == ["North Korea", "South Korea"]
    assert called("France") == ["France"]


@pytest.mark.parametrize(
    ("value", "words"), [("19756", "19,756"), ("11.63782", "11.64"), ("0", "0"), ("100", "100"), ("-3.10", "-3.1")]
)
def test_a_number_is_written_as_readers_write_it(value: str, words: str) -> None:
    assert number(value) == words
