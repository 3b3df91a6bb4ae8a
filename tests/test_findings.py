"""Every contradiction of the checklist is found by a rule, or it is said what it would need; the rest is not."""

import csv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from pyoxigraph import Literal, NamedNode

from graph.build import Graph
from graph.files import ROOT
from graph.names import Names
from graph.terms import CVN, RDF, Triple

EXPECTED = ROOT / "tests" / "findings" / "expected.csv"
CHECKLIST = ROOT.parent / "shared" / "checklists" / "seed_inconsistencies.tsv"
NAMES = Names("http://127.0.0.1:5000/")
KINDS = ("contradicts", "explained", "caution", "holds")
REPORTED = KINDS[:3]
Row = dict[str, str]


@dataclass
class Told:
    """An instance of a rule as the graph states it: its rule, outcome and severity, and the lines that it compares."""

    rule: str = ""
    outcome: str = ""
    severity: str = ""
    sentence: str = ""
    lines: set[str] = field(default_factory=set)
    concerns: set[str] = field(default_factory=set)


def rows() -> list[Row]:
    with EXPECTED.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def name(row: Row) -> str:
    return f"{row['id']}-{row['rule'] or row['outcome']}"


@pytest.fixture(scope="module")
def checks(bundled: Graph) -> list[Told]:
    """The instances in the graph of findings."""
    lines = defaultdict[NamedNode, set[str]](set)
    for graph, triples in bundled.named.items():
        key = graph.value.rpartition("/")[2]
        places = {triple.subject: triple.object.value for triple in triples if triple.predicate == CVN.sourceLine}
        for triple in triples:
            if triple.predicate == CVN.citedAt and isinstance(triple.object, NamedNode):
                lines[triple.subject].add(f"{key}:{places[triple.object]}")
    found = defaultdict[NamedNode, Told](Told)
    for triple in bundled.named[NAMES.graph("findings")]:
        _add(found[triple.subject], triple, lines)
    return [each for each in found.values() if each.sentence]


def _add(stated: Told, triple: Triple, lines: dict[NamedNode, set[str]]) -> None:
    value = triple.object
    if triple.predicate == CVN.involves and isinstance(value, NamedNode):
        stated.lines |= lines[value]
    elif triple.predicate == CVN.concerns:
        stated.concerns.add(value.value.removeprefix(f"{NAMES.base}id/"))
    elif triple.predicate in {CVN.rule, CVN.outcome, CVN.severity}:
        setattr(stated, triple.predicate.value.rpartition("#")[2], value.value.rpartition("/")[2])
    elif triple.predicate == CVN.sentence:
        stated.sentence = value.value


def matching(row: Row, checks: list[Told]) -> Iterator[Told]:
    """Yield the instances that compare the lines of a row and concern the thing that it names."""
    lines = set(row["lines"].split())
    for each in checks:
        right = row["rule"] in {"", each.rule}
        if right and lines <= each.lines and row["concerns"] in each.concerns:
            yield each


@pytest.mark.parametrize("row", [row for row in rows() if row["outcome"] in KINDS], ids=name)
def test_a_rule_finds_the_contradiction_or_says_that_it_holds(row: Row, checks: list[Told]) -> None:
    found = [each for each in matching(row, checks) if each.outcome == row["outcome"]]
    assert found, f"{row['id']}: {row['rule']} reports nothing on {row['lines'] or row['concerns']}"
    if row["outcome"] == "contradicts":
        assert row["severity"] in {each.severity for each in found}


@pytest.mark.parametrize("row", [row for row in rows() if row["outcome"] == "absent"], ids=name)
def test_what_is_right_is_not_reported(row: Row, checks: list[Told]) -> None:
    assert [each for each in matching(row, checks) if each.outcome in REPORTED] == []


def test_the_contradictions_of_high_and_medium_severity_are_reported() -> None:
    found = {row["id"] for row in rows() if row["severity"] in {"high", "medium"} and row["outcome"] in REPORTED}
    assert len(found) == 25
    contradicted = {row["id"] for row in rows() if row["outcome"] == "contradicts"}
    assert contradicted >= {"X-A01", "X-A02", "X-A03", "X-C01", "X-L01", "X-L04", "X-N01", "X-N02", "X-N08", "X-S01"}


@pytest.mark.parametrize("row", [row for row in rows() if row["outcome"] == "other"], ids=name)
def test_what_no_rule_finds_says_what_it_needs(row: Row) -> None:
    assert row["reason"]


def test_what_holds_by_the_checklist_is_no_finding(checks: list[Told]) -> None:
    """A row of severity info holds or is explained, and no contradiction of its rule compares the same lines."""
    for row in rows():
        if row["severity"] == "info" and row["outcome"] in {"holds", "explained"} and row["lines"]:
            lines = {
                each.lines and frozenset(each.lines) for each in matching(row, checks) if each.outcome != "contradicts"
            }
            broken = [each for each in matching(row, checks) if each.outcome == "contradicts" and each.lines in lines]
            assert broken == [], row["id"]


def test_findings_are_reported_in_sentences(checks: list[Told]) -> None:
    for each in checks:
        assert each.sentence[0].isupper() or each.sentence[0].isdigit()
        assert each.sentence.endswith("."), each.sentence
        assert "{" not in each.sentence
        assert each.concerns


def test_no_finding_is_about_what_is_alleged_of_a_person(bundled: Graph) -> None:
    statuses = {f"claim-status/{status}" for status in ("reported-allegation", "disputed", "speculation")}
    triples = [triple for triples in bundled.named.values() for triple in triples]
    contested = {
        triple.subject
        for triple in triples
        if triple.predicate == CVN.claimStatus and triple.object.value.split("/code/")[-1] in statuses
    }
    involved = {triple.object for triple in triples if triple.predicate == CVN.involves}
    assert contested
    assert not contested & involved


@pytest.mark.skipif(not CHECKLIST.exists(), reason="the checklist of contradictions is not beside this checkout")
def test_every_entry_of_the_checklist_is_accounted_for(checks: list[Told], capsys: pytest.CaptureFixture[str]) -> None:
    with CHECKLIST.open(encoding="utf-8", newline="") as file:
        entries = {row["id"]: row for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)}
    stated = defaultdict[str, list[Row]](list)
    for row in rows():
        stated[row["id"]].append(row)
    assert set(stated) == set(entries)
    assert all(row["severity"] == entries[row["id"]]["severity"] for row in rows())
    with capsys.disabled():
        print()
        for severity in ("high", "medium", "low", "info"):
            _print(severity, {key: found for key, found in stated.items() if found[0]["severity"] == severity}, checks)


def _print(severity: str, stated: dict[str, list[Row]], checks: list[Told]) -> None:
    reported = [key for key, found in stated.items() if any(row["outcome"] in REPORTED for row in found)]
    print(f"{severity}: {len(reported)} of {len(stated)} reported")
    for key, found in stated.items():
        row = next((row for row in found if row["outcome"] in REPORTED), found[0])
        sentences = [each.sentence for each in matching(row, checks) if each.outcome == row["outcome"]]
        words = sentences[0] if sentences else row["reason"] or f"not reported: {row['outcome']}"
        print(f"  {key:6} {row['rule'] or '-':34} {words[:110]}")


def test_the_kept_instances_are_typed(bundled: Graph) -> None:
    kinds = {triple.object for triple in bundled.named[NAMES.graph("findings")] if triple.predicate == RDF.type}
    assert kinds == {CVN.ConsistencyRule, CVN.Check, CVN.Finding, CVN.Tally}
    values = [t.object for t in bundled.named[NAMES.graph("findings")] if t.predicate == CVN.sentence]
    assert all(isinstance(value, Literal) for value in values)
