"""An answer is well formed in its format, or it is an error that names a format which can hold it."""

import re
from collections.abc import Callable
from http.client import HTTPException

import pytest
from conftest import Server
from flask.testing import FlaskClient
from lxml import etree
from pyoxigraph import Literal, QueryResultsFormat, QuerySolutions, RdfFormat, Triple, parse, parse_query_results

from graph.errors import FormError
from graph.serialization.wellformed import OVERLAP, Xml, replaced

RESULTS = {
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
    "tsv": QueryResultsFormat.TSV,
}
GRAPHS = ("ttl", "nt", "jsonld", "rdf", "nq", "trig", "n3")
CHARACTERS = [*range(32), 0x7F, 0x85, 0x2028, 0xD7FF, 0xE000, 0xFDD0, 0xFEFF, 0xFFFD, 0xFFFE, 0xFFFF, 0x1FFFF, 0x10FFFF]
TERMS = [
    *(f'"a\\U{number:08X}b"' for number in CHARACTERS),
    '"]]>"',
    "'<&\"'",
    '<<( <x:s> <x:p> "1" )>>',
    '<<( <x:s> <x:p> "\\u0001" )>>',
    '<<( <x:s> <x:p> <<( <x:s> <x:p> "\\r" )>> )>>',
    '"a"@ar--rtl',
    '"a"@en',
    '"1"^^<http://example.org/d>',
]
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
PROPERTIES = [
    "x:",
    "http://example.org/",
    "http://example.org/1",
    "http://example.org/a-1",
    "http://example.org/%41",
    "http://example.org/é",
    "http://example.org/ª",
    "http://example.org/?q=",
    "https://w3id.org/convocation/ontology#",
    "https://w3id.org/convocation/ontology#1",
    "http://www.w3.org/2000/xmlns/a",
    f"{RDF}li",
    f"{RDF}_1",
    f"{RDF}about",
    f"{RDF}Description",
]
OBJECTS = ['"v"', "<x:o>", "<http://example.org/1>", 'BNODE("1")']


def asked(client: FlaskClient, query: str, suffix: str) -> bytes | None:
    """Return an answer; None for one that is refused in favor of another format, which is then tried."""
    response = client.get("/sparql", query_string={"query": query, "format": suffix})
    body: bytes = response.data
    if response.status_code == 200:
        return body
    assert (response.status_code, response.mimetype) == (406, "application/problem+json"), response.text
    (other,) = re.findall(r"Ask for .*\(format=(\w+)\)", response.text)
    assert other != suffix
    assert client.get("/sparql", query_string={"query": query, "format": other}).status_code == 200
    return None


@pytest.mark.parametrize("term", TERMS)
@pytest.mark.parametrize("suffix", RESULTS)
def test_results_are_read_back_as_they_were_or_refused(client: FlaskClient, term: str, suffix: str) -> None:
    query = f"SELECT ?x {{ VALUES ?x {{ {term} }} }}"
    body, known = asked(client, query, suffix), asked(client, query, "json")
    assert known
    if body is None:
        assert suffix == "xml"
        return
    if suffix == "xml":
        texts = etree.fromstring(body).itertext("{*}literal")
        if "<<(" not in term:
            assert list(texts) == [row["x"].value for row in read(known, "json")]
    assert list(map(tuple, read(body, suffix))) == list(map(tuple, read(known, "json")))


def read(body: bytes, suffix: str) -> QuerySolutions:
    results = parse_query_results(body, format=RESULTS[suffix])
    assert isinstance(results, QuerySolutions)
    return results


@pytest.mark.parametrize("suffix", GRAPHS)
def test_graphs_are_read_back_as_they_were_or_refused(client: FlaskClient, suffix: str) -> None:
    refusals = 0
    values = [("<x:p>", term) for term in TERMS]
    values += [(f"<{each}>", term) for each in PROPERTIES for term in OBJECTS]
    values += [(f"<{RDF}type>", f"<{each}>") for each in PROPERTIES]
    for name, term in values:
        query = f"CONSTRUCT {{ <x:s> {name} ?x }} {{ BIND({term} AS ?x) }}"
        body = asked(client, query, suffix)
        if body is None:
            refusals += 1
            continue
        form, known = RdfFormat.from_extension(suffix), asked(client, query, "nt")
        assert form
        assert known
        if "BNODE" not in term:
            assert triples(body, form) == triples(known, RdfFormat.N_TRIPLES), query
        if suffix == "rdf":
            etree.fromstring(body)
    assert bool(refusals) == (suffix in ("jsonld", "rdf", "n3"))


def triples(body: bytes, form: RdfFormat) -> set[Triple]:
    return {each.triple for each in parse(body, format=form)}


def test_the_refusal_names_the_character(client: FlaskClient) -> None:
    query = 'SELECT ("\\u0001" AS ?x) {}'
    response = client.get("/sparql", query_string={"query": query, "format": "xml"})
    assert (response.status_code, "U+0001" in response.text) == (406, True)


def test_a_long_answer_is_cut_off_before_what_cannot_be_read(server: Server) -> None:
    numbers = " ".join(f'"{number:0100}"' for number in range(2000))
    query = f'SELECT ?x {{ {{ VALUES ?x {{ {numbers} }} }} UNION {{ BIND("\\u0001" AS ?x) }} }}'
    with pytest.raises(HTTPException):
        server.ask(query, format="xml")


@pytest.mark.parametrize("cut", range(60))
def test_a_name_that_is_cut_between_two_blocks_is_seen(cut: int) -> None:
    before, tag = b"x" * 200, b'\t\t<oxprefix: xmlns:oxprefix="x:">a</oxprefix:>' + b"y" * 60
    data = before + tag
    form = Xml("rdf")
    first, second = data[: 190 + cut], data[190 + cut :]
    with pytest.raises(FormError):
        form.checked(first), form.checked(second)
    assert len(tag) < OVERLAP


def test_a_feed_and_a_calendar_hold_no_control_characters(editable: Callable[..., FlaskClient]) -> None:
    client = editable()
    things = "http://127.0.0.1:5000/id/edition/neurips-2024"
    label = "<http://www.w3.org/2000/01/rdf-schema#label>"
    update = f'DELETE {{ <{things}> {label} ?o }} INSERT {{ <{things}> {label} "Neur\\u0001IPS\\u000B" }} '
    assert client.post("/sparql", data={"update": f"{update} WHERE {{ <{things}> {label} ?o }}"}).status_code == 204
    feed = client.get("/data/edition/neurips-2024.atom")
    assert feed.status_code == 200
    assert "Neur\ufffdIPS\ufffd" in "".join(etree.fromstring(feed.data).itertext())
    assert b"\x01" not in client.get("/data/edition/neurips-2024.ics").data
    assert client.get("/data/edition/neurips-2024.rdf").status_code == 406
    assert client.get("/data/edition/neurips-2024.ttl").status_code == 200


@pytest.mark.parametrize("number", CHARACTERS)
def test_what_is_replaced_is_well_formed(number: int) -> None:
    text = f"<a>{replaced(chr(number))}</a>"
    assert etree.fromstring(text.encode()).text == (replaced(chr(number)) if number != 13 else "\n")
    assert Literal(replaced(chr(number)))
