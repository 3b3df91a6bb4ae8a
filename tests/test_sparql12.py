"""The service does what it says of SPARQL 1.2."""

from collections.abc import Callable

import pytest
from conftest import Run
from flask.testing import FlaskClient

from graph.files import ROOT
from graph.policy import VERSIONS

DOCUMENT = (ROOT / "docs" / "endpoint.md").read_text(encoding="utf-8")
SD = "http://www.w3.org/ns/sparql-service-description#"
REIFIES = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#reifies>"
DATA = '<x:a> <x:p> <x:b> ~ <x:r> {| <x:said> "so" |} . <x:a> <x:name> "اسم"@ar--rtl .'
TRIPLES = "SELECT * { ?s ?p ?o FILTER (isTRIPLE(?o)) }"
ANSWERS = {
    'VERSION "1.2" SELECT (1 AS ?x) {}': "1",
    "SELECT (isTRIPLE(<<( <x:a> <x:b> 1 )>>) AS ?x) {}": "true",
    "SELECT (SUBJECT(TRIPLE(<x:a>, <x:b>, 1)) AS ?x) {}": "x:a",
    "SELECT (PREDICATE(TRIPLE(<x:a>, <x:b>, 1)) AS ?x) {}": "x:b",
    "SELECT (OBJECT(TRIPLE(<x:a>, <x:b>, 1)) AS ?x) {}": "1",
    "SELECT ?x { VALUES ?t { <<( <x:a> <x:b> 7 )>> } BIND (OBJECT(?t) AS ?x) }": "7",
    "SELECT (<<( <x:a> <x:b> 1 )>> = <<( <x:a> <x:b> 01 )>> AS ?x) {}": "true",
    'SELECT (LANGDIR("a"@ar--rtl) AS ?x) {}': "rtl",
    'SELECT (LANGDIR(STRLANGDIR("a", "ar", "ltr")) AS ?x) {}': "ltr",
    'SELECT (hasLANGDIR("a"@en) AS ?x) {}': "false",
    'SELECT (hasLANG("a"@en) AS ?x) {}': "true",
}
KEPT = {
    "SELECT ?x { <x:a> <x:p> <x:b> {| <x:said> ?x |} }": "so",
    "SELECT ?x { <x:a> <x:p> <x:b> ~ ?x }": "x:r",
    "SELECT ?x { << <x:a> <x:p> <x:b> >> <x:said> ?x }": "so",
    f"SELECT ?x {{ ?x {REIFIES} <<( <x:a> ?p <x:b> )>> }}": "x:r",
    "SELECT (LANGDIR(?name) AS ?x) { <x:a> <x:name> ?name }": "rtl",
}


@pytest.fixture(scope="module")
def annotated(editable: Callable[..., FlaskClient]) -> FlaskClient:
    """A client of a graph with an annotation and a text that has a direction."""
    client = editable()
    assert client.post("/sparql", data={"update": f"VERSION '1.2' INSERT DATA {{ {DATA} }}"}).status_code == 204
    return client


def answer(client: FlaskClient, query: str) -> list[str]:
    response = client.get("/sparql.csv", query_string={"query": query})
    assert response.status_code == 200, response.text
    return response.text.splitlines()


@pytest.mark.parametrize("query", ANSWERS)
def test_a_query_of_sparql_1_2_is_answered(client: FlaskClient, query: str) -> None:
    assert answer(client, query) == ["x", ANSWERS[query]]


@pytest.mark.parametrize("query", KEPT)
def test_what_is_said_in_rdf_1_2_is_kept_and_found(annotated: FlaskClient, query: str) -> None:
    assert answer(annotated, query) == ["x", KEPT[query]]


@pytest.mark.parametrize("version", VERSIONS)
def test_every_version_that_is_spoken_may_be_named(client: FlaskClient, version: str) -> None:
    assert client.get("/sparql", query_string={"query": f"VERSION '{version}' ASK {{}}"}).status_code == 200
    assert client.get("/sparql", query_string={"query": "ASK {}", "version": version}).status_code == 200


def test_the_description_names_the_languages_and_only_those(client: FlaskClient, annotated: FlaskClient) -> None:
    def languages(asked: FlaskClient) -> set[str]:
        lines = asked.get("/sparql", headers={"Accept": "application/n-triples"}).text.splitlines()
        return {line.split()[2].strip("<>").removeprefix(SD) for line in lines if f"<{SD}supportedLanguage>" in line}

    assert languages(client) == {"SPARQL11Query", "SPARQL12Query"}
    assert languages(annotated) == {"SPARQL11Query", "SPARQL12Query", "SPARQL11Update", "SPARQL12Update"}


@pytest.mark.parametrize(
    "word", ["TRIPLE", "isTRIPLE", "SUBJECT", "PREDICATE", "OBJECT", "LANGDIR", "STRLANGDIR", "hasLANG", "hasLANGDIR"]
)
def test_functions_that_the_documents_name_work(word: str) -> None:
    assert f"`{word}`" in DOCUMENT
    assert any(f"{word}(" in query for query in (*ANSWERS, *KEPT))


EDITION = "<http://127.0.0.1:5000/id/edition/neurips-2024>"
SOURCE = "<http://127.0.0.1:5000/graph/source/neurips-2024-fact-sheet>"
NOTES = {
    "with a reifier of its own": f'{EDITION} <x:note> "1" ~ <http://127.0.0.1:5000/id/note/a> {{| <x:by> {EDITION} |}}',
    "as a reifier": f"{EDITION} {REIFIES} <<( {EDITION} <x:p> {EDITION} )>>",
    "in the graph of a source": f"GRAPH {SOURCE} {{ {EDITION} <x:p> {EDITION} ~ {EDITION} {{| <x:q> {EDITION} |}} }}",
}
PAGES = (
    "/page/edition/neurips-2024",
    "/page/source/neurips-2024-fact-sheet",
    "/page/note/a",
    "/data/edition/neurips-2024.ttl",
    "/data/edition/neurips-2024.rdf",
    "/checks/",
    "/checks/shapes.ttl",
    "/checks/shapes.csv",
    "/search?q=neurips",
)


@pytest.mark.parametrize("note", NOTES)
def test_a_thing_that_is_annotated_can_be_checked_and_has_its_pages(
    editable: Callable[..., FlaskClient], note: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = editable(validate="yes")
    answer = client.post("/sparql", data={"update": f"INSERT DATA {{ {NOTES[note]} }}"})
    assert answer.status_code in (204, 422), answer.text
    if answer.status_code == 422:
        client = editable()
        assert client.post("/sparql", data={"update": f"INSERT DATA {{ {NOTES[note]} }}"}).status_code == 204
    answers = {page: client.get(page).status_code for page in PAGES}
    assert not {page: status for page, status in answers.items() if status not in (200, 404, 406)}
    assert client.get("/sparql", headers={"Accept": "text/html"}, query_string={"query": TRIPLES}).status_code == 200
    monkeypatch.setenv("CONVOCATION_HOME", client.application.config["SETTINGS"].home)
    done = run("check")
    assert done.code in (0, 1)
    assert "<<(" in done.out or not done.code
