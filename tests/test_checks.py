"""The consistency rules as pages: all of them, each one, each finding, beside the numbers, and as data."""

import csv
import re
from html import unescape

import pyoxigraph
import pytest
from flask.testing import FlaskClient
from pyoxigraph import Literal, NamedNode, RdfFormat

from graph.build import Graph
from graph.names import Names
from graph.rules.rule import Rule, rules
from graph.terms import CVN, RDF, Namespace
from graph.validate.whole import check

BASE = "http://127.0.0.1:5000/"
SH = Namespace("http://www.w3.org/ns/shacl#")
BROWSER = {"Accept": "text/html"}


def page(client: FlaskClient, path: str) -> str:
    answer = client.get(path, headers=BROWSER)
    assert answer.status_code == 200, path
    return unescape(answer.text)


def plain(text: str) -> str:
    """Return a page without its links, which are inside sentences."""
    return re.sub(r"</?a\b[^>]*>", "", text)


def report(client: FlaskClient) -> list[dict[str, str]]:
    return list(csv.DictReader(client.get("/checks/report.csv").text.splitlines()))


def findings(client: FlaskClient, rule: str) -> list[str]:
    """Return the paths of the findings of a rule."""
    found = [row["finding"].removeprefix(f"{BASE}id/") for row in report(client)]
    return [path for path in found if path.startswith(f"finding/{rule}/")]


def test_the_overview_lists_every_rule_with_its_outcomes(client: FlaskClient) -> None:
    text = page(client, "/checks/")
    for rule in rules():
        assert f'href="/page/rule/{rule.name}">{rule.said("label")}</a>' in text
    row = text.partition("/page/rule/parts-sum-to-total")[2].partition("</tr>")[0]
    assert re.findall(r'<td class="num[^"]*">([^<]+)</td>', row) == ["1", "–", "–", "6"]  # noqa: RUF001


def test_the_overview_counts_by_edition_and_source(client: FlaskClient) -> None:
    text = page(client, "/checks/")
    for kind, name in (("edition", "NeurIPS 2024"), ("source", "ICLR 2024 fact sheet")):
        assert name in text.partition(f'id="by-{kind}"')[2].partition("</section>")[0]


def test_checks_are_in_the_navigation(client: FlaskClient) -> None:
    assert '<a href="/checks/">Checks</a>' in client.get("/").text


@pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.name)
def test_a_rule_has_a_page_with_its_formula_and_query(client: FlaskClient, rule: Rule) -> None:
    text = page(client, f"/page/rule/{rule.name}")
    assert rule.said("formula") in text
    assert "SELECT " in text


def test_a_rule_says_what_holds_too(client: FlaskClient) -> None:
    text = page(client, "/page/rule/parts-sum-to-total")
    assert "7 examined: 1 contradicts, 6 holds" in text
    assert "13,307 + 3,075 = 16,382" in text


def test_a_finding_shows_the_claims_side_by_side_and_the_arithmetic(client: FlaskClient) -> None:
    (path,) = findings(client, "parts-sum-to-total")
    text = page(client, f"/page/{path}")
    assert "16,777 + 2,978 = 19,755" in text
    for line in (13, 14, 15):
        assert f'href="/page/source/neurips-2024-fact-sheet?line={line}#line-{line}"' in text
    assert 'href="/page/edition/neurips-2024"' in text


def test_a_fact_of_several_sources_is_reported_once_for_each(client: FlaskClient) -> None:
    path = next(each for each in findings(client, "author-names-agree"))
    text = page(client, f"/page/{path}").partition('class="sides"')[2].partition("</ul>")[0]
    assert "K. Tion" in text
    assert "Keyu Tian" in text
    assert "Notes on a video about NeurIPS, line" in text.replace("\xa0", " ")


def test_every_finding_has_a_page(client: FlaskClient) -> None:
    rows = report(client)
    assert len(rows) > 50
    for row in rows:
        text = page(client, row["finding"].replace(f"{BASE}id/", "/page/"))
        assert row["sentence"] in plain(text)


@pytest.mark.parametrize(
    ("thing", "words"),
    [
        ("edition/neurips-2024", "together 19,755; it prints 19,756 (line 13)"),
        ("source/neurips-2024-fact-sheet", "together 19,755; it prints 19,756 (line 13)"),
        ("person/moritz-hardt", '"Moritz Hartd" (line 226)'),
    ],
)
def test_a_finding_is_on_the_page_of_what_it_concerns(client: FlaskClient, thing: str, words: str) -> None:
    section = page(client, f"/page/{thing}").partition('id="findings"')[2].partition("</section>")[0]
    assert words in plain(section)


def test_the_findings_of_a_thing_have_pages_of_their_own(client: FlaskClient) -> None:
    found, pages = re.compile(r'href="(/page/finding/[^"]+)"'), []
    for number in (1, 2):
        text = client.get(f"/checks/of/edition/neurips-2024?page={number}").text
        assert text.count("<h1>What does not add up</h1>") == 1
        pages.append(found.findall(text))
    page = set(found.findall(client.get("/page/edition/neurips-2024").text.partition('id="findings"')[2]))
    assert set(pages[0]) <= page
    assert pages[1] == pages[0]  # there is one
    assert client.get("/checks/of/edition/nothing-1900").status_code == 404


def test_a_number_is_marked_where_it_stands(client: FlaskClient) -> None:
    text = page(client, "/page/edition/neurips-2024")
    rows = [row for row in re.findall(r"<tr>.*?</tr>", text, re.DOTALL) if ">16,500<" in row or ">16,777<" in row]
    assert len(rows) == 2
    assert all('class="mark finding"' in row for row in rows)


def test_an_edition_says_how_complete_it_is(client: FlaskClient) -> None:
    text = page(client, "/page/edition/iclr-2024").partition('id="complete"')[2].partition("</section>")[0]
    known, partly, unknown, found, cautions = re.findall(r"<dd>(.*?)</dd>", text, re.DOTALL)
    assert "invited talks (7)" in known
    assert "workshops: 20 stated, none listed" in partly
    assert "oral presentations: 86 stated, none listed" in partly
    assert "An identifier is as long as the others of its edition" in found
    assert "A superlative holds" not in found
    assert 'href="#cautions"' in cautions
    assert unknown.startswith("dates, place")


@pytest.mark.parametrize(
    ("edition", "state", "words"),
    [
        ("neurips-2023", 1, "oral presentations: 77 stated, 6 listed"),
        ("neurips-2023", 1, "oral sessions: 6 listed, number not stated"),
        ("neurips-2024", 1, "papers: 4,497 stated, 5 listed"),
        ("iclr-2024", 2, "oral sessions"),
    ],
)
def test_the_panel_of_completeness_does_not_call_uncounted_what_is_counted(
    client: FlaskClient, edition: str, state: int, words: str
) -> None:
    text = page(client, f"/page/edition/{edition}").partition('id="complete"')[2].partition("</section>")[0]
    assert words in re.findall(r"<dd>(.*?)</dd>", text, re.DOTALL)[state]


@pytest.mark.parametrize("path", ["rule/parts-sum-to-total", "finding"])
def test_rules_and_findings_dereference_like_other_things(client: FlaskClient, path: str) -> None:
    path = path if "/" in path else findings(client, "parts-sum-to-total")[0]
    assert client.get(f"/id/{path}", headers=BROWSER).headers["Location"] == f"/page/{path}"
    answer = client.get(f"/id/{path}", headers={"Accept": "text/turtle"})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/data/{path}.ttl")
    quads = list(pyoxigraph.parse(client.get(answer.headers["Location"]).data, format=RdfFormat.TURTLE))
    assert NamedNode(f"{BASE}id/{path}") in {quad.subject for quad in quads}


def test_the_data_of_a_finding_hold_what_was_compared(client: FlaskClient) -> None:
    (path,) = findings(client, "parts-sum-to-total")
    quads = list(pyoxigraph.parse(client.get(f"/data/{path}.nt").data, format=RdfFormat.N_TRIPLES))
    values = {quad.object.value for quad in quads if quad.predicate == CVN.value and isinstance(quad.object, Literal)}
    assert values == {"16777", "2978", "19756"}


@pytest.mark.parametrize("path", ["rule/none", "finding/parts-sum-to-total/none", "check/none/none", "finding/a"])
def test_what_is_no_rule_and_no_finding_is_not_found(client: FlaskClient, path: str) -> None:
    for kind in ("page", "id"):
        assert client.get(f"/{kind}/{path}", headers=BROWSER).status_code == 404
    assert client.get(f"/data/{path}.ttl").status_code == 404


def test_the_report_is_a_validation_report(client: FlaskClient) -> None:
    answer = client.get("/checks/report.ttl")
    assert answer.mimetype == "text/turtle"
    quads = list(pyoxigraph.parse(answer.data, format=RdfFormat.TURTLE))
    found = {quad.subject for quad in quads if quad.predicate == RDF.type and quad.object == SH.ValidationResult}
    (conforms,) = {quad.object for quad in quads if quad.predicate == SH.conforms}
    assert isinstance(conforms, Literal)
    assert conforms.value == "false"
    assert len(found) == len(report(client))
    for prop in (SH.focusNode, SH.resultSeverity, SH.resultMessage, SH.sourceConstraintComponent):
        counts = [sum(quad.subject == each and quad.predicate == prop for quad in quads) for each in found]
        assert set(counts) == {1}
    assert client.get("/checks/report.pdf").status_code == 406


def test_a_browser_is_led_from_the_graph_of_findings_to_its_page(client: FlaskClient) -> None:
    answer = client.get("/graph/findings", headers=BROWSER)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/checks/")


def test_the_graph_of_findings_keeps_to_its_shapes(bundled: Graph) -> None:
    results = check(bundled.named[Names(BASE).graph("findings")])
    assert [each for each in results if each.severity == "Violation"] == []


def test_a_property_is_marked_where_its_value_is_doubtful(client: FlaskClient) -> None:
    place = page(client, "/page/edition/iclr-2023").partition('href="/ontology#place"')[2].partition("</dt>")[0]
    assert 'class="mark finding"' in place


def test_a_line_of_a_source_is_marked(client: FlaskClient) -> None:
    text = page(client, "/page/source/neurips-2024-fact-sheet")
    line = text.partition('id="line-13"')[2].partition('id="line-14"')[0]
    assert 'class="mark finding"' in line


def test_the_report_of_the_shapes_is_kept_with_the_version(client: FlaskClient) -> None:
    answer = client.get("/checks/shapes.ttl")
    quads = list(pyoxigraph.parse(answer.data, format=RdfFormat.TURTLE))
    assert answer.mimetype == "text/turtle"
    assert SH.ValidationReport in {quad.object for quad in quads}
    assert client.get("/checks/shapes.csv").mimetype == "text/csv"
    assert client.get("/checks/shapes.rdf").status_code == 406
