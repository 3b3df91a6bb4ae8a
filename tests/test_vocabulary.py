"""Ontology, codes and shapes are pages for readers and data for programs."""

import re
from html import unescape
from pathlib import Path

import pyoxigraph
import pytest
from flask.testing import FlaskClient
from pyoxigraph import NamedNode, RdfFormat

from graph.files import CODES, ONTOLOGY, SHAPES
from graph.terms import CODE, CVN, OWL, RDF, SHAPE, Namespace, Triple
from graph.vocabulary.codes import codes
from graph.vocabulary.ontology import turtle

SH = Namespace("http://www.w3.org/ns/shacl#")
FORMATS = {
    "ttl": ("text/turtle", RdfFormat.TURTLE),
    "nt": ("application/n-triples", RdfFormat.N_TRIPLES),
    "jsonld": ("application/ld+json", RdfFormat.JSON_LD),
    "rdf": ("application/rdf+xml", RdfFormat.RDF_XML),
}
SCHEMES = sorted(path.stem for path in CODES.glob("*.ttl"))


def page(client: FlaskClient, path: str) -> str:
    return unescape(client.get(path, headers={"Accept": "text/html"}).text)


def named(folder: Path, kinds: set[NamedNode]) -> set[NamedNode]:
    return {
        each.subject for each in map(Triple.of, turtle(folder)) if each.predicate == RDF.type and each.object in kinds
    }


def test_every_term_has_its_anchor_label_and_comment(client: FlaskClient) -> None:
    text = page(client, "/ontology")
    terms = {
        each.value.removeprefix(CVN.prefix)
        for each in named(ONTOLOGY, {OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, RDF.Property})
    }
    assert set(re.findall(r'<article class="term" id="([^"]+)"', text)) == terms
    edition = text.partition('id="Edition"')[2].partition("</article>")[0]
    for words in ("“edition”", "The conference of one year in a conference series.", "cvn:Event", "wd:Q2020153"):
        assert words in edition.replace("www.wikidata.org/entity/", "wd:")


@pytest.mark.parametrize("name", ["ontology", "shapes"])
@pytest.mark.parametrize("suffix", FORMATS)
def test_the_vocabulary_is_data_by_suffix_and_by_accept(client: FlaskClient, name: str, suffix: str) -> None:
    media, form = FORMATS[suffix]
    by_suffix, by_accept = client.get(f"/{name}.{suffix}"), client.get(f"/{name}", headers={"Accept": media})
    assert by_suffix.mimetype == by_accept.mimetype == media
    assert "Accept" in by_accept.headers["Vary"]
    assert len(list(pyoxigraph.parse(by_suffix.data, format=form))) > 300
    assert client.get(f"/{name}.pdf").status_code == 406


def test_the_context_is_json_ld(client: FlaskClient) -> None:
    answer = client.get("/context.jsonld")
    assert answer.mimetype == "application/ld+json"
    assert answer.get_json(force=True)["@context"]["cvn"] == CVN.prefix


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_code_list_shows_all_its_codes(client: FlaskClient, scheme: str) -> None:
    text = page(client, f"/code/{scheme}")
    for notation in codes(scheme):
        assert f'href="/code/{scheme}/{notation}"' in text


def test_a_code_is_page_and_data(client: FlaskClient) -> None:
    text = page(client, "/code/measure/registrations")
    assert "<h1>registrations</h1>" in text
    assert "19,756" in text
    for suffix, (media, form) in FORMATS.items():
        for answer in (
            client.get(f"/code/measure/registrations.{suffix}"),
            client.get("/code/measure/registrations", headers={"Accept": media}),
        ):
            found = list(pyoxigraph.parse(answer.data, format=form))
            assert answer.mimetype == media
            assert CODE["measure/registrations"] in {each.subject for each in found}


def test_every_shape_and_rule_is_on_the_page_with_its_message(client: FlaskClient) -> None:
    text = page(client, "/shapes")
    ids = set(re.findall(r'\sid="([^"]+)"', text))
    quads = list(turtle(SHAPES))
    targets = {each.subject for each in quads if each.predicate == SH.targetClass}
    rules = {each.object for each in quads if each.predicate == SH.property and each.subject in targets}
    names = {each.value.removeprefix(SHAPE.prefix) for each in (*targets, *rules) if isinstance(each, NamedNode)}
    assert len(names) > 250
    assert names <= ids
    assert "No source says on which day this edition ends: find one that does." in text
    assert '<span class="mark note">note</span>' in text
