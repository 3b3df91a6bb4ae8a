"""Any selection of papers is exported as references: of a view, a list, a search; with keys that people can read."""

import json
import re
from dataclasses import replace
from html import unescape

import pytest
from conftest import BASE
from flask.testing import FlaskClient
from pyoxigraph import NamedNode

from graph.settings import Settings
from graph.sources.parts import guessed
from graph.versions.home import Home
from server import formats
from server.application import create_app
from server.display.citation_keys import citation_key, keyed
from server.display.works import Work
from server.formats import bibliography, bibtex, csl, ris

KEY = re.compile(r"^@(\w+)\{([^,]+),$", re.MULTILINE)


def work(title: str, *names: str, number: int = 1) -> Work:
    iri = NamedNode(f"{BASE}id/paper/icml-2030/{number}")
    return Work(iri=iri, title=title, authors=tuple(map(guessed, names)), year="2030", edition="ICML 2030")


def test_the_award_papers_of_a_year_are_references(client: FlaskClient) -> None:
    entries = dict(map(reversed, KEY.findall(client.get("/view/award-papers.bib?edition=2024").text)))
    assert entries["kirk-etal-2024-prism"] == "inproceedings"
    items = json.loads(client.get("/view/award-papers.csl.json?edition=2024").text)
    assert {each["id"] for each in items} == set(entries)
    assert client.get("/view/award-papers.ris?edition=2024").text.count("TY  - CPAPER") == len(entries)
    assert len(client.get("/view/award-papers.txt?edition=2024").text.splitlines()) == len(entries)
    assert 'href="/view/award-papers.bib?edition=2024"' in unescape(client.get("/view/award-papers?edition=2024").text)
    assert client.get("/view/attendance-by-year.bib").status_code == 404


def test_a_list_and_a_search_are_references(client: FlaskClient) -> None:
    assert len(KEY.findall(client.get("/browse/papers.bib?series=series/iclr&year=2024").text)) == 16
    assert len(json.loads(client.get("/browse/papers.csl.json").text)) == 33
    found = KEY.findall(client.get("/search.bib?q=diffusion").text)
    assert [key for _, key in found] == ["karras-etal-2024-guiding", "kadkhodaie-etal-2024-generalization"]
    assert "A Bad Version" not in client.get("/search.csv?q=diffusion&kind=person").text
    for place in ("/browse/people.bib", "/search.x?q=diffusion", "/browse/papers.x"):
        assert client.get(place).status_code == 404


def test_a_selection_that_is_too_large_is_refused(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formats, "MOST_WORKS", 20)
    answer = client.get("/browse/papers.bib")
    assert (answer.status_code, "33 papers" in answer.text, "narrow it" in answer.text) == (400, True, True)


@pytest.mark.parametrize(
    ("names", "key"),
    [
        (["Hannah Rose Kirk", "B C", "D E"], "kirk-etal-2030-prism"),
        (["Diederik Kingma", "Max Welling"], "kingma-welling-2030-prism"),
        (["Tuomas Kynkäänniemi"], "kynkaanniemi-2030-prism"),
        ([], "anonymous-2030-prism"),
    ],
)
def test_a_key_has_the_first_author_the_year_and_a_word_of_the_title(names: list[str], key: str) -> None:
    assert citation_key(work("The PRISM Alignment Dataset", *names)) == key


def test_keys_are_unique_in_a_file() -> None:
    same = [work("Learning to See", "Ann Lee", number=number) for number in range(3)]
    keys = [each.key for each in keyed([*same, work("Learning Wheels", "Ann Lee", number=9)])]
    assert keys[:2] == ["lee-2030-learning", "lee-2030-learning-see"]
    assert len(set(keys)) == 4
    assert keys[3] == "lee-2030-learning-wheels"


def test_what_was_not_accepted_is_in_no_proceedings() -> None:
    rejected = replace(work("On Cogs", "Ann Lee"), is_accepted=False, decision="reject", proceedings="ICML")
    assert bibtex.entry(rejected).startswith("@unpublished{lee-2030-cogs,")
    assert "note = {Submitted to ICML 2030 (reject)}" in bibtex.entry(rejected)
    assert "booktitle" not in bibtex.entry(rejected)
    assert csl.item(rejected)["type"] == "manuscript"
    assert "TY  - UNPB" in "".join(ris.write_works([rejected]))
    assert bibliography.reference(rejected) == (
        f"Ann Lee. 2030. On Cogs. Submitted to ICML 2030 (reject). {rejected.iri.value}"
    )


def test_submissions_of_a_list_are_exported_as_such(listed: Home, settings: Settings) -> None:
    client = create_app(replace(settings, home=str(listed.folder))).test_client()
    count = len(client.get("/browse/submissions.csv").text.splitlines()) - 1
    entries = KEY.findall(client.get("/browse/submissions.bib").text)
    assert count == len(entries) > 0
    assert {kind for kind, _ in entries} == {"unpublished"}


def test_a_reference_is_served_as_plain_text(client: FlaskClient) -> None:
    path = "paper/neurips-2024/visual-autoregressive-modeling-scalable-image-55c8b937"
    moved = client.get(f"/id/{path}", headers={"Accept": "text/x-bibliography"})
    answer = client.get(moved.location)
    assert answer.content_type == "text/x-bibliography; charset=utf-8"
    assert answer.text.startswith(
        "Keyu Tian, Yi Jiang, Zehuan Yuan, BINGYUE PENG and Liwei Wang. 2024. Visual Autoregressive Modeling: "
    )


def test_json_means_json_ld(client: FlaskClient) -> None:
    answer = client.get("/id/edition/neurips-2024.json", follow_redirects=True)
    assert answer.mimetype == "application/ld+json"
    assert client.get("/id/edition/neurips-2024.csl.json").location.endswith(".csl.json")
