"""Content negotiation: quality, specificity, parameters and names decide which serialization a client gets."""

import pytest
from flask import Flask

from server.http.errors import NotAcceptableError
from server.http.media import GRAPHS, HTML, RESULTS, TRIPLES, by_suffix, choose, quality, ranges

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


def chosen(accept: str | None, **query: str) -> str:
    headers = {} if accept is None else {"Accept": accept}
    with Flask(__name__).test_request_context("/sparql", query_string=query, headers=headers):
        return choose((*RESULTS, HTML)).suffix


@pytest.mark.parametrize(
    ("accept", "suffix"),
    [
        (None, "json"),
        ("", "json"),
        ("*/*", "json"),
        ("application/*", "json"),
        ("text/*", "csv"),
        ("text/html", "html"),
        (BROWSER, "html"),
        ("text/csv;q=0.5, application/sparql-results+xml;q=0.9", "xml"),
        ("text/csv, application/sparql-results+xml", "xml"),
        ("application/json", "json"),
        ("Application/SPARQL-Results+XML", "xml"),
        ("text/csv;q=0.9, */*;q=0.1", "csv"),
        ("*/*;q=0.9, text/csv;q=0.1", "json"),
        ("application/sparql-results+json;q=0, */*", "xml"),
        ("application/json, application/sparql-results+json;q=0, text/csv;q=0.1", "csv"),
        ("text/*;q=0.3, text/csv;q=0.7, text/csv;header=present, */*;q=0.5", "csv"),
        ("text/csv;charset=utf-8", "csv"),
        ('text/csv;charset="UTF-8"', "csv"),
        ("text/csv;charset=iso-8859-1, application/xml;q=0.1", "xml"),
        ("application/sparql-results+xml;version=1.2, text/csv;q=0.9", "xml"),
        ("application/sparql-results+xml;version=7, text/csv;q=0.1", "csv"),
        ("text/csv;q=2, application/xml;q=0.1", "xml"),
        ('text/plain;title="a, text/csv", application/xml;q=0.2', "xml"),
        ("nonsense, , ;q=1, application/xml", "xml"),
    ],
)
def test_the_most_welcome_serialization_is_chosen(accept: str | None, suffix: str) -> None:
    assert chosen(accept) == suffix


@pytest.mark.parametrize(
    "accept", ["image/png", "*/*;q=0", "text/csv;q=0", "text/turtle", "text/csv;charset=latin-1", "q", "text/csv;q=x"]
)
def test_what_nobody_serves_is_refused_with_what_there_is(accept: str) -> None:
    with pytest.raises(NotAcceptableError, match=r"text/csv \(format=csv\)"):
        chosen(accept)


def test_the_name_in_the_address_wins_over_accept() -> None:
    assert chosen("text/csv", format="xml") == "xml"
    assert chosen("text/csv", format="application/sparql-results+json") == "json"


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(NotAcceptableError, match="format=tsv"):
        chosen(None, format="parquet")


@pytest.mark.parametrize(("name", "suffix"), [("json", "jsonld"), ("xml", "rdf"), ("turtle", "ttl"), ("NT", "nt")])
def test_people_name_a_serialization_of_a_graph_as_they_know_it(name: str, suffix: str) -> None:
    assert by_suffix(name, TRIPLES).suffix == suffix


def test_every_serialization_is_got_by_its_own_type() -> None:
    for offers in (RESULTS, GRAPHS, TRIPLES):
        for offer in offers:
            accepted = list(ranges(offer.type))
            assert max(offers, key=lambda each: quality(each, accepted)) is offer


def test_text_says_its_charset() -> None:
    said = {offer.suffix for offer in (*RESULTS, *TRIPLES, HTML) if offer.header.endswith("; charset=utf-8")}
    assert said == {"csv", "tsv", "ttl", "n3", "html"}


def test_a_serialization_is_named_by_the_iri_of_the_w3c() -> None:
    iris = {offer.iri.removeprefix("http://www.w3.org/ns/formats/") for offer in (*RESULTS, *GRAPHS)}
    assert {"SPARQL_Results_JSON", "SPARQL_Results_CSV", "Turtle", "JSON-LD", "RDF_XML", "N-Triples"} <= iris
