"""Views answer with rows, charts and files; their numbers lead to their sources; mistakes are reported."""

import csv
import io
import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import pytest
from conftest import BASE
from flask.testing import FlaskClient
from openapi_spec_validator import validate

from graph.files import ROOT
from graph.query import read_queries
from graph.settings import Settings
from graph.versions.home import Home
from server.application import create_app
from server.views import axes, figures
from server.views.catalog import views

BROWSER = {"Accept": "text/html"}
VIEWS = [query.name for query in read_queries(ROOT / "server" / "queries" / "views")]
PICTURED = {"pictures", "pictured", "needs"}
LIST = ROOT / "tests" / "importers" / "paperlists" / "cogs2030.json"
PICTURES = {
    "person/keyu-tian": ["person-by-year", "co-authors-of-a-person"],
    "series/neurips": ["attendance-by-year", "acceptance-rate-by-track", "host-countries"],
    "topic/machine-learning": [],
}
HEADER = {"title", "summary", "group", "order", "chart"}


@pytest.fixture(scope="module")
def grown(listed: Home) -> Iterator[FlaskClient]:
    """A client of the bundled graph with a paper list."""
    with create_app(Settings(home=str(listed.folder), base=BASE, access_log="no")).test_client() as client:
        yield client


@pytest.fixture
def answering(name: str, request: pytest.FixtureRequest) -> FlaskClient:
    """A client of a graph that has something for the view of a name."""
    found: FlaskClient = request.getfixturevalue("grown" if views()[name].nothing else "client")
    return found


def rows(client: FlaskClient, path: str) -> list[dict[str, str]]:
    answer = client.get(path)
    assert (answer.status_code, answer.content_type) == (200, "text/csv; charset=utf-8"), answer.text
    return list(csv.DictReader(io.StringIO(answer.text)))


def page(client: FlaskClient, path: str) -> str:
    answer = client.get(path, headers=BROWSER)
    assert answer.status_code == 200, answer.text
    return unescape(answer.text)


def data(client: FlaskClient, path: str) -> Any:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.get_json(force=True)


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_has_rows_and_a_page_that_shows_them(answering: FlaskClient, name: str) -> None:
    text = page(answering, f"/view/{name}")
    assert rows(answering, f"/view/{name}.csv")
    assert "<tbody>" in text
    assert f"<h1>{views()[name].title}</h1>" in text
    assert 'class="drawn' in text or 'class="network"' in text or " would say n" in text


@pytest.mark.parametrize("name", VIEWS)
def test_the_header_of_a_view_describes_it_and_each_parameter(name: str) -> None:
    query = views()[name].query
    assert set(query.header) - PICTURED - {"nothing"} == HEADER | {f"_{each}" for each in query.parameters}
    assert set(query.header) & PICTURED in (set(), PICTURED, PICTURED - {"needs"})
    assert bool(views()[name].pictures) == bool(set(query.header) & PICTURED)
    chart = views()[name].chart
    columns = re.findall(r"\?(\w+)", query.text[query.text.index("SELECT ") :].partition("WHERE")[0])
    assert chart is None or {chart.column(each) for each in chart.channels} <= set(columns)


@pytest.mark.parametrize("name", VIEWS)
def test_a_view_without_rows_says_what_would_give_it_some(client: FlaskClient, name: str) -> None:
    assert ("The graph has nothing for this question" in page(client, f"/view/{name}")) == bool(views()[name].nothing)
    assert views()[name].nothing in page(client, f"/view/{name}")


@pytest.mark.parametrize("name", VIEWS)
def test_json_and_csv_of_a_view_have_the_same_rows(answering: FlaskClient, name: str) -> None:
    reported, listed = data(answering, f"/view/{name}.json"), rows(answering, f"/view/{name}.csv")
    assert len(reported["rows"]) == len(listed)
    assert set(reported["columns"]) <= set(listed[0])


@pytest.mark.parametrize("name", VIEWS)
def test_a_number_with_a_source_is_shown_with_the_line_that_gives_it(client: FlaskClient, name: str) -> None:
    text = page(client, f"/view/{name}")
    cited = [each for row in rows(client, f"/view/{name}.csv") for each in row.get("source_line", "").split()]
    for each in cited[:20]:
        parts = urlsplit(each)
        assert f'href="{parts.path}?{parts.query}#{parts.fragment}"' in text
    for each in cited[:3]:
        parts = urlsplit(each)
        assert f'id="{parts.fragment}"' in client.get(f"{parts.path}?{parts.query}", headers=BROWSER).text


def test_each_number_of_a_line_leads_to_its_page(client: FlaskClient) -> None:
    text = page(client, "/view/acceptance-rate-by-track?series=neurips")
    for number, name in {"4,037": "accepted-papers", "15,671": "submissions", "25.8%": "acceptance-rate"}.items():
        assert f'<a href="/page/stat/neurips-2024/{name}/track-main/neurips-2024-fact-sheet">{number}</a>' in text
    assert "accepted_at" not in client.get("/view/acceptance-rate-by-track.csv").text


def test_there_are_views_of_every_kind_of_question() -> None:
    assert len(VIEWS) >= 30
    groups = {each.group for each in views().values()}
    assert groups >= {"Taking part", "Papers and reviews", "Awards", "People", "Comparing", "Sources"}


def test_the_registrations_of_two_sources_stand_side_by_side(client: FlaskClient) -> None:
    found = rows(client, "/view/people-by-source.csv?edition=edition/neurips-2024")
    assert [(row["people"], row["document"], row["line"]) for row in found] == [
        ("19756", "NeurIPS 2024 fact sheet", "13"),
        ("16500", "NeurIPS 2024 press release", "11"),
    ]


def test_the_attendance_is_that_of_the_documents(client: FlaskClient) -> None:
    found = {row["edition"]: (row["people"], row["line"]) for row in rows(client, "/view/attendance-by-year.csv")}
    assert found["NeurIPS 2020"] == ("22823", "23")
    assert found["ICLR 2018"] == ("1950", "38")
    assert len(found) == 22


def test_the_countries_of_participants_have_their_share(client: FlaskClient) -> None:
    first, *_ = data(client, "/view/participants-per-country.json")["rows"]
    assert (first["country"]["label"], first["participants"], first["percent"]) == ("United States", 1647, 25.2)


@pytest.mark.parametrize(
    "given", ["series/neurips", "http://127.0.0.1:5000/id/series/neurips", "NeurIPS"], ids=["path", "IRI", "name"]
)
def test_a_thing_is_named_by_its_path_its_iri_or_its_name(client: FlaskClient, given: str) -> None:
    found = rows(client, f"/view/attendance-by-year.csv?series={given}")
    assert {row["series"] for row in found} == {"NeurIPS"}


@pytest.mark.parametrize("given", ["series=series/iclr&series=series/neurips", "series=ICLR;NeurIPS"])
def test_a_view_compares_several_things(client: FlaskClient, given: str) -> None:
    found = rows(client, f"/view/countries-by-year.csv?{given}")
    assert {row["series"] for row in found} == {"ICLR"}
    found = rows(client, f"/view/attendance-by-year.csv?{given}")
    assert {row["series"] for row in found} == {"ICLR", "NeurIPS"}


def test_a_view_of_people_takes_several_names(client: FlaskClient) -> None:
    found = rows(client, "/view/roles-and-awards.csv?person=Moritz Hardt; Jie Tang")
    assert {row["person"] for row in found} == {"Moritz Hardt", "Jie Tang"}


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/view/attendance-by-year?sereis=x", "has no parameter 'sereis'; it has series"),
        (
            "/view/attendance-by-year?series=snips",
            "There is no conference series 'snips' for series; there are series/",
        ),
        ("/view/participants-per-country?edition=ICLR 2024;ICLR 2023", "edition takes one value, not 2"),
        ("/view/co-authors?edition=person/jie-tang", "There is no edition 'person/jie-tang'"),
        ("/view/roles-and-awards?person=Nobody At All", "There is no person 'Nobody At All'"),
        ("/view/attendance-by-year?series=<>", "There is no conference series '<>'"),
    ],
)
@pytest.mark.parametrize("suffix", ["", ".csv", ".svg"])
def test_a_mistake_in_a_parameter_is_reported(client: FlaskClient, path: str, words: str, suffix: str) -> None:
    answer = client.get(path.replace("?", f"{suffix}?", 1))
    assert (answer.status_code, answer.content_type) == (400, "application/problem+json")
    assert words in answer.get_json(force=True)["detail"]


@pytest.mark.parametrize("path", ["/view/nothing", "/view/nothing.csv", "/view/sources.xlsx", "/view/sources.html"])
def test_what_is_not_there_is_reported_with_what_there_is(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert re.search("/views lists|there are csv, json, svg, png, rq", answer.get_json(force=True)["detail"])


def test_the_query_of_a_view_runs_as_it_is_shown(client: FlaskClient) -> None:
    shown = client.get("/view/attendance-by-year.rq?series=series/iclr")
    assert shown.content_type == "application/sparql-query"
    answer = client.get("/sparql.csv", query_string={"query": shown.text})
    assert answer.status_code == 200
    assert len(answer.text.splitlines()) == len(rows(client, "/view/attendance-by-year.csv?series=series/iclr")) + 1


def test_the_query_of_a_view_is_edited_in_the_editor(client: FlaskClient) -> None:
    text = page(client, "/view/attendance-by-year?series=series/iclr")
    (address,) = re.findall(r'<a class="button" href="([^"]+)">Edit in the editor', text)
    assert client.get("/view/attendance-by-year.rq?series=series/iclr").text.strip() in page(client, address)


def test_a_chart_is_a_picture_that_follows_light_and_dark(client: FlaskClient) -> None:
    answer = client.get("/view/attendance-by-year.svg")
    assert answer.content_type == "image/svg+xml"
    assert ">NeurIPS<" in answer.text
    assert "prefers-color-scheme:dark" in answer.text
    assert " style=" not in answer.text
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    narrow = client.get("/view/attendance-by-year.svg?width=narrow")
    assert 'width="340"' in narrow.text
    assert (
        client.get("/view/attendance-by-year.svg", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    )


def test_a_chart_is_a_picture_for_programs_without_svg(client: FlaskClient) -> None:
    answer = client.get("/view/submissions-and-acceptances.png")
    assert (answer.content_type, answer.data[:8]) == ("image/png", b"\x89PNG\r\n\x1a\n")
    assert len(answer.data) > 10_000


def test_a_network_is_drawn_with_a_link_for_every_name(client: FlaskClient) -> None:
    text = page(client, "/view/co-authors?edition=edition/neurips-2024")
    names = {
        row[end]
        for row in rows(client, "/view/co-authors.csv?edition=edition/neurips-2024")
        for end in ("author", "co_author")
    }
    drawn = re.findall(
        r'<a class="n k\d" data-i="\d+" href="/page/person/[^"]+" transform="[^"]+" aria-label="([^,]+),', text
    )
    assert set(drawn) == names
    assert len(drawn) == len(names)
    assert text.count('class="e"') == len(rows(client, "/view/co-authors.csv?edition=edition/neurips-2024"))


def test_a_network_is_drawn_the_same_again(client: FlaskClient) -> None:
    paths = ["/view/co-authors?edition=edition/iclr-2024", "/view/co-authors?edition=edition/iclr-2024&page=1"]
    first, again = (re.findall(r'transform="(translate[^"]+)"', page(client, path)) for path in paths)
    assert first == again


def test_a_view_without_rows_says_so(client: FlaskClient) -> None:
    text = page(client, "/view/participants-per-country?edition=edition/neurips-2010")
    assert "The graph has nothing for this question" in text
    assert "nothing to draw" in client.get("/view/participants-per-country.svg?edition=edition/neurips-2010").text


def test_a_view_is_embedded_in_pages_of_others(client: FlaskClient) -> None:
    answer = client.get("/view/attendance-by-year?embed=1", headers=BROWSER)
    policy = answer.headers["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "unsafe" not in policy
    assert "<header>" not in answer.text
    whole = client.get("/view/attendance-by-year", headers=BROWSER)
    assert "frame-ancestors 'none'" in whole.headers["Content-Security-Policy"]


def test_a_long_view_is_reported_page_by_page(client: FlaskClient) -> None:
    first, second = (page(client, f"/view/co-authors?page={number}") for number in (1, 2))
    assert 'rel="next"' in first
    assert 'rel="prev"' in second
    assert first.count("<tr>") == 51


def test_openapi_describes_the_files_of_every_view(client: FlaskClient) -> None:
    described = data(client, "/openapi.json")
    validate(described)
    for name, view in views().items():
        asked = described["paths"][f"/view/{name}.json"]["get"]
        assert [each["name"] for each in asked["parameters"]] == [each.name for each in view.parameters]
        assert client.get(f"/view/{name}.json").status_code == 200
    assert "/view/attendance-by-year.svg" in described["paths"]


def test_the_colors_of_figures_are_those_of_pages(client: FlaskClient) -> None:
    sheet = (ROOT / "server" / "static" / "site.css").read_text(encoding="utf-8")
    known = dict(re.findall(r"--(\w+): light-dark\((#\w+), #\w+\)", sheet))
    drawn = client.get("/view/attendance-by-year.svg").text
    assert known["c1"] in drawn
    assert known["ink"] in drawn
    assert {"paper", "ink", "line", "c1", "c7", "s1", "s5", "land"} <= known.keys()


def test_vega_lite_is_of_one_version_on_the_server_and_in_pages() -> None:
    package = json.loads((ROOT / "server" / "frontend" / "package.json").read_text(encoding="utf-8"))
    assert package["devDependencies"]["vega-lite"] == f"~{figures.VEGA_LITE}.0"


def test_the_steps_of_a_map_are_round_and_grow() -> None:
    assert axes.steps([102, 118, 160, 244, 494, 814, 1647]) == [200.0, 300.0, 500.0, 900.0]
    assert axes.steps([3, 3]) == [3.0, 4.0]
    assert axes.steps([]) == [1, 2, 3, 4]


def test_the_page_of_a_thing_shows_the_views_that_picture_it(client: FlaskClient) -> None:
    for path, names in PICTURES.items():
        text = page(client, f"/page/{path}")
        found = re.findall(r'<img src="(/view/[^"]+\.svg\?[^"]+)"', text)
        kind = path.partition("/")[0]
        assert found == [f"/view/{name}.svg?bare=1&{kind}={path}" for name in names]
        assert all(client.get(each).mimetype == "image/svg+xml" for each in found)
        large = re.findall(rf'property="og:image" content="{BASE}view/([a-z-]+)\.png', text)
        assert large == (names[:1] or ["attendance-by-year"])


def marks(text: str) -> list[dict[str, str]]:
    """Return what the marks of the chart of a page say on hover, by column."""
    found = re.findall(r"<title>([^<]+: [^<]+; [^<]+)</title></path>", text)
    return [dict(part.split(": ", 1) for part in each.split("; ") if ": " in part) for each in found]


def test_a_chart_counts_what_several_sources_say_once(client: FlaskClient) -> None:
    awards = [row for row in rows(client, "/view/award-papers.csv") if row["edition"] == "NeurIPS 2024"]
    drawn = [each for each in marks(page(client, "/view/award-papers")) if each["edition"] == "NeurIPS 2024"]
    assert sum(int(each["awards"]) for each in drawn) == len(awards) == 7
    assert any(" " in row["source_line"] for row in awards)


def test_a_view_takes_a_name_that_a_series_had(client: FlaskClient) -> None:
    assert data(client, "/view/attendance-by-year.json?series=nips") == data(
        client, "/view/attendance-by-year.json?series=NeurIPS"
    )


def test_what_is_counted_otherwise_is_not_joined_by_a_line(client: FlaskClient) -> None:
    drawn = marks(page(client, "/view/attendance-by-year?series=NeurIPS"))
    assert {each["measure"] for each in drawn} == {"attendance", "registrations"}
    assert "stroke-dasharray" in page(client, "/view/attendance-by-year?series=NeurIPS")
    assert 'stroke-dasharray="4,2"' not in page(client, "/view/attendance-by-year?series=ICLR")
