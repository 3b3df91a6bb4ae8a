"""Pages, views and data state only what the documents say; each test is named for a false statement that they made."""

import csv
import io
import re

import pytest
from flask.testing import FlaskClient
from pyoxigraph import QuerySolutions

from graph.settings import Settings
from graph.store.embedded import EmbeddedStore
from server.application import create_app
from server.display.tables import EVIDENCE
from server.views.catalog import views

VAR = "Visual Autoregressive Modeling: Scalable Image Generation via Next-Scale Prediction"


def rows(client: FlaskClient, path: str) -> list[dict[str, str]]:
    answer = client.get(path)
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.text)))


def asked(store: EmbeddedStore, text: str) -> list[list[str]]:
    results = store.query(f"PREFIX cvn: <https://w3id.org/convocation/ontology#> {text}")
    assert isinstance(results, QuerySolutions)
    return [["" if term is None else term.value for term in row] for row in results]


def test_a_role_whose_holder_no_source_names_is_not_counted(client: FlaskClient) -> None:
    people = client.get("/page/edition/neurips-2024").text.partition('id="people"')[2].partition("</section>")[0]
    roles = re.findall(r"<h3><a [^>]*>([^<]+)</a> <span class=.count.>(\d+).*?</h3>\s*(.*?)</ul>", people, re.DOTALL)
    assert {"invited speaker", "press contact"} <= {name for name, _, _ in roles}
    assert all(int(count) == holders.count("<li>") for _, count, holders in roles)
    unnamed = people.rpartition("The sources do not name the")[2]
    assert all(name in unnamed for name in ("general chair", "program chair", "track chair"))


def test_a_misprinted_name_is_no_second_author(client: FlaskClient) -> None:
    [authors] = [
        row["authors"] for row in rows(client, "/table/edition/neurips-2024/papers.csv") if row["title"] == VAR
    ]
    assert authors == "Keyu Tian, Yi Jiang, Zehuan Yuan et al."


@pytest.mark.parametrize(
    ("view", "place", "editions"), [("host-countries", "United States", "8"), ("cities", "San Diego", "1")]
)
def test_a_planned_edition_was_not_held(client: FlaskClient, view: str, place: str, editions: str) -> None:
    [row] = [row for row in rows(client, f"/view/{view}.csv") if place in row.values()]
    assert row["editions"] == editions


def test_no_number_is_rounded_that_its_source_does_not_call_so(store: EmbeddedStore) -> None:
    rounded = "<https://w3id.org/convocation/code/qualifier/rounded>"
    assert asked(store, f"SELECT ?number {{ GRAPH ?source {{ ?number cvn:qualifier {rounded} }} }}") == []


def test_an_internship_is_no_affiliation_on_a_paper(store: EmbeddedStore) -> None:
    printed = [each for row in asked(store, "SELECT ?a { ?s cvn:affiliationAsPrinted ?a }") for each in row]
    assert not [each for each in printed if re.search("intern|student", each)]


def test_the_lead_of_a_committee_holds_one_seat_in_it(client: FlaskClient) -> None:
    people = client.get("/page/series/neurips").text
    assert "Marco Cuturi" not in people.partition("People with the most roles")[2].partition("</section>")[0]


def test_an_edition_is_found_by_a_former_name_of_its_series_without_being_called_so(client: FlaskClient) -> None:
    page = client.get("/search?q=NIPS+2024").text
    assert "NeurIPS 2024</a>" in page
    assert "also called" not in page


def test_derived_values_are_not_said_to_be_in_no_source(client: FlaskClient) -> None:
    assert "No source states" not in client.get("/page/edition/neurips-2024").text


def test_the_legend_of_a_chart_shows_its_kinds_of_lines(client: FlaskClient) -> None:
    symbols = re.findall(
        r'legend-symbol"[^>]*><path [^>]*stroke-dasharray[^>]*>', client.get("/view/attendance-by-year.svg").text
    )
    assert len(symbols) == 3
    assert all('stroke="#' in each for each in symbols)


def test_a_number_of_a_track_is_not_counted_as_the_edition_s(client: FlaskClient) -> None:
    found = {(row["edition"], row["measure"]): row["sources"] for row in rows(client, "/view/completeness.csv")}
    assert found["NeurIPS 2023", "submissions"] == "1"
    assert found["NeurIPS 2024", "accepted papers"] == "1"
    assert found["NeurIPS 2024", "acceptance rate"] == "1"


def test_a_code_is_found_by_its_label_as_a_thing_is(store: EmbeddedStore) -> None:
    prefix = "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>"
    pattern = '?number cvn:measure/rdfs:label "accepted papers" ; cvn:of/rdfs:label "ICLR 2024" ; cvn:value ?value'
    query = f"SELECT ?value {{ {pattern} }}"
    assert ["2260"] in asked(store, f"{prefix} {query}")


ACCUSATION = "disturb the training"


def test_an_allegation_is_on_no_page_unless_it_is_asked_for(
    client: FlaskClient, settings: Settings, engine: str
) -> None:
    path = "/page/source/neurips-video-notes"
    page = client.get(path)
    assert ACCUSATION not in page.text
    assert "dispute at law" not in page.text
    assert "likes the idea" in page.text
    assert "X-Robots-Tag" not in page.headers
    with create_app(settings.changed(allegations="yes"), engine).test_client() as shown:
        answer = shown.get(path)
        assert ACCUSATION in answer.text
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert "sitemap/source-" not in shown.get("/sitemap.xml").text


def test_an_allegation_names_no_person(store: EmbeddedStore) -> None:
    status = "https://w3id.org/convocation/code/claim-status/reported-allegation"
    found = asked(store, f"SELECT ?about {{ GRAPH ?g {{ ?claim cvn:claimStatus <{status}> ; cvn:about ?about }} }}")
    assert found
    assert not [about for [about] in found if "/person/" in about]


def test_a_year_is_a_number(client: FlaskClient, store: EmbeddedStore) -> None:
    found = asked(store, "SELECT ?year { ?edition cvn:year ?year FILTER (?year > 2023) } ORDER BY ?year")
    assert found == [["2024"], ["2024"], ["2025"]]
    assert asked(store, "SELECT ?e { ?e cvn:year 2024 }")
    pages = ["/page/edition/neurips-2024", "/page/series/neurips", "/page/source/neurips-2024-fact-sheet", "/"]
    assert not [path for path in pages if "2,024" in client.get(path).text]


@pytest.mark.parametrize("name", views())
def test_a_csv_has_a_row_for_each_fact_whatever_its_sources(client: FlaskClient, name: str) -> None:
    things = [row["thing_iri"] for row in rows(client, f"/view/{name}.csv") if row.get("thing_iri")]
    assert len(things) == len(set(things))


def test_a_count_is_not_said_to_have_a_denominator(client: FlaskClient) -> None:
    page = client.get("/page/stat/neurips-2023/submissions/stage-reviewed/neurips-2023-press-release").text
    assert ">reviewed</a>" in page
    assert "#denominator" not in page


def test_an_edition_is_held_in_a_city_once(client: FlaskClient) -> None:
    head = client.get("/page/edition/iclr-2023").text.partition('class="lede"')[2].partition("</p>")[0]
    assert head.count("Kigali") == head.count("place/rw/kigali") == 1


@pytest.mark.parametrize("name", views())
def test_what_a_cell_lists_is_in_order(client: FlaskClient, name: str) -> None:
    answer = client.get(f"/view/{name}.json").get_json()
    cells = [cell for row in answer["rows"] for cell in row.items() if cell[0] not in EVIDENCE]
    lists = [cell for _, cell in cells if isinstance(cell, list)]
    shown = [[(each["label"] if isinstance(each, dict) else str(each)).casefold() for each in cell] for cell in lists]
    assert all(each == sorted(each) for each in shown)


def test_the_sum_of_a_column_is_that_of_its_facts(client: FlaskClient) -> None:
    reviews = rows(client, "/view/who-reviews.csv?edition=edition/neurips-2023")
    assert sum(int(row["people"]) for row in reviews) == 1462
    assert len(rows(client, "/view/award-papers.csv")) == 32
    assert len(rows(client, "/view/program-by-kind.csv")) == 24
