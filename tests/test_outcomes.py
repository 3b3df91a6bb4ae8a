"""The rules claim only what they looked at; each test is named for a false or unfounded statement that a rule made."""

import csv
import io
import re

import pytest
from flask.testing import FlaskClient
from pyoxigraph import QuerySolutions

from graph.store.embedded import EmbeddedStore
from graph.vocabulary.codes import codes

Stated = tuple[str, str, str]
PREFIXES = """PREFIX cvn: <https://w3id.org/convocation/ontology#>
PREFIX outcome: <https://w3id.org/convocation/code/outcome/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""
SENTENCES = """SELECT ?outcome ?rule ?sentence
WHERE { GRAPH ?findings { ?check cvn:outcome ?outcome ; cvn:rule ?rule ; cvn:sentence ?sentence } }
"""


def asked(store: EmbeddedStore, text: str) -> list[list[str]]:
    results = store.query(PREFIXES + text)
    assert isinstance(results, QuerySolutions)
    return [["" if term is None else term.value for term in row] for row in results]


@pytest.fixture(scope="module")
def stated(store: EmbeddedStore) -> list[Stated]:
    """The outcome, the rule and the sentence of each instance."""
    rows = asked(store, SENTENCES)
    return [(outcome.rpartition("/")[2], rule.rpartition("/")[2], sentence) for outcome, rule, sentence in rows]


def sentences(stated: list[Stated], rule: str, outcome: str = "") -> list[str]:
    return [sentence for came, name, sentence in stated if name == rule and outcome in ("", came)]


def test_there_are_four_outcomes_and_one_is_a_failure(store: EmbeddedStore) -> None:
    assert set(codes("outcome")) == {"contradicts", "explained", "caution", "holds"}
    found = asked(store, "SELECT DISTINCT ?outcome { GRAPH ?findings { ?each a cvn:Finding ; cvn:outcome ?outcome } }")
    assert found == [["https://w3id.org/convocation/code/outcome/contradicts"]]


def test_no_caution_marks_a_number(client: FlaskClient, store: EmbeddedStore) -> None:
    editions = asked(store, "SELECT ?edition { ?edition a cvn:Edition }")
    marked = set[str]()
    for [edition] in editions:
        text = client.get(edition.replace("http://127.0.0.1:5000/id/", "/page/")).text
        marked |= {path for path in re.findall(r'class="mark finding" href="([^"#]+)"', text) if path}
    assert marked
    assert {path.split("/")[2] for path in marked} == {"finding"}


def test_a_number_is_marked_by_the_heading_that_miscounts_alone(store: EmbeddedStore) -> None:
    involved = asked(
        store,
        "SELECT ?number { GRAPH ?findings { ?each a cvn:Finding ; cvn:involves ?number ; cvn:rule ?rule } "
        'FILTER (CONTAINS(STR(?rule), "list-is-as-long-as-printed")) }',
    )
    assert ["number-of-conference-tracks" in number for [number] in involved] == [True]


def test_every_contradiction_names_a_document_and_a_line(store: EmbeddedStore, stated: list[Stated]) -> None:
    documents = [label for [label] in asked(store, "SELECT ?label { ?source a cvn:Source ; rdfs:label ?label }")]
    found = [sentence for outcome, _, sentence in stated if outcome == "contradicts"]
    assert len(found) > 10
    for sentence in found:
        assert any(f"the {document}" in sentence or f"The {document}" in sentence for document in documents), sentence
        assert re.search(r"\(lines? \d+", sentence), sentence


def test_no_sentence_has_a_gap_where_a_source_or_line_is_not_known(stated: list[Stated]) -> None:
    for _, _, sentence in stated:
        assert not re.search(r"\(line(s)? ?\)|\bthe (,|;|\.|\()| ,|\(\)", sentence), sentence


def test_namesakes_are_cautions(stated: list[Stated]) -> None:
    assert {outcome for outcome, rule, _ in stated if rule == "one-name-may-be-two-people"} == {"caution"}


@pytest.mark.parametrize("name", ["Rylan Schaeffer", "Sanmi Koyejo", "Becky Obbema", "Alexander Rush"])
def test_whom_companions_an_agency_or_a_decision_identify_rests_on_more_than_a_name(
    name: str, stated: list[Stated]
) -> None:
    assert [
        each for each in sentences(stated, "one-name-may-be-two-people") if each.startswith(f"The name {name} ")
    ] == []


def test_another_spelling_of_a_name_is_no_further_place(stated: list[Stated]) -> None:
    [cho] = [each for each in sentences(stated, "one-name-may-be-two-people") if "Kyunghyun Cho" in each]
    assert "printed in 2 places" in cho
    assert "mentor" not in cho


def test_links_without_an_address_are_those_that_curators_noted(stated: list[Stated]) -> None:
    assert all("noted" in sentence for sentence in sentences(stated, "link-has-an-address"))


def test_no_document_is_about_an_edition_that_it_only_names(stated: list[Stated]) -> None:
    assert [each for each in sentences(stated, "edition-has-place-and-dates") if "is about NeurIPS 2025" in each] == []


def test_no_name_is_printed_twice_that_its_document_prints_once(stated: list[Stated]) -> None:
    assert [each for each in sentences(stated, "name-neighbors") if "twice" in each] == []


def test_counts_of_different_scope_are_not_expected_to_be_equal(store: EmbeddedStore, stated: list[Stated]) -> None:
    assert set(sentences(stated, "scope-stays-the-same")) >= set(sentences(stated, "scope-stays-the-same", "explained"))
    assert sentences(stated, "scope-stays-the-same", "contradicts") == []
    values = "SELECT ?expected { GRAPH ?findings { ?each cvn:rule ?rule ; cvn:expected ?expected } "
    assert asked(store, values + 'FILTER (CONTAINS(STR(?rule), "scope-stays-the-same")) }') == []


def test_an_average_that_may_leave_out_papers_is_no_contradiction(stated: list[Stated]) -> None:
    [average] = [each for each in sentences(stated, "rate-follows-from-counts", "caution") if "9.7" in each]
    assert "may leave out papers" in average
    assert sentences(stated, "rate-follows-from-counts", "contradicts") == []


def test_every_rate_and_change_says_of_which_edition_it_is(stated: list[Stated]) -> None:
    rates = [each for rule in ("rate-follows-from-counts", "stated-change") for each in sentences(stated, rule)]
    assert len(rates) > 5
    assert all(re.search(r"of (NeurIPS|ICLR) 20\d\d \(", each) for each in rates)


def test_a_sentence_leads_to_the_lines_that_it_names(client: FlaskClient) -> None:
    text = client.get("/page/edition/neurips-2024").text.partition('id="findings"')[2].partition("</section>")[0]
    for line in (13, 14, 15):
        assert f'href="/page/source/neurips-2024-fact-sheet?line={line}#line-{line}">line {line}</a>' in text
    assert '<a href="/page/source/neurips-2024-press-release">NeurIPS 2024 press release</a>' in text


def test_the_report_has_cautions_as_information(client: FlaskClient) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get("/checks/report.csv").text)))
    assert {row["outcome"] for row in rows} == {"contradicts", "caution"}
    assert {bool(row["severity"]) for row in rows if row["outcome"] == "caution"} == {False}
    report = client.get("/checks/report.nt").text
    levels = re.findall(r"<([^>]+)> <http://www.w3.org/ns/shacl#resultSeverity> <[^>]*#(\w+)>", report)
    assert {("finding" if "/finding/" in thing else "check", level) for thing, level in levels} == {
        ("finding", "Warning"),
        ("check", "Info"),
    }


def test_cautions_are_apart_from_findings_in_the_panel_of_completeness(client: FlaskClient) -> None:
    text = client.get("/page/edition/neurips-2024").text.partition('id="complete"')[2].partition("</section>")[0]
    found = text.partition("<dt>Findings")[2].partition("</div>")[0]
    assert "/page/finding/" in found
    assert "/page/check/" not in found
    assert '<a href="#cautions">' in text.partition("<dt>Cautions")[2]


def test_what_is_kept_nowhere_is_not_called_none_listed(client: FlaskClient) -> None:
    text = client.get("/page/edition/neurips-2024").text.partition('id="complete"')[2].partition("</section>")[0]
    assert "competitions" not in text
    assert "socials" not in text
