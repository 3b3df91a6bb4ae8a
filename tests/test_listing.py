"""A long list on a page can be searched by words and by mark, and goes on page by page."""

import csv
import io
import re
from collections.abc import Iterator
from html import unescape

import pytest
from conftest import BASE
from flask.testing import FlaskClient

from graph.indexes.lists import ListEntry
from graph.settings import Settings
from graph.versions.home import Home
from server.application import create_app
from server.display.listing import ListRequest, facets, sifted
from server.pages import home

PAGE = "/page/edition/iclr-2024"
ENTRIES = [
    ListEntry(f"urn:x:{place}", label, marks)
    for place, (label, marks) in enumerate(
        [("Schrödinger bridges", ("oral", "main track")), ("Bridges, burned", ("poster",)), ("Registers", ("poster",))]
    )
]


@pytest.fixture
def short(settings: Settings) -> FlaskClient:
    """A client of a server that lists five things on a page."""
    return create_app(settings.changed(page_size="5")).test_client()


def papers(client: FlaskClient, query: str = "") -> tuple[str, list[str]]:
    text = unescape(client.get(PAGE + query).text)
    section = text.partition('<section id="papers"')[2].partition("</section>")[0]
    return section, re.findall(r'<th scope="row"><a[^>]*>([^<]+)</a>', section)


def test_a_long_list_has_a_form_and_its_pages_hold_every_thing_once(short: FlaskClient) -> None:
    section, first = papers(short)
    assert '<form class="row sift"' in section
    pages = [first, *(papers(short, f"?group=papers&page={number}")[1] for number in (2, 3, 4))]
    listed = [title for each in pages for title in each]
    assert [len(each) for each in pages] == [5, 5, 5, 1]
    assert len(set(listed)) == 16
    assert listed == sorted(listed, key=str.lower)


def test_words_find_titles_and_stay_on_the_next_page(short: FlaskClient) -> None:
    section, found = papers(short, "?group=papers&words=Learning")
    assert found
    assert all("learning" in title.lower() for title in found)
    assert f"{len(found)} of 16" in section
    assert 'value="Learning"' in section
    section, _ = papers(short, "?group=papers&words=in")
    assert 'href="?group=papers&words=in&page=2#papers"' in section


def test_where_nothing_is_found_the_page_says_so_and_shows_the_way_back(short: FlaskClient) -> None:
    section, found = papers(short, "?group=papers&words=zzz%22%3E")
    assert not found
    assert "No matches" in section
    assert '<a href="?#papers">Show all</a>' in section


def test_a_list_of_some_papers_has_a_form_and_one_of_a_few_has_none(client: FlaskClient) -> None:
    assert "sift" in papers(client)[0]
    few = client.get("/page/edition/neurips-2024").text
    assert 'id="papers"' in few
    assert "sift" not in few


def test_case_and_accents_do_not_matter_and_a_mark_narrows() -> None:
    assert [each.label for each in sifted(ENTRIES, ListRequest(words="SCHRODINGER"))] == ["Schrödinger bridges"]
    assert len(sifted(ENTRIES, ListRequest(words="bridges"))) == 2
    assert [each.label for each in sifted(ENTRIES, ListRequest(words="bridges", mark="poster"))] == ["Bridges, burned"]
    assert len(sifted(ENTRIES, ListRequest())) == 3


def test_marks_are_counted_where_they_differ() -> None:
    assert facets(ENTRIES) == (("poster", 2), ("oral", 1), ("main track", 1))
    assert facets(ENTRIES[1:]) == ()


@pytest.fixture
def grown(listed: Home) -> Iterator[FlaskClient]:
    """A client of the bundled graph with a paper list."""
    with create_app(Settings(home=str(listed.folder), base=BASE, access_log="no")).test_client() as client:
        yield client


def rows(client: FlaskClient, table: str) -> list[dict[str, str]]:
    answer = client.get(f"/table/edition/cogs-2030/{table}.csv")
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.text)))


def test_the_acceptance_rate_of_an_edition_is_counted_from_its_records(grown: FlaskClient) -> None:
    found = [(row["decision"], row["papers"], row["share_of_all"]) for row in rows(grown, "decisions")]
    assert found[0] == ("accepted, in all", "2", "66.7%")
    assert ("rejected", "1", "33.3%") in found


def test_talks_come_before_posters_in_the_list_of_papers(grown: FlaskClient) -> None:
    first, *others = (row["decision"] for row in rows(grown, "papers"))
    assert first == "accepted as oral"
    assert "accepted as oral" not in others


def test_the_home_page_of_a_large_graph_has_a_line_for_each_series(
    grown: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(home, "IN_FULL", 5)
    text = unescape(grown.get("/").text)
    section = text.partition('<section id="editions"')[2].partition("</section>")[0]
    found = [re.sub(r"<[^>]+>", " ", row).split() for row in re.findall(r"<tr>(.*?)</tr>", section)[1:]]
    assert ["NeurIPS", "Neural", "Information", "Processing", "Systems", "16", "2010", "to", "2025", "12"] in found
    assert len(found) == len(set(map(tuple, found)))
