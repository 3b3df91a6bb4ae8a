"""Every IRI leads somewhere: to a page for readers, to data for programs, to help where there is nothing."""

import json

import pyoxigraph
import pytest
from flask.testing import FlaskClient
from pyoxigraph import NamedNode, RdfFormat

from graph.store.embedded import EmbeddedStore
from graph.terms import CVN, RDF, RDFS, Triple

BASE = "http://127.0.0.1:5000/"
EDITION = "edition/neurips-2024"
BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
FORMATS = {
    "ttl": ("text/turtle", RdfFormat.TURTLE),
    "nt": ("application/n-triples", RdfFormat.N_TRIPLES),
    "jsonld": ("application/ld+json", RdfFormat.JSON_LD),
    "rdf": ("application/rdf+xml", RdfFormat.RDF_XML),
}


def triples(body: bytes, suffix: str) -> list[pyoxigraph.Quad]:
    return list(pyoxigraph.parse(body, format=FORMATS[suffix][1]))


def test_an_entity_is_found_by_its_iri(client: FlaskClient) -> None:
    answer = client.get(f"/id/{EDITION}", headers=BROWSER)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/page/{EDITION}")
    page = client.get(answer.headers["Location"])
    assert page.status_code == 200
    assert "<h1>NeurIPS 2024</h1>" in page.text


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_program_is_led_to_the_serialization_it_accepts(client: FlaskClient, suffix: str) -> None:
    answer = client.get(f"/id/{EDITION}", headers={"Accept": FORMATS[suffix][0]})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/data/{EDITION}.{suffix}")
    assert "Accept" in answer.headers["Vary"]


def test_quality_values_decide_between_page_and_data(client: FlaskClient) -> None:
    for accept, place in {
        "text/turtle;q=0.4, text/html;q=0.9": f"/page/{EDITION}",
        "text/turtle;q=0.9, text/html;q=0.4": f"/data/{EDITION}.ttl",
        "application/rdf+xml, text/turtle;q=0.1": f"/data/{EDITION}.rdf",
    }.items():
        assert client.get(f"/id/{EDITION}", headers={"Accept": accept}).headers["Location"] == place


def test_an_unknown_serialization_is_refused_with_what_there_is(client: FlaskClient) -> None:
    answer = client.get(f"/id/{EDITION}", headers={"Accept": "image/png"})
    assert answer.status_code == 406
    assert "text/turtle" in answer.text
    assert client.get(f"/data/{EDITION}.pdf").status_code == 406


def test_data_without_a_suffix_are_those_that_a_program_accepts(client: FlaskClient) -> None:
    answer = client.get(f"/data/{EDITION}", headers={"Accept": "application/ld+json"})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/data/{EDITION}.jsonld")
    assert answer.headers["Vary"] == "Accept"


@pytest.mark.parametrize("suffix", FORMATS)
def test_data_of_an_entity_parse_and_hold_its_statements_with_lines(client: FlaskClient, suffix: str) -> None:
    answer = client.get(f"/data/{EDITION}.{suffix}")
    found = triples(answer.data, suffix)
    assert answer.mimetype == FORMATS[suffix][0]
    assert any(each.subject == NamedNode(f"{BASE}id/{EDITION}") and each.predicate == CVN.startDate for each in found)
    statements = {each.subject for each in found if each.predicate == RDF.predicate}
    assert statements == {each.subject for each in found if each.predicate == CVN.citedAt} & statements
    assert statements


def test_data_of_a_paper_hold_the_facts_that_point_to_it(client: FlaskClient, store: EmbeddedStore) -> None:
    paper = next(quad.object for quad in store.engine.quads_for_pattern(None, CVN.paper, None, None))
    assert isinstance(paper, NamedNode)
    found = triples(client.get(paper.value.replace(f"{BASE}id/", "/data/") + ".nt").data, "nt")
    assert {each.predicate for each in found if each.object == paper} >= {CVN.paper, RDF.subject}
    assert any(each.predicate == CVN.position for each in found)


def test_head_answers_like_get_without_a_body(client: FlaskClient) -> None:
    for path in (f"/id/{EDITION}", f"/page/{EDITION}", f"/data/{EDITION}.ttl"):
        head, get = client.head(path), client.get(path)
        assert (head.status_code, head.headers["Content-Type"]) == (get.status_code, get.headers["Content-Type"])
        assert not head.data


def test_a_page_names_its_data_in_head_lines_and_links(client: FlaskClient) -> None:
    page = client.get(f"/page/{EDITION}")
    for suffix, (media, _) in FORMATS.items():
        assert f'<link rel="alternate" type="{media}" href="/data/{EDITION}.{suffix}">' in page.text
        assert f'</data/{EDITION}.{suffix}>; rel="alternate"; type="{media}"' in page.headers.getlist("Link")
    assert f'<link rel="canonical" href="{BASE}page/{EDITION}">' in page.text


def test_unknown_entity_is_a_404_with_suggestions(client: FlaskClient) -> None:
    answer = client.get("/id/edition/nerips-2024", headers=BROWSER)
    assert answer.status_code == 404
    assert f'href="/page/{EDITION}"' in answer.text
    assert '<input id="again" type="search"' in answer.text


def test_unknown_entity_is_a_problem_for_programs(client: FlaskClient) -> None:
    answer = client.get("/id/edition/neurips-2042", headers={"Accept": "text/turtle, application/problem+json;q=0.5"})
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
    assert f"{BASE}id/{EDITION}" in {each["iri"] for each in json.loads(answer.data)["suggestions"]}


@pytest.mark.parametrize(
    "path", ["/id/a b", "/page/%3Cx%3E", "/data/none.ttl", "/graph/source/none", "/code/mode/none"]
)
def test_a_path_that_leads_nowhere_is_a_404(client: FlaskClient, path: str) -> None:
    assert client.get(path, headers=BROWSER).status_code == 404


def test_every_entity_has_a_page(client: FlaskClient, store: EmbeddedStore) -> None:
    default = pyoxigraph.DefaultGraph()
    quads = store.engine.quads_for_pattern(None, RDF.type, None, default)
    subjects = {quad.subject for quad in quads if quad.object not in {CVN.Citation, CVN.Statement}}
    entities = {each.value for each in subjects if isinstance(each, NamedNode) and each.value.startswith(f"{BASE}id/")}
    assert len(entities) > 1000
    broken = {each for each in entities if client.get(each.replace(f"{BASE}id/", "/page/")).status_code != 200}
    assert not broken


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_graph_of_a_source_is_data(client: FlaskClient, store: EmbeddedStore, suffix: str) -> None:
    answer = client.get("/graph/source/neurips-2024-fact-sheet", headers={"Accept": FORMATS[suffix][0]})
    graph = NamedNode(f"{BASE}graph/source/neurips-2024-fact-sheet")
    assert answer.mimetype == FORMATS[suffix][0]
    assert len(triples(answer.data, suffix)) == len(list(store.engine.quads_for_pattern(None, None, None, graph)))


@pytest.mark.parametrize(
    ("graph", "place"),
    [
        ("source/neurips-2024-fact-sheet", "/page/source/neurips-2024-fact-sheet"),
        ("curation", "/sources#decisions"),
        ("alignments", "/ontology"),
    ],
)
def test_a_browser_is_led_from_a_graph_to_its_page(client: FlaskClient, graph: str, place: str) -> None:
    answer = client.get(f"/graph/{graph}", headers=BROWSER)
    assert (answer.status_code, answer.headers["Location"]) == (303, place)


def test_what_only_a_source_says_leads_to_the_page_and_the_graph_of_the_source(
    client: FlaskClient, store: EmbeddedStore
) -> None:
    statement = next(quad for quad in store.engine.quads_for_pattern(None, RDF.type, CVN.Statement, None))
    assert isinstance(statement.subject, NamedNode)
    path = statement.subject.value.removeprefix(f"{BASE}id/")
    page = client.get(f"/page/{path}").headers["Location"]
    assert f"/page/source/{path.split('/')[1]}?line=" in page
    assert client.get(page).status_code == 200
    assert client.get(f"/data/{path}.ttl").headers["Location"].startswith("/graph/source/")


def test_the_data_of_an_entity_with_labels_in_other_scripts_are_utf_8(
    client: FlaskClient, store: EmbeddedStore
) -> None:
    quads = store.engine.quads_for_pattern(None, RDFS.label, None, pyoxigraph.DefaultGraph())
    thing = next(each for each in map(Triple.of, quads) if not each.object.value.isascii())
    answer = client.get(thing.subject.value.replace(f"{BASE}id/", "/data/") + ".ttl")
    assert answer.content_type == "text/turtle; charset=utf-8"
    assert thing.object.value in answer.data.decode()


def test_the_page_of_a_thing_is_always_the_same(client: FlaskClient) -> None:
    first, second = (client.get("/page/edition/neurips-2024") for _ in range(2))
    assert first.data == second.data
