"""Charts show what their rows hold, say where they are from, and are left out where they say nothing."""

import json
import re
from html import unescape
from itertools import pairwise
from typing import Any

import pytest
from conftest import BASE
from flask.testing import FlaskClient

from server.http import manifest
from server.views import charts, framing, lines
from server.views.axes import SERIES, Chart, years_between

LINE = Chart("line", {"x": "year", "y": "papers", "color": "series"})
YEARLY: list[dict[str, Any]] = [
    {"year": str(year), "papers": 100 * place + year - 2000, "series": f"Series {place:02}"}
    for place in range(40)
    for year in (2001, 2004)
]
needs_fonts = pytest.mark.skipif(manifest.data("sans.woff2") is None, reason="the fonts are not built")


def page(client: FlaskClient, path: str) -> str:
    return unescape(client.get(path, headers={"Accept": "text/html"}).text)


def spec(chart: Chart, values: list[dict[str, Any]], width: int = 760) -> dict[str, Any]:
    return charts.spec(chart, values, "A chart.", width)


def test_more_series_than_colors_stand_side_by_side() -> None:
    few = spec(LINE, [row for row in YEARLY if row["series"] < f"Series {SERIES:02}"])
    assert "facet" not in few
    many = spec(LINE, YEARLY)
    assert many["facet"]["field"] == "series"
    assert len({row["series"] for row in many["data"]["values"]}) == 24
    assert many["usermeta"]["note"] == "Drawn are the 24 of 40 with the most papers; the table has all."
    assert "Series 39" in {row["series"] for row in many["data"]["values"]}
    assert json.dumps(many).count('"color": "#') == 0


def test_names_at_the_ends_of_lines_do_not_lie_on_each_other() -> None:
    close = [{"year": 2024, "papers": 100 + place, "series": str(place)} for place in range(7)]
    places = sorted(row[lines.AT] for row in lines.heights(LINE, close))
    gap = 106 * lines.NAME_HIGH / lines.HEIGHT
    assert all(later - earlier >= gap * 0.999 for earlier, later in pairwise(places))
    assert places[-1] <= 106


def test_names_of_lines_below_zero_are_at_their_ends() -> None:
    below = [{"year": 2024, "papers": -10 * place, "series": str(place)} for place in range(1, 6)]
    assert {row["series"]: row[lines.AT] for row in lines.heights(LINE, below)} == {
        str(place): -10 * place for place in range(1, 6)
    }


def test_years_without_a_number_have_their_place_on_the_axis() -> None:
    assert years_between(["2013", "2023", "2024"]) == [str(year) for year in range(2013, 2025)]
    assert years_between([2013, 2015]) == [2013, 2014, 2015]
    assert years_between(["NeurIPS 2013", "2024"]) == []
    assert years_between(["0001", "2024"]) == []


def test_a_part_of_a_column_has_its_own_number_in_it() -> None:
    rows = [{"edition": "A", "awards": 1, "rank": rank} for rank in ("winner", "mention", "winner", "winner")]
    summed = charts.summed_parts(Chart("bar", {"x": "edition", "y": "awards", "color": "rank"}), rows)
    assert [(row["rank"], row["awards"], row[charts.PART]) for row in summed] == [("winner", 3, 0), ("mention", 1, 1)]


@pytest.mark.parametrize(
    ("kind", "numbers", "words"),
    [
        ("bars", [2, 2, 2], "All 3 have the same number of awards, 2"),
        ("bars", [2], "A chart of one value"),
        ("bar", [], "no numbers"),
        ("bars", [2, 1], ""),
        ("bar", [-3, 4], ""),
    ],
)
def test_a_chart_that_says_nothing_is_a_sentence(kind: str, numbers: list[int], words: str) -> None:
    channels = {"y": "person", "x": "awards"} if kind == "bars" else {"x": "person", "y": "awards"}
    rows = [{"person": str(place), "awards": number} for place, number in enumerate(numbers)]
    found = charts.nothing_to_draw(Chart(kind, channels), rows)
    assert words in found if words else found == ""


@pytest.mark.parametrize("width", [340, 760])
@pytest.mark.parametrize(("groups", "bars"), [(1, 1), (2, 3), (30, 6), (3, 40)])
def test_groups_of_bars_are_never_wider_than_the_page(groups: int, bars: int, width: int) -> None:
    rows = [{"edition": f"E {g}", "number": g + b + 1, "what": f"W {b}"} for g in range(groups) for b in range(bars)]
    made = spec(Chart("grouped", {"x": "edition", "y": "number", "color": "what"}), rows, width)
    inner = made["spec"]["width"]
    wide = inner * made.get("columns", 1) if isinstance(inner, int) else inner["step"] * len(rows) + 10 * groups
    assert 0 < wide <= width


@pytest.mark.parametrize("suffix", ["svg", "svg?width=narrow"])
def test_a_picture_says_its_title_sources_license_date_and_address(client: FlaskClient, suffix: str) -> None:
    text = unescape(client.get(f"/view/people-by-source.{suffix}").text)
    words = " ".join(re.findall(r"<text[^>]*>([^<]+)</text>", text))
    for each in (
        "People counted by each source",
        "NeurIPS 2024 press release",
        "version 1 of the graph",
        "Convocation",
    ):
        assert each in words
    assert "Apache 2.0" in words
    assert f"{BASE}view/people-by-source" in words
    bare = client.get("/view/people-by-source.svg?bare=1").text
    assert "Apache 2.0" not in bare


@needs_fonts
def test_a_picture_is_in_the_letters_of_the_site(client: FlaskClient) -> None:
    answer = client.get("/view/cities.svg")
    assert "@font-face{font-family:'Source Sans 3'" in answer.text
    assert "font-src data:" in answer.headers["Content-Security-Policy"]


def test_a_view_is_cited_with_its_version_and_address(client: FlaskClient) -> None:
    text = page(client, "/view/attendance-by-year?series=series/iclr")
    assert re.search(
        rf"Convocation \(\d{{4}}\)\. Attendance by year \[chart\]\. Version 1, \w+ \d+, \d{{4}}\. "
        rf"{BASE}view/attendance-by-year\?series=series/iclr",
        text,
    )


@pytest.mark.parametrize(
    ("license_", "name"),
    [
        ("https://creativecommons.org/licenses/by-sa/4.0/", "CC BY-SA 4.0"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "CC0 1.0"),
        ("https://www.apache.org/licenses/LICENSE-2.0", "Apache 2.0"),
        ("https://example.org/terms", "https://example.org/terms"),
    ],
)
def test_a_license_has_the_name_people_know(license_: str, name: str) -> None:
    assert framing.named(license_) == name


def test_a_share_is_written_as_a_percentage_in_the_table(client: FlaskClient) -> None:
    text = page(client, "/view/acceptance-rate-by-track")
    assert "26.56%" in text
    assert ">0.2656<" not in text


def test_editors_that_know_oembed_get_the_frame_of_a_view(client: FlaskClient) -> None:
    text = page(client, "/view/attendance-by-year?series=series/iclr")
    (address,) = re.findall(r'<link rel="alternate" type="application/json\+oembed" href="([^"]+)"', text)
    said = client.get(address).get_json()
    assert (said["type"], said["version"], said["title"]) == ("rich", "1.0", "Attendance by year")
    assert f'src="{BASE}view/attendance-by-year?embed=1&amp;series=series/iclr"' in said["html"]
    small = client.get(f"{address}&maxwidth=300&maxheight=250").get_json()
    assert (small["width"], small["height"]) == (300, 250)
    (xml,) = re.findall(r'<link rel="alternate" type="text/xml\+oembed" href="([^"]+)"', text)
    assert "<type>rich</type>" in client.get(xml).text


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400),
        ("url=https://example.org/view/attendance-by-year", 404),
        (f"url={BASE}view/nothing", 404),
        (f"url={BASE}page/series/iclr", 404),
        ("url=http://[", 404),
        (f"url={BASE}view/cities&maxwidth=wide", 400),
        (f"url={BASE}view/cities&format=yaml", 501),
    ],
)
def test_oembed_refuses_what_is_no_view(client: FlaskClient, query: str, status: int) -> None:
    assert client.get(f"/oembed?{query}").status_code == status


def test_a_page_in_a_frame_says_where_its_numbers_are_from(client: FlaskClient) -> None:
    text = page(client, "/view/people-by-source?embed=1")
    assert "Sources: " in text
    assert f"Convocation, {BASE}view/people-by-source" in text


def test_a_network_has_its_names_as_a_list_and_a_way_past_its_dots(client: FlaskClient) -> None:
    text = page(client, "/view/co-authors?edition=edition/neurips-2024")
    assert '<a class="skip" href="#names">' in text
    listed = text.partition('<details id="names">')[2].partition("</details>")[0]
    assert listed.count("<li><a href=") == text.count('class="n k')
