"""Federated views ask a second endpoint, with samples of dblp, Wikidata and SemOpenAlex, and only if they may."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from html import unescape

import pytest
from conftest import BASE
from flask.testing import FlaskClient
from peers import JSON_ROWS, AnsweringHandler, serving
from pyoxigraph import QueryResultsFormat, QuerySolutions, RdfFormat, Store, parse
from samples import DATA, MISSING

from graph.query import read_queries
from graph.settings import Settings
from server.application import create_app
from server.display.asking import QUERIES
from server.views.federated import endpoints, federated

ENDPOINTS = {endpoint for view in federated() for endpoint in endpoints(view)}
NAMES = [view.name for view in federated()]
DBLP = DATA / "dblp" / "rdf" / "src" / "tests" / "resources" / "dblp-l222.ttl"
SEMOPENALEX = DATA / "semopenalex" / "data-sample" / "semopenalex-data-sample.trig"
WIKIDATA = """
@prefix wd: <http://www.wikidata.org/entity/> . @prefix wdt: <http://www.wikidata.org/prop/direct/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
wd:Q49110 wdt:P17 wd:Q30 ; wdt:P571 "1839-01-01T00:00:00Z"^^xsd:dateTime ; wdt:P856 <https://www.bu.edu/> .
wd:Q30 rdfs:label "United States"@en , "Vereinigte Staaten"@de .
wd:Q1 wdt:P2456 "k/LesliePackKaelbling" ; wdt:P108 wd:Q2 . wd:Q2 rdfs:label "An employer"@en .
wd:Q3 wdt:P2456 "0/0" ; wdt:P108 wd:Q2 .
"""
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=MISSING)


class Peer(AnsweringHandler):
    """An endpoint with samples of the other graphs; what it was asked is kept."""

    store: Store
    asked: list[str]

    def reply(self, body: bytes) -> None:
        self.asked.append(body.decode())
        found = self.store.query(body.decode())
        assert isinstance(found, QuerySolutions)
        self.answer(200, found.serialize(format=QueryResultsFormat.JSON) or b"", JSON_ROWS)


def samples() -> Store:
    """Return the samples, with a person and a paper of the bundled graph in place of one of theirs."""
    store = Store()
    dblp = DBLP.read_text(encoding="utf-8").replace("pid/78/459-1>", "pid/k/LesliePackKaelbling>")
    works = SEMOPENALEX.read_text(encoding="utf-8").replace("10.4018/jswis.2009081901", "10.52202/079017-0914")
    for text, form in ((dblp, RdfFormat.TURTLE), (works, RdfFormat.TRIG), (WIKIDATA, RdfFormat.TURTLE)):
        store.extend(quad for quad in parse(text, format=form, without_named_graphs=form == RdfFormat.TURTLE))
    store.update("INSERT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }")
    return store


@pytest.fixture(scope="module")
def allowed(settings: Settings, engine_of: Callable[[Settings], str]) -> Iterator[FlaskClient]:
    """A client of a server that may ask the endpoints of all federated views, which a local one stands for."""
    Peer.store, Peer.asked = samples(), []
    with serving(Peer) as address:
        mirrors = " ".join(f"{each} {address}/sparql" for each in sorted(ENDPOINTS))
        given = replace(settings, services=" ".join(ENDPOINTS), mirrors=mirrors, private_hosts="127.0.0.1")
        with create_app(given, engine_of(given)).test_client() as client:
            yield client


@pytest.mark.parametrize(
    ("path", "row"),
    [
        (
            "papers-in-dblp.json?person=person/leslie-pack-kaelbling",
            {"title": "Transparency and Translucency.", "year": "2014", "venue": "Computer Vision, A Reference Guide"},
        ),
        ("people-in-wikidata.json?person=", {"employer": "An employer", "item": "http://www.wikidata.org/entity/Q1"}),
        (
            "organizations-in-wikidata.json?organization=org/boston-university",
            {"country": "United States", "founded": 1839, "website": "https://www.bu.edu/"},
        ),
        ("citations-in-semopenalex.json?edition=edition/neurips-2024", {"citations": 3653}),
    ],
    ids=NAMES,
)
def test_a_federated_view_joins_both_graphs(allowed: FlaskClient, path: str, row: dict[str, object]) -> None:
    Peer.asked.clear()
    answer = allowed.get(f"/view/elsewhere/{path}")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store"), answer.text
    given = json.loads(answer.text)["rows"]
    rows = [{name: each["iri"] if isinstance(each, dict) else each for name, each in row.items()} for row in given]
    assert any(row.items() <= each.items() for each in rows), rows
    assert ["VALUES" in each for each in Peer.asked] == [True]
    page = unescape(allowed.get(f"/view/elsewhere/{path.replace('.json', '')}").text)
    assert "<tbody>" in page


def test_a_page_asks_nobody_before_its_form_is_sent(allowed: FlaskClient) -> None:
    Peer.asked.clear()
    for name in NAMES:
        text = unescape(allowed.get(f"/view/elsewhere/{name}").text)
        assert "when the form is sent" in text
        assert "<tbody>" not in text
    assert Peer.asked == []


@pytest.mark.parametrize("name", NAMES)
def test_a_view_that_may_not_ask_says_what_it_needs(client: FlaskClient, name: str) -> None:
    answer = client.get(f"/view/elsewhere/{name}?")
    assert answer.status_code == 200
    assert "CONVOCATION_SERVICES" in answer.text
    assert "SERVICE" in client.get(f"/view/elsewhere/{name}.rq").text
    refused = client.get(f"/view/elsewhere/{name}.csv")
    assert (refused.status_code, "CONVOCATION_SERVICES" in refused.text) == (403, True)


def test_a_mistake_in_a_federated_view_is_reported(client: FlaskClient) -> None:
    assert client.get("/view/elsewhere/nothing").status_code == 404
    assert client.get("/view/elsewhere/papers-in-dblp.png").status_code == 404
    assert client.get("/view/elsewhere/papers-in-dblp?city=Bern").status_code == 400
    assert client.get("/view/elsewhere/papers-in-dblp?person=Nobody+at+all").status_code == 400


def test_the_list_of_views_leads_to_those_that_ask_others(client: FlaskClient) -> None:
    text = client.get("/views").text
    assert all(f'href="/view/elsewhere/{name}"' in text for name in NAMES)
    assert [query.name for query in read_queries(QUERIES / "federated")] == NAMES
    assert BASE not in ENDPOINTS
