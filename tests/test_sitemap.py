"""The sitemap lists every page of every kind once, and robots learn of it."""

from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from flask.testing import FlaskClient
from pyoxigraph import DefaultGraph

from graph.store.embedded import EmbeddedStore
from graph.terms import RDF, Triple
from server.pages.sitemap import KINDS
from server.search.browse import KINDS as BROWSED
from server.views.catalog import views

OTHERS = ("", "about", "use", "changes", "contact", "views", "sources", "checks/", "ontology", "shapes")

NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
BASE = "http://127.0.0.1:5000/"


def places(client: FlaskClient, path: str, root: str) -> list[str]:
    response = client.get(path)
    assert response.mimetype == "application/xml"
    tree = ET.fromstring(response.text)  # noqa: S314 - our own
    assert tree.tag == NAMESPACE + root
    return [each.text or "" for each in tree.iter(f"{NAMESPACE}loc")]


def test_robots_find_the_sitemap(client: FlaskClient) -> None:
    text = client.get("/robots.txt").text
    assert f"Sitemap: {BASE}sitemap.xml" in text
    assert "Disallow: /sparql" in text
    assert "Disallow: /view/elsewhere/" in text  # which would ask others for each visit


def test_the_parts_list_every_thing_of_the_kinds_once(client: FlaskClient, store: EmbeddedStore) -> None:
    parts = places(client, "/sitemap.xml", "sitemapindex")
    listed = [place for part in parts for place in places(client, urlsplit(part).path, "urlset")]
    assert len(listed) == len(set(listed))
    things = {
        Triple.of(each).subject.value.replace(f"{BASE}id/", f"{BASE}page/")
        for kind in KINDS.values()
        for each in store.engine.quads_for_pattern(None, RDF.type, kind, DefaultGraph())
    }
    others = {place for place in listed if "/page/" not in place}
    assert set(listed) == things | others
    lists = {f"{BASE}browse/{name}" for name in BROWSED}
    assert others == {f"{BASE}{path}" for path in OTHERS} | {f"{BASE}view/{name}" for name in views()} | lists
    assert all(client.get(urlsplit(place).path).status_code == 200 for place in listed[:: len(listed) // 40])


def test_a_part_that_is_not_there_is_not_found(client: FlaskClient) -> None:
    assert client.get("/sitemap/paper-2.xml").status_code == 404
    assert client.get("/sitemap/nothing-1.xml").status_code == 404
    assert client.get("/sitemap/paper-0.xml").status_code == 404
