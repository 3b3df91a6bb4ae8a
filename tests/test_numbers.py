"""The page of a number: the number, what it counts, its other values with the reason, neighbors, checks and inputs."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from server.display.amounts import amount, change
from server.display.words import MINUS

SHEET = "/page/stat/neurips-2024/registrations/neurips-2024-fact-sheet"
RELEASE = "/page/stat/neurips-2024/registrations/neurips-2024-press-release"
RATE = "/page/derived/neurips-2024/ratio/acceptance-rate"


def page(client: FlaskClient, path: str) -> str:
    answer = client.get(path, headers={"Accept": "text/html"})
    assert answer.status_code == 200, path
    return unescape(answer.text)


def section(text: str, name: str) -> str:
    return text.partition(f'<section id="{name}"')[2].partition("</section>")[0]


def plain(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def test_the_page_of_a_number_begins_with_it_its_line_and_why_it_is_preferred(client: FlaskClient) -> None:
    head = plain(page(client, SHEET).partition("<h1")[2].partition("<section")[0])
    assert "NeurIPS 2024: registrations 19,756 people" in head
    assert "Printed “19,756” in NeurIPS 2024 fact sheet, line 13" in head
    assert (
        "Preferred to 16,500 . Decided by a curator: The fact sheet gives the parts in person and virtual too" in head
    )


def test_the_page_of_a_value_that_is_not_preferred_leads_to_the_one_that_is(client: FlaskClient) -> None:
    text = page(client, RELEASE).partition("<h1")[2].partition("<section")[0]
    assert '<span class="figure">16,500</span>' in text
    assert f'Not preferred; the preferred value is <a href="{SHEET}">19,756</a>. Decided by a curator' in text


@pytest.mark.parametrize("path", [SHEET, RELEASE])
def test_all_values_of_a_number_are_on_the_page_of_each(client: FlaskClient, path: str) -> None:
    values = re.findall(r'<th scope="row"[^>]*><a[^>]*>([^<]+)</a>', section(page(client, path), "values"))
    assert values == ["19,756", "16,500", "19,755"]


def test_a_number_has_its_definition_and_dimensions(client: FlaskClient) -> None:
    scope = plain(section(page(client, SHEET), "counts"))
    assert "measure registrations How many people registered. about NeurIPS 2024 track all tracks" in scope
    reviewed = plain(
        section(page(client, "/page/stat/neurips-2023/submissions/stage-reviewed/neurips-2023-press-release"), "counts")
    )
    assert "stage of reviewing reviewed" in reviewed


def test_a_number_has_its_series_with_changes_and_a_chart(client: FlaskClient) -> None:
    years = section(page(client, "/page/stat/neurips-2023/attendance/neurips-2024-fact-sheet"), "years")
    rows = [plain(row) for row in re.findall(r"<tr.*?</tr>", years, re.DOTALL)]
    assert "NeurIPS 2023 attendance 16,382 +6.4% a 20" in rows
    assert "NeurIPS 2024 registrations 19,756 a 13" in rows
    picture = re.findall(r'<img src="([^"]+)"', years)[0]
    assert client.get(picture).mimetype == "image/svg+xml"


def test_a_number_has_its_parts_and_its_checks_with_their_outcome(client: FlaskClient) -> None:
    text = page(client, SHEET)
    assert "16,777 in person" in plain(section(text, "parts"))
    checks = plain(section(text, "checks"))
    assert checks.index("contradicts For the registrations of NeurIPS 2024") < checks.index("explained ")
    assert "holds " in plain(
        section(page(client, "/page/stat/neurips-2024/accepted-papers/neurips-2024-fact-sheet"), "checks")
    )


def test_a_calculated_number_has_its_formula_and_inputs(client: FlaskClient) -> None:
    text = page(client, RATE)
    assert '<span class="figure">25.71%</span>' in text
    inputs = plain(section(text, "calculation"))
    assert "accepted papers / submissions = 25.71%" in inputs
    assert "NeurIPS 2024, accepted papers 4,497 a 50" in inputs
    assert f"{MINUS}0.85 points" in section(text, "years")
    assert RATE in section(page(client, "/page/stat/neurips-2024/submissions/neurips-2024-fact-sheet"), "results")


def test_a_number_is_cited_with_its_source_the_version_and_its_address(client: FlaskClient) -> None:
    cite = section(page(client, SHEET), "cite")
    assert (
        "NeurIPS 2024: registrations: 19,756 people. NeurIPS 2024 fact sheet, line 13. In: Convocation, version 1"
        in cite
    )
    assert "@misc{neurips-2024-registrations-neurips-2024-fact-sheet," in cite
    assert "http://127.0.0.1:5000/id/stat/neurips-2024/registrations/neurips-2024-fact-sheet" in cite


def test_a_number_of_a_paper_has_its_condition(client: FlaskClient) -> None:
    path = (
        "/page/stat/neurips-2014/sequence-to-sequence-learning-with-neural-829ace48/bleu-score/neurips-2024-fact-sheet"
    )
    text = page(client, path)
    assert "condition WMT-14 English to French" in plain(section(text, "counts"))
    assert "its hypotheses ranked again" in section(text, "values")


@pytest.mark.parametrize(
    ("value", "unit", "printed", "words"),
    [
        ("0.257104", "ratio", "", "25.71%"),
        ("0.258", "ratio", "25.8%", "25.8%"),
        ("20", "ratio", "20 times", "20"),
        ("2", "multiple", "about double", "2×"),  # noqa: RUF001
        ("19756", "people", "19,756", "19,756"),
        ("many", "people", "", "many"),
    ],
)
def test_a_number_is_written_as_readers_write_it(value: str, unit: str, printed: str, words: str) -> None:
    assert amount(value, unit, printed) == words


def test_the_change_of_a_share_is_in_points_and_of_a_count_in_percent() -> None:
    assert change("0.257104", "0.265566", "ratio") == f"{MINUS}0.85 points"
    assert change("4497", "3540", "papers") == "+27%"
    assert change("16382", "15390", "people") == "+6.4%"
    assert change("7", "7", "items") == "unchanged"
    assert change("7", "0", "items") == ""


def test_scores_on_different_data_are_no_difference_between_sources(client: FlaskClient) -> None:
    section = client.get("/").text.partition('<section id="differences"')[2].partition("</section>")[0]
    assert "registrations" in section
    assert "BLEU" not in section


def test_numbers_on_which_sources_differ_lead_to_their_pages(client: FlaskClient) -> None:
    section = client.get("/").text.partition('<section id="differences"')[2].partition("</section>")[0]
    for document, number in {"fact-sheet": "19,756", "press-release": "16,500"}.items():
        assert f'<a href="/page/stat/neurips-2024/registrations/neurips-2024-{document}">{number}</a>' in section
