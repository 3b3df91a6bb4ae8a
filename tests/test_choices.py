"""The forms of views offer groups of editions, and a choice where several things have a name."""

import csv
import io
import re
from collections.abc import Callable
from html import unescape

from conftest import BASE
from flask.testing import FlaskClient

from graph.terms import CVN, RDFS


def test_editions_are_asked_for_by_year_and_the_address_keeps_the_year(client: FlaskClient) -> None:
    text = unescape(client.get("/view/award-papers?edition=2024").text)
    assert "<summary>edition: all of 2024</summary>" in text
    assert 'href="/view/award-papers.csv?edition=2024"' in text
    rows = list(csv.DictReader(io.StringIO(client.get("/view/award-papers.csv?edition=2024").text)))
    assert {row["edition"] for row in rows} == {"ICLR 2024", "NeurIPS 2024"}
    latest = client.get("/view/award-papers.json?edition=latest&edition=edition/neurips-2013").json
    assert latest is not None
    assert {row["edition"]["label"] for row in latest["rows"]} == {"NeurIPS 2023", "NeurIPS 2024", "ICLR 2024"}


def test_single_editions_are_offered_after_years_the_latest_first(client: FlaskClient) -> None:
    offered = re.findall(
        r'<input type="checkbox" name="edition" value="([^"]*)"', client.get("/view/award-papers").text
    )
    assert offered[:3] == ["latest", "2025", "2024"]
    assert [each for each in offered if "/" in each][:2] == ["edition/neurips-2025", "edition/iclr-2024"]


def test_a_name_of_several_people_gives_a_choice(editable: Callable[..., FlaskClient]) -> None:
    client = editable()
    things = "".join(
        f'<{BASE}id/person/li-{number}> a <{CVN.Person.value}> ; <{RDFS.label.value}> "Li Wu" . ' for number in (1, 2)
    )
    assert client.post("/sparql", data={"update": f"INSERT DATA {{ {things} }}"}).status_code == 204
    answer = client.get("/view/co-authors-of-a-person?person=Li+Wu", headers={"Accept": "text/html"})
    assert answer.status_code == 300
    assert re.findall(r'type="radio" name="person" value="([^"]*)"', answer.text) == ["person/li-1", "person/li-2"]
    assert client.get("/view/co-authors-of-a-person?person=person/li-1").status_code == 200
    assert client.get("/view/co-authors-of-a-person.csv?person=Li+Wu").status_code == 400
