"""Lists of a kind are divided by facets, paged, sorted and given as files; the counts of the home page lead to them."""

import csv
import io
import re
from html import unescape

import pytest
from flask.testing import FlaskClient


def shown(client: FlaskClient, path: str) -> str:
    return unescape(client.get(path, headers={"Accept": "text/html"}).text)


def names(text: str) -> list[str]:
    return re.findall(r'<li><a href="/page/[^"]*">([^<]*)</a>', text.partition('<ul class="hits">')[2])


def count(text: str) -> int:
    return int(re.findall(r'<h1>.*?<span class="count">([\d,]+)<', text)[0].replace(",", ""))


def test_each_count_of_the_home_page_leads_to_as_many(client: FlaskClient) -> None:
    facts = re.findall(r'<dt>([\w ]+)</dt><dd><span class="figure"><a href="([^"]*)">([\d,]+)</a>', shown(client, "/"))
    assert [what for what, _, _ in facts] == [
        "series",
        "editions",
        "papers",
        "people",
        "statements with a line",
        "sources",
    ]
    for what, place, number in facts:
        if what != "statements with a line":
            assert count(shown(client, place)) == int(number.replace(",", ""))


def test_a_facet_counts_what_it_leads_to(client: FlaskClient) -> None:
    text = shown(client, "/browse/papers?year=2024")
    facets = re.findall(
        r'<a href="(/browse/papers\?[^"]*)" rel="nofollow">([^<]*)</a> <span class="count">(\d+)<', text
    )
    assert {"ICLR", "NeurIPS", "main track", "Honorable Mention"} <= {label for _, label, _ in facets}
    for place, _, number in facets:
        assert count(shown(client, place)) == int(number)


def test_a_paper_is_shown_with_its_authors_edition_and_award(client: FlaskClient) -> None:
    text = shown(client, "/browse/papers?words=not+all+tokens")
    assert names(text) == ["Not All Tokens Are What You Need for Pretraining"]
    assert "Zhenghao Lin, Zhibin Gou, Yeyun Gong, et al., NeurIPS 2024, Runners-up for the main track" in text


def test_a_list_has_an_order(client: FlaskClient) -> None:
    editions = names(shown(client, "/browse/editions"))
    assert editions[:3] == ["NeurIPS 2025", "ICLR 2024", "NeurIPS 2024"]
    assert names(shown(client, "/browse/editions?order=name"))[0] == "ICLR 2013"
    assert names(shown(client, "/browse/editions?order=x")) == editions


def test_a_list_is_a_file_with_its_facets(client: FlaskClient) -> None:
    answer = client.get("/browse/papers.csv?series=series/neurips")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert answer.mimetype == "text/csv"
    assert len(rows) == count(shown(client, "/browse/papers?series=series/neurips"))
    assert {row["series"] for row in rows} == {"NeurIPS"}


@pytest.mark.parametrize("place", ["/browse/x", "/browse/papers?year=1", "/browse/papers?color=red", "/browse/x.csv"])
def test_a_list_that_is_not_there_is_reported(client: FlaskClient, place: str) -> None:
    assert client.get(place).status_code == 404


@pytest.mark.parametrize("place", ["?page=99999", "?page=x", "?words=%00", '?words="', "?words=zzzz&year=2024"])
def test_any_request_for_a_list_is_answered(client: FlaskClient, place: str) -> None:
    assert client.get(f"/browse/people{place}").status_code == 200
