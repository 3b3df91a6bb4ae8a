"""Search finds things by any of their names, the most exact first, and helps where it finds nothing."""

import re
import time
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from conftest import BASE
from flask.testing import FlaskClient

from graph.indexes.search import SearchIndex
from graph.indexes.search_writer import FILE
from graph.terms import CVN, RDFS
from graph.versions.home import Home, Version
from server.search import finding


def found(client: FlaskClient, text: str) -> list[str]:
    page = unescape(client.get("/search", query_string={"q": text}).text)
    return re.findall(r'<li><a href="/page/[^"]*">([^<]*)</a>', page.partition('<ul class="hits">')[2])


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("NeurIPS 2024", "NeurIPS 2024"),
        ("neurips 2024", "NeurIPS 2024"),
        ("2024 neurips", "NeurIPS 2024"),
        ("iclr", "ICLR"),
        ("kynkaanniemi", "Tuomas Kynkäänniemi"),
        ("auto-encoding variational", "Auto-Encoding Variational Bayes"),
    ],
)
def test_the_most_exact_name_comes_first(client: FlaskClient, text: str, first: str) -> None:
    assert found(client, text)[0] == first


def test_the_kind_of_what_was_found_is_shown(client: FlaskClient) -> None:
    assert '<h2>Edition <span class="hint">1</span></h2>' in client.get("/search?q=neurips+2024").text
    assert '>NeurIPS 2024</a> <span class="hint">edition, ' in client.get("/search?q=nerips+2024").text


def test_facts_are_not_found(client: FlaskClient) -> None:
    assert not [name for name in found(client, "author 1 of") if "author 1" in name]


def test_an_empty_result_says_what_to_try(client: FlaskClient) -> None:
    page = client.get("/search?q=Nerips+2024").text
    assert "Try one word" in page
    assert "NeurIPS 2024" in found(client, "Nerips 2024")


def test_a_search_without_words_asks_for_some(client: FlaskClient) -> None:
    for text in ("", "   "):
        assert "Write a name" in client.get("/search", query_string={"q": text}).text


@pytest.mark.parametrize("text", ["<b>x</b>", '"', "\\", "?_base", "漢字", "a" * 5000, "%00", "-"])
def test_any_text_can_be_searched(client: FlaskClient, text: str) -> None:
    answer = client.get("/search", query_string={"q": text})
    assert answer.status_code == 200
    assert "<b>x" not in answer.text


@pytest.mark.parametrize("text", ["NIPS", "nips"])
def test_an_old_name_finds_the_new(client: FlaskClient, text: str) -> None:
    assert found(client, text)[:2] == ["NeurIPS", "NeurIPS 2023"]
    assert (
        '>NeurIPS</a> <span class="hint">matches “NIPS”</span>' in client.get("/search", query_string={"q": text}).text
    )


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("2dnO3LLiJ1", "/page/paper/iclr-2024/vision-transformers-need-registers-"),
        ("https://openreview.net/forum?id=2dnO3LLiJ1", "/page/paper/iclr-2024/vision-transformers-need-registers-"),
        (f"{BASE}id/edition/neurips-2024", "/page/edition/neurips-2024"),
    ],
)
def test_an_identifier_leads_to_its_thing(client: FlaskClient, text: str, place: str) -> None:
    answer = client.get("/search", query_string={"q": text})
    assert (answer.status_code, answer.location.startswith(place)) == (302, True)
    assert client.get(answer.location).status_code == 200


def test_what_is_found_stands_by_kind_and_each_kind_can_be_paged(client: FlaskClient) -> None:
    page = client.get("/search?q=neurips").text
    assert re.findall(r"<h2>([A-Z][a-z ]+) <", page)[:2] == ["Conference series", "Edition"]
    assert '<a href="/search?q=neurips&amp;kind=edition">All 16</a>' in page
    assert len(found(client, "neurips")) > 20
    page = client.get("/search?q=a&kind=person&page=99999999999999999999").text
    assert "Things of every kind" in page


@pytest.mark.parametrize("number", ["0", "-1", "99999999999999999999", "x", "²", "2"])
def test_a_page_that_is_not_there_is_one_that_is(client: FlaskClient, number: str) -> None:
    page = client.get("/search", query_string={"q": "neurips", "kind": "edition", "page": number})
    assert (page.status_code, page.text.count('<li><a href="/page/edition/')) == (200, 16)


def test_names_are_suggested_as_opensearch_says(client: FlaskClient) -> None:
    answer = client.get("/search/suggest?q=hochr")
    assert answer.content_type == "application/x-suggestions+json"
    assert answer.json is not None
    text, labels, kinds, links = answer.json
    assert (text, labels[0], kinds[0]) == ("hochr", "Sepp Hochreiter", "person, 2024")
    assert links[0] == "http://127.0.0.1:5000/page/person/sepp-hochreiter"
    assert client.get("/search/suggest").json == ["", [], [], []]
    assert client.get("/search/suggest?q=nips").json[2][0] == "conference series, matches “NIPS”"  # type: ignore[index]


def test_names_of_a_kind_are_suggested_to_fields_that_take_one(client: FlaskClient) -> None:
    every, some = (client.get(f"/search/suggest?q=neur{more}").json for more in ("", "&kind=Edition"))
    assert every is not None
    assert some is not None
    assert set(some[2]) == {"edition"} != set(every[2])
    assert client.get("/search/suggest?q=neur&kind=Nothing").json == ["neur", [], [], []]


def test_browsers_learn_how_to_search_here(client: FlaskClient) -> None:
    answer = client.get("/opensearch.xml")
    assert answer.content_type == "application/opensearchdescription+xml; charset=utf-8"
    templates = re.findall(r'template="([^"]*)"', answer.text)
    assert templates[:2] == [f"{BASE}search?q={{searchTerms}}", f"{BASE}search/suggest?q={{searchTerms}}"]
    assert 'rel="search" type="application/opensearchdescription+xml"' in client.get("/").text


def test_a_version_made_by_an_update_is_searched(editable: Callable[..., FlaskClient]) -> None:
    client = editable()
    assert found(client, "Zaphod") == []
    update = f'INSERT DATA {{ <{BASE}id/person/zaphod> a <{CVN.Person.value}> ; <{RDFS.label.value}> "Zaphod B" }}'
    assert client.post("/sparql", data={"update": update}).status_code == 204
    assert found(client, "Zaphod") == ["Zaphod B"]


def indexed(version: Version) -> bool:
    """Wait until a version has an index."""
    until = time.monotonic() + 60
    while not SearchIndex.of(version.folder) and time.monotonic() < until:
        time.sleep(0.1)
    return SearchIndex.of(version.folder) is not None


def test_a_large_version_is_indexed_beside_while_the_one_before_is_searched(
    home: Home, editable: Callable[..., FlaskClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "SMALL", 0)
    client = editable()
    update = f'INSERT DATA {{ <{BASE}id/person/zaphod> a <{CVN.Person.value}> ; <{RDFS.label.value}> "Zaphod B" }}'
    assert client.post("/sparql", data={"update": update}).status_code == 204
    assert (found(client, "Zaphod"), found(client, "NeurIPS 2024")[0]) == ([], "NeurIPS 2024")
    copy = Home(Path(client.application.config["SETTINGS"].home))
    assert indexed(copy.needed())
    assert found(client, "Zaphod") == ["Zaphod B"]
    (copy.needed().folder / FILE).unlink()
    (copy.version(1).folder / FILE).unlink()
    answer = client.get("/search?q=x")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert client.get("/page/person/nobody-at-all").status_code == 404
    assert home.numbers() == [1]


@pytest.mark.parametrize(("text", "first"), [("nips", "NeurIPS"), ("kynkaanniemi", "Tuomas Kynkäänniemi")])
def test_a_version_whose_folder_cannot_be_written_has_an_index_in_a_temporary_folder(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, text: str, first: str
) -> None:
    monkeypatch.setattr(finding, "_index", finding._in_temporary_folder)  # noqa: SLF001 - as with a remote engine
    assert found(client, text)[0] == first
    assert client.get(f"/search/suggest?q={text}").json[1][0] == first  # type: ignore[index]
    assert client.get("/search?q=2dnO3LLiJ1").status_code == 302
    assert "NeurIPS 2024" in found(client, "Nerips 2024")


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("attendance", "Attendance"),
        ("acceptance rate", "Acceptance rate by track"),
        ("wrote with whom", "Who wrote with whom"),
    ],
)
def test_views_and_measures_are_found(client: FlaskClient, text: str, title: str) -> None:
    page = unescape(client.get("/search", query_string={"q": text}).text)
    assert re.search(rf'<h2>Views .*?<a href="/view/[^"]*">{title}', page, re.DOTALL)
    if text != "wrote with whom":
        assert re.search(rf'<h2>Measures .*?<a href="/code/measure/[^"]*">{text}', page, re.DOTALL)


def test_a_poster_is_found_by_its_number_and_a_paper_is_shown_with_its_authors(client: FlaskClient) -> None:
    assert found(client, "poster 1108")[0].startswith("Are Emergent Abilities")
    page = unescape(client.get("/search?q=emergent+abilities").text)
    assert "Rylan Schaeffer, Brando Miranda, Sanmi Koyejo, NeurIPS 2023, Outstanding Paper Award" in page
