"""The editor gets mistakes with their places, and the terms of this graph."""

import pytest
from flask.testing import FlaskClient

CVN = "https://w3id.org/convocation/ontology#"
FORM = {"Accept": "application/problem+json, text/html;q=0.9"}


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("SELECT * WHERE { ?s ?p }", 1, 24),
        ("SELECT *\nWHERE { ?s a nothing:x }", 2, 14),
        ("INSERT DATA { <a:b> <a:c> 1 }", 1, 9),
        ("", 1, 1),
    ],
    ids=["cut off", "unknown prefix", "update", "empty"],
)
def test_a_mistake_is_reported_where_it_is(client: FlaskClient, text: str, line: int, column: int) -> None:
    reported = client.post("/sparql/check", data=text, content_type="application/sparql-query").get_json()
    assert (reported["ok"], reported["line"]) == (False, line)
    assert abs(reported["column"] - column) <= 2
    assert reported["detail"]


@pytest.mark.parametrize("text", ["ASK { ?s ?p ?o }", "SELECT * WHERE { ?s ?p ?o }", "DESCRIBE <a:b>"])
def test_a_query_without_mistake_is_not_evaluated(client: FlaskClient, text: str) -> None:
    assert client.post("/sparql/check", data=text).get_json() == {"ok": True}


def test_a_heavy_query_is_checked_at_once(client: FlaskClient) -> None:
    heavy = "ASK { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l FILTER(?a = ?k && ?c = ?e && ?f = ?l) }"
    assert client.post("/sparql/check", data=heavy).get_json() == {"ok": True}


def test_the_vocabulary_has_the_terms_of_the_graph_with_their_counts(client: FlaskClient) -> None:
    reported = client.get("/sparql/vocabulary.json").get_json()
    classes = {each["iri"]: each for each in reported["classes"]}
    properties = {each["iri"]: each for each in reported["properties"]}
    assert reported["prefixes"]["cvn"] == CVN
    assert (classes[f"{CVN}Paper"]["count"], classes[f"{CVN}Paper"]["label"]) == (33, "paper")
    assert f"{CVN}Paper" in properties["http://purl.org/dc/terms/title"]["of"]
    assert f"{CVN}Paper" not in properties[f"{CVN}sourceLine"]["of"]
    assert properties[f"{CVN}aim"]["count"] == 0


def test_the_page_of_an_answer_has_the_form_the_results_and_a_link_to_share(client: FlaskClient) -> None:
    query = "SELECT ?s ?n WHERE { ?s <https://w3id.org/convocation/ontology#authorCount> ?n } LIMIT 3"
    text = client.post("/sparql", data={"query": query, "format": "html"}, headers=FORM).text
    assert text.count('<td class="num">') == 3
    assert 'id="results"' in text
    assert "data-share" in text
    assert f"{query}</textarea>" in text.replace("&lt;", "<").replace("&gt;", ">")


def test_a_mistake_is_a_problem_also_for_who_takes_a_page_of_the_answer(client: FlaskClient) -> None:
    answer = client.post("/sparql", data={"query": "SELECT", "format": "html"}, headers=FORM)
    assert (answer.status_code, answer.content_type) == (400, "application/problem+json")
    assert answer.get_json(force=True)["line"] == 1


@pytest.mark.parametrize("path", ["example=awards", "question=22-who-won-more-than-one-award", "view=cities"])
def test_the_form_shows_the_query_that_was_chosen(client: FlaskClient, path: str) -> None:
    text = client.get(f"/sparql?{path}", headers={"Accept": "text/html"}).text
    shown = text.partition("<textarea")[2].partition("</textarea>")[0]
    assert "SELECT" in shown
    assert "#+" not in shown
    assert shown not in client.get("/sparql", headers={"Accept": "text/html"}).text
