"""Search engines and reference managers find in a page what they read: schema.org, citation tags, Open Graph."""

import json
import re
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, parse
from rdflib import SDO, URIRef

from graph.store.embedded import EmbeddedStore
from graph.terms import CVN, RDF, Triple
from server.pages.structured import SCHEMA

BASE = "http://127.0.0.1:5000/"
KINDS = {
    "ConferenceSeries": "EventSeries",
    "Edition": "Event",
    "Paper": "ScholarlyArticle",
    "Person": "Person",
    "Organization": "Organization",
    "Committee": "Organization",
    "Place": "Place",
    "ProgramItem": "Event",
    "Source": "CreativeWork",
}


def structured(client: FlaskClient, path: str) -> dict[str, Any]:
    text = client.get(path).text
    found: dict[str, Any] = json.loads(re.findall(r'<script type="application/ld\+json">(.*?)</script>', text)[0])
    return found


def pages(store: EmbeddedStore, kind: NamedNode) -> list[str]:
    found = store.engine.quads_for_pattern(None, RDF.type, kind, DefaultGraph())
    return sorted(Triple.of(each).subject.value.replace(f"{BASE}id/", "/page/") for each in found)


@pytest.mark.parametrize("kind", KINDS)
def test_a_thing_is_reported_in_terms_that_schema_org_has(client: FlaskClient, store: EmbeddedStore, kind: str) -> None:
    for path in pages(store, CVN[kind])[:12]:
        reported = structured(client, path)
        triples = list(parse(json.dumps(reported), format=RdfFormat.JSON_LD))
        iri = NamedNode(path.replace("/page/", f"{BASE}id/"))
        assert {each.object for each in triples if each.subject == iri and each.predicate == RDF.type} == {
            SCHEMA[KINDS[kind]]
        }
        used = {each.predicate.value for each in triples} | {
            str(each.object.value)
            for each in triples
            if each.predicate == RDF.type and isinstance(each.object, NamedNode)
        }
        assert {each for each in used - {RDF.type.value} if URIRef(each) not in SDO} == set(), path
        assert reported["name"]


def test_an_edition_says_when_and_where(client: FlaskClient) -> None:
    reported = structured(client, "/page/edition/neurips-2023")
    assert (reported["startDate"], reported["endDate"]) == ("2023-12-10", "2023-12-16")
    assert reported["location"]["name"] == "Ernest N. Morial Convention Center"
    assert reported["location"]["containedInPlace"]["name"] == "New Orleans"
    assert reported["superEvent"]["@type"] == "EventSeries"
    assert reported["eventAttendanceMode"] == "https://schema.org/MixedEventAttendanceMode"


def test_a_paper_has_its_authors_in_order_and_the_tags_of_reference_managers(client: FlaskClient) -> None:
    path = "/page/paper/neurips-2023/are-emergent-abilities-of-large-language-models-2e7973e0"
    names = ["Rylan Schaeffer", "Brando Miranda", "Sanmi Koyejo"]
    assert [each["name"] for each in structured(client, path)["author"]] == names
    tags = re.findall(r'<meta name="citation_(\w+)" content="([^"]*)">', unescape(client.get(path).text))
    assert [text for name, text in tags if name == "author"] == ["Schaeffer, Rylan", "Miranda, Brando", "Koyejo, Sanmi"]
    assert ("title", "Are Emergent Abilities of Large Language Models a Mirage?") in tags
    assert ("publication_date", "2023") in tags


def test_a_script_cannot_be_left_by_a_name(client: FlaskClient, store: EmbeddedStore) -> None:
    for path in pages(store, CVN.Paper):
        block = client.get(path).text.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
        assert "<" not in block
        assert json.loads(block)


def test_a_page_has_a_description_for_those_who_pass_it_on(client: FlaskClient) -> None:
    tags = dict(re.findall(r'<meta property="og:(\w+)" content="([^"]*)">', client.get("/page/edition/iclr-2024").text))
    assert tags["title"] == "ICLR 2024"
    assert tags["url"] == f"{BASE}page/edition/iclr-2024"
    assert tags["description"].startswith("Edition of ICLR")


def test_breadcrumbs_lead_up(client: FlaskClient) -> None:
    text = client.get("/page/edition/neurips-2023/oral/mirage-oral-6a").text
    crumbs = re.findall(r'<li><a href="([^"]+)">', text.partition('class="crumbs"')[2].partition("</nav>")[0])
    assert crumbs[:2] == ["/page/series/neurips", "/page/edition/neurips-2023"]
    assert crumbs[-1] == "/page/edition/neurips-2023/session/oral-6a"


@pytest.mark.parametrize(
    "path", ["/", "/views", "/view/co-authors", "/page/edition/iclr-2024", "/page/person/keyu-tian", "/page/place/us"]
)
def test_a_page_has_a_picture_for_those_who_pass_it_on(client: FlaskClient, path: str) -> None:
    tags = dict(re.findall(r'<meta property="og:(\w+)" content="([^"]*)">', client.get(path).text))
    picture = client.get(tags["image"].removeprefix(BASE[:-1]))
    assert (picture.status_code, picture.content_type, picture.data[1:4]) == (200, "image/png", b"PNG")
    assert tags["title"]
