"""Clients that are used with other endpoints work with this one as they are."""

import json
import warnings
from collections.abc import Callable
from xml.dom.minidom import Document

import pytest
import rdflib
from conftest import Server
from flask.testing import FlaskClient
from SPARQLWrapper import CSV, JSON, JSONLD, N3, RDF, RDFXML, TSV, TURTLE, XML, SPARQLWrapper

PAPER = "id/paper/neurips-2023/scaling-data-constrained-language-models-8d35f897"
ROWS = "SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 2"
QUERIES = {
    "SELECT": ROWS,
    "ASK": "ASK { ?s ?p ?o }",
    "CONSTRUCT": "CONSTRUCT { ?s ?p ?o } WHERE { { SELECT * { ?s ?p ?o . FILTER (!ISBLANK(?s)) } LIMIT 2 } }",
    "DESCRIBE": "DESCRIBE <https://w3id.org/convocation/ontology#Paper>",
}


@pytest.mark.parametrize("form", [JSON, XML, TURTLE, N3, RDF, RDFXML, CSV, TSV, JSONLD])
@pytest.mark.parametrize("kind", QUERIES)
def test_sparqlwrapper_gets_an_answer_in_each_of_its_formats(server: Server, kind: str, form: str) -> None:
    client = SPARQLWrapper(f"http://127.0.0.1:{server.port}/sparql", returnFormat=form)
    client.setQuery(QUERIES[kind])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # it says so where a format is not for the kind of query
        warnings.simplefilter("ignore", DeprecationWarning)  # it reads into a class of rdflib that is deprecated
        answer = client.query()
        read = answer.convert()
    assert answer.response.status == 200
    if kind in ("CONSTRUCT", "DESCRIBE") and form in (RDF, RDFXML, XML, JSONLD):
        assert isinstance(read, rdflib.Graph)
        assert len(read)
    elif kind == "SELECT" and form == JSON:
        assert isinstance(read, dict)
        assert len(read["results"]["bindings"]) == 2
    else:
        assert isinstance(read, bytes | str | dict | Document | rdflib.Graph)


def test_a_name_that_is_not_known_leaves_the_choice_to_accept(client: FlaskClient) -> None:
    asked = {"query": ROWS, "format": "sparql-json"}
    answer = client.get("/sparql", query_string=asked, headers={"Accept": "text/csv"})
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    assert client.get("/sparql", query_string=asked, headers={"Accept": "*/*"}).status_code == 406


def test_a_query_of_sixty_kilobytes_may_be_in_the_address(server: Server) -> None:
    assert server.open(f"/sparql?query=ASK%7B%7D%23{'x' * 60_000}")[0] == 200


@pytest.mark.parametrize("text", ["ASK {}", ROWS])
def test_a_byte_order_mark_is_no_part_of_a_query(client: FlaskClient, text: str) -> None:
    marked = f"\ufeff{text}"
    sent = client.post("/sparql", data=marked.encode(), content_type="application/sparql-query")
    assert (sent.status_code, client.get("/sparql", query_string={"query": marked}).status_code) == (200, 200)


@pytest.mark.parametrize(
    ("accept", "suffix"),
    [
        ("application/x-bibtex", "bib"),
        ("application/vnd.citationstyles.csl+json", "csl.json"),
        ("application/x-research-info-systems", "ris"),
        ("text/turtle", "ttl"),
        ("text/html, application/x-bibtex;q=0.5", ""),
    ],
)
def test_a_reference_manager_gets_a_citation_from_the_iri_of_a_paper(
    client: FlaskClient, accept: str, suffix: str
) -> None:
    answer = client.get(f"/{PAPER}", headers={"Accept": accept})
    place = f"/data{PAPER[2:]}.{suffix}" if suffix else f"/page{PAPER[2:]}"
    assert (answer.status_code, answer.headers["Location"], answer.headers["Vary"]) == (303, place, "Accept")
    assert client.get(place).status_code == 200


def test_a_calendar_asks_for_an_edition_by_its_iri(client: FlaskClient) -> None:
    answer = client.get("/id/edition/neurips-2024", headers={"Accept": "text/calendar"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/data/edition/neurips-2024.ics")
    assert client.get(f"/{PAPER}", headers={"Accept": "text/calendar"}).status_code == 406


@pytest.mark.parametrize("suffix", ["ttl", "nt", "jsonld", "rdf", "bib", "ris", "csl.json", "html"])
def test_an_iri_with_a_suffix_leads_to_that_form(client: FlaskClient, suffix: str) -> None:
    answer = client.get(f"/{PAPER}.{suffix}")
    assert (answer.status_code, client.get(answer.headers["Location"]).status_code) == (303, 200)


def test_a_suffix_makes_no_thing_of_nothing(client: FlaskClient) -> None:
    assert client.get("/id/edition/nips-2099.ttl").status_code == 404
    assert client.get("/id/edition/neurips-2024.bib").status_code in (303, 406)


def test_an_event_has_the_address_that_search_engines_ask_for(client: FlaskClient) -> None:
    page = client.get("/page/edition/neurips-2024").text
    event = json.loads(page.partition('<script type="application/ld+json">')[2].partition("</script>")[0])
    assert event["location"]["address"] == "Vancouver, Canada"


def test_a_catalog_says_who_publishes_it(client: FlaskClient) -> None:
    graph = rdflib.Graph().parse(data=client.get("/dcat.ttl").data, format="turtle")
    found = graph.query(
        """PREFIX dcat: <http://www.w3.org/ns/dcat#> PREFIX dcterms: <http://purl.org/dc/terms/>
        PREFIX foaf: <http://xmlns.com/foaf/0.1/>
        SELECT ?name { ?catalog a dcat:Catalog ; dcterms:publisher ?who . ?data a dcat:Dataset ;
          dcterms:publisher ?who . ?who a foaf:Agent ; foaf:name ?name }"""
    )
    assert [str(name) for (name,) in found] == ["Convocation"]  # type: ignore[misc]


def test_an_entry_of_a_feed_keeps_its_date_through_a_write(editable: Callable[..., FlaskClient]) -> None:
    client, place = editable(), "/data/edition/neurips-2024.atom"
    before = client.get(place).text
    written = client.post("/sparql", data="INSERT DATA { <x:a> <x:b> 1 }", content_type="application/sparql-update")
    assert (written.status_code, client.get(place).text) == (204, before)
    assert "<updated>2024-12-11T00:00:00Z</updated>" in before


def test_a_context_at_another_address_is_named_as_what_is_missing(editable: Callable[..., FlaskClient]) -> None:
    text = '{"@context": "https://schema.org", "@id": "http://example.org/a", "name": "A"}'
    answer = editable().put("/store?graph=http://example.org/g", data=text, content_type="application/ld+json")
    assert (answer.status_code, "@context is at another address" in answer.text) == (400, True)


def test_a_byte_order_mark_is_no_part_of_a_graph(editable: Callable[..., FlaskClient]) -> None:
    client, place = editable(), "/store?graph=http://example.org/g"
    marked = "\ufeff<http://example.org/a> <http://example.org/b> 1 ."
    assert client.put(place, data=marked.encode(), content_type="text/turtle").status_code == 201
    assert "example.org/b" in client.get(place).text
