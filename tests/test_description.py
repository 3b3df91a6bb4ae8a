"""The service description, VoID and DCAT are RDF, true, and made without scanning the graph."""

import json
import shutil
from collections import Counter
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, parse

from graph.indexes.statistics import Statistics
from graph.names import Names
from graph.settings import Settings
from graph.store.embedded import EmbeddedStore
from graph.terms import DCTERMS, RDF, Namespace
from graph.versions.home import Home
from server.application import create_app

BASE = "http://127.0.0.1:5000/"
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
VOID = Namespace("http://rdfs.org/ns/void#")
DCAT = Namespace("http://www.w3.org/ns/dcat#")
DATASET = NamedNode(f"{BASE}void#dataset")
FORMATS = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/ld+json": RdfFormat.JSON_LD,
    "application/rdf+xml": RdfFormat.RDF_XML,
}


def graph(client: FlaskClient, path: str, accept: str = "text/turtle") -> set[Triple]:
    response = client.get(path, headers={"Accept": accept})
    assert response.status_code == 200
    assert response.content_type.startswith(accept)
    return {quad.triple for quad in parse(response.data, format=FORMATS[accept])}


def values(content: set[Triple], subject: NamedNode, prop: NamedNode) -> set[object]:
    return {triple.object for triple in content if (triple.subject, triple.predicate) == (subject, prop)}


@pytest.mark.parametrize("path", ["/sparql", "/.well-known/void", "/void", "/dcat"])
def test_a_description_comes_in_every_serialization(client: FlaskClient, path: str) -> None:
    first, *others = (graph(client, path, accept) for accept in FORMATS)
    assert first
    assert all(other == first for other in others)


@pytest.mark.parametrize("path", ["/sparql.ttl", "/void.ttl", "/dcat.ttl", "/sparql?format=ttl"])
def test_a_description_is_got_by_suffix(client: FlaskClient, path: str) -> None:
    assert client.get(path).content_type == "text/turtle; charset=utf-8"


def test_the_service_names_its_endpoint_languages_and_formats(client: FlaskClient) -> None:
    content = graph(client, "/sparql")
    (service,) = (each.subject for each in content if (each.predicate, each.object) == (RDF.type, SD.Service))
    assert isinstance(service, NamedNode)
    assert values(content, service, SD.endpoint) == {NamedNode(f"{BASE}sparql")}
    assert SD.SPARQL11Query in values(content, service, SD.supportedLanguage)
    assert len(values(content, service, SD.resultFormat)) == 11


def test_federation_is_a_feature_only_where_it_is_allowed(client: FlaskClient, settings: Settings, engine: str) -> None:
    open_one = create_app(settings.changed(services="http://example.org/sparql"), engine).test_client()
    features = [
        {each.object for each in graph(one, "/sparql") if each.predicate == SD.feature} for one in (client, open_one)
    ]
    assert features == [set(), {SD.BasicFederatedQuery}]


def test_the_service_names_every_graph_with_its_size(client: FlaskClient, store: EmbeddedStore) -> None:
    content = graph(client, "/sparql")
    sizes = Counter(quad.graph_name.value for quad in store.quads() if isinstance(quad.graph_name, NamedNode))
    said = {}
    for each in content:
        if each.predicate == SD.name and isinstance(each.subject, NamedNode):
            (node,) = values(content, each.subject, SD.graph)
            (size,) = values(content, NamedNode(node.value), VOID.triples)  # type: ignore[attr-defined]
            said[str(each.object)[1:-1]] = int(size.value)  # type: ignore[attr-defined]
    assert said == dict(sizes)


def test_void_counts_as_the_endpoint_does(client: FlaskClient) -> None:
    content = graph(client, "/.well-known/void")
    query = "SELECT (COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?s1) (COUNT(DISTINCT ?o) AS ?o1) { ?s ?p ?o }"
    counted = client.get("/sparql", query_string={"query": query, "format": "csv"}).text.split()[1].split(",")
    for prop, number in zip((VOID.triples, VOID.distinctSubjects, VOID.distinctObjects), counted, strict=True):
        assert values(content, DATASET, prop) == {Literal(int(number))}


@pytest.mark.parametrize(
    ("kind", "measure", "query"),
    [
        ("class", "entities", "SELECT ?x (COUNT(*) AS ?n) { ?s a ?x } GROUP BY ?x"),
        ("property", "triples", "SELECT ?x (COUNT(*) AS ?n) { ?s ?x ?o } GROUP BY ?x"),
    ],
)
def test_void_has_a_partition_for_each_class_and_property(
    client: FlaskClient, kind: str, measure: str, query: str
) -> None:
    content = graph(client, "/void")
    rows = client.get("/sparql", query_string={"query": query, "format": "csv"}).text.split()[1:]
    expected = {name: int(count) for name, count in (row.split(",") for row in rows)}
    parts = [NamedNode(each.value) for each in values(content, DATASET, VOID[f"{kind}Partition"])]  # type: ignore[attr-defined]
    said = {}
    for part in parts:
        ((name,), (count,)) = (values(content, part, VOID[each]) for each in (kind, measure))
        said[name.value] = int(count.value)  # type: ignore[attr-defined]
    assert said == expected


def test_void_names_license_date_endpoint_vocabulary_and_examples(client: FlaskClient, home: Home) -> None:
    content = graph(client, "/void")
    assert values(content, DATASET, DCTERMS.license) == {NamedNode(Settings().license)}
    assert {each.value for each in values(content, DATASET, DCTERMS.modified)} == {home.needed().built}  # type: ignore[attr-defined]
    assert values(content, DATASET, VOID.sparqlEndpoint) == {NamedNode(f"{BASE}sparql")}
    assert values(content, DATASET, VOID.uriSpace) == {Literal(f"{BASE}id/")}
    assert NamedNode("https://w3id.org/convocation/ontology#") in values(content, DATASET, VOID.vocabulary)
    examples = values(content, DATASET, VOID.exampleResource)
    assert examples
    for example in examples:
        path = example.value.removeprefix(BASE)  # type: ignore[attr-defined]
        assert client.get(path, follow_redirects=True).status_code == 200


def test_dcat_leads_to_the_endpoint_and_to_what_can_be_fetched(client: FlaskClient, store: EmbeddedStore) -> None:
    content = graph(client, "/dcat")
    service = Names(BASE).service()
    assert values(content, service, DCAT.endpointURL) == {NamedNode(f"{BASE}sparql")}
    assert values(content, service, DCAT.servesDataset) == {DATASET}
    downloads = {str(each.object)[1:-1] for each in content if each.predicate == DCAT.downloadURL}
    assert len(downloads) == len(store.graph_names())
    for address in downloads:
        response = client.get(address.removeprefix(BASE))
        assert response.content_type.startswith("text/turtle")


def test_a_description_has_a_tag(client: FlaskClient) -> None:
    tag = client.get("/void").headers["ETag"]
    response = client.get("/void", headers={"If-None-Match": tag})
    assert (response.status_code, response.data) == (304, b"")


def test_a_browser_gets_the_form(client: FlaskClient) -> None:
    response = client.get("/sparql", headers={"Accept": "text/html,application/xml;q=0.9,*/*;q=0.8"})
    assert response.content_type == "text/html; charset=utf-8"
    assert "<textarea" in response.text


@pytest.fixture
def uncounted(home: Home, tmp_path: Path) -> Home:
    """A home whose version was not counted, as one made by a write."""
    shutil.copytree(home.folder, tmp_path / "home")
    other = Home(tmp_path / "home")
    (other.needed().folder / "statistics.json").unlink()
    assert Statistics.read(other.needed().folder) is None
    return other


def test_a_small_version_that_was_not_counted_is_counted_when_it_is_described(
    uncounted: Home, settings: Settings, engine: str, client: FlaskClient
) -> None:
    other = create_app(settings.changed(home=str(uncounted.folder)), engine).test_client()
    for path in ("/void", "/sparql"):
        assert graph(other, path) == graph(client, path)


def test_a_large_version_that_was_not_counted_is_described_without_numbers(
    uncounted: Home, settings: Settings, engine: str, store: EmbeddedStore
) -> None:
    facts = uncounted.needed().folder / "version.json"
    facts.write_text(json.dumps(json.loads(facts.read_text()) | {"counts": {"quads": 10**6}}))
    client = create_app(settings.changed(home=str(uncounted.folder)), engine).test_client()
    content = graph(client, "/void") | graph(client, "/sparql")
    assert not any(each.predicate == VOID.triples for each in content)
    assert sum(each.predicate == SD.name for each in content) == len(store.graph_names())
