"""Every version keeps the report of its shapes, and a write brings it up to date by what it reaches."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import rdflib
from conftest import BASE
from flask.testing import FlaskClient
from rdflib.namespace import RDF, SH

from graph.errors import ShapeError, VersionError
from graph.inspection.data import report
from graph.store.embedded import EmbeddedStore
from graph.terms import CVN
from graph.updates.validation import validate
from graph.updates.writer import Change, Writer
from graph.validate.check import Result
from graph.validate.reports import kept
from graph.validate.whole import results
from graph.versions.home import Home, Version

THING = f"{BASE}id/person/ada-byron"
SOURCE = f"{BASE}id/source/neurips-2024-fact-sheet"
PAPER = f"{BASE}id/paper/neurips-2024/springs"
PERSON = f'<{THING}> a <{CVN.Person.value}> ; rdfs:label "Ada Byron" ; cvn:source <{SOURCE}> .'
RIGHT = f"""<{PAPER}> a cvn:Paper ; rdfs:label "Springs" ; dcterms:title "Springs" ; cvn:source <{SOURCE}> ."""
PREFIXES = """PREFIX cvn: <https://w3id.org/convocation/ontology#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX dcterms: <http://purl.org/dc/terms/>
"""


def again(version: Version) -> set[Result]:
    return set(results(EmbeddedStore.open(version.store)))


@pytest.fixture
def writer(editable: Callable[..., FlaskClient]) -> Writer:
    """What writes to a copy of the bundled graph, and looks at what a change reaches."""
    home = Home(Path(editable().application.config["SETTINGS"].home))
    return Writer(home, validate=validate)


def write(writer: Writer, text: str) -> Version:
    return writer.home.version(writer.write(Change("update", BASE, PREFIXES + text)).number)


def test_a_build_keeps_what_its_shapes_find(home: Home) -> None:
    assert set(kept(home.needed())) == again(home.needed())


def test_the_report_is_given_as_rdf_and_as_csv(home: Home) -> None:
    count = len(list(kept(home.needed())))
    graph = rdflib.Graph().parse(data=report(home.needed(), "ttl"))
    assert len(set(graph.subjects(RDF.type, SH.ValidationResult))) == count > 0
    assert len(report(home.needed(), "csv").strip().splitlines()) == count + 1


def test_the_report_is_served(client: FlaskClient, home: Home) -> None:
    count = len(list(kept(home.needed())))
    answer = client.get("/checks/shapes.ttl")
    graph = rdflib.Graph().parse(data=answer.text)
    assert (answer.status_code, answer.mimetype) == (200, "text/turtle")
    assert len(set(graph.subjects(RDF.type, SH.ValidationResult))) == count
    answer = client.get("/checks/shapes.csv")
    assert (answer.mimetype, len(answer.text.strip().splitlines())) == ("text/csv", count + 1)
    assert "/checks/shapes.csv" in client.get("/checks/").text


def test_a_write_brings_the_report_up_to_date(writer: Writer) -> None:
    before = set(kept(writer.home.needed()))
    added = write(writer, f"INSERT DATA {{ {PERSON} {RIGHT} }}")
    reported = set(kept(added)) - before
    assert {each.constraint.shape.value.rpartition("#")[2] for each in reported} == {"Paper-author-stated"}
    assert set(kept(added)) == again(added)
    corrected = write(writer, f"INSERT {{ ?paper cvn:author <{THING}> }} WHERE {{ ?paper dcterms:title 'Springs' }}")
    assert set(kept(corrected)) == before == again(corrected)
    writer.close()


@pytest.mark.parametrize(
    "text",
    [
        f"INSERT DATA {{ {RIGHT.replace('dcterms:title', 'dcterms:description')} }}",
        f"DELETE WHERE {{ <{SOURCE}> a ?class }}",
        f"DELETE {{ <{SOURCE}> cvn:trust ?n }} INSERT {{ <{SOURCE}> cvn:trust 'high' }} WHERE {{ ?s cvn:trust ?n }}",
        f"DELETE DATA {{ <{SOURCE}> a cvn:Source }} ; INSERT {{ ?s rdfs:label 'x' }} WHERE {{ ?s a cvn:Source }}",
        "INSERT DATA { GRAPH <http://x/g> { <http://x/s> a cvn:Statement } }",
    ],
    ids=["without title", "a source no more", "trust in words", "two operations", "statement in a graph"],
)
def test_what_breaks_a_shape_is_refused_and_nothing_is_kept(writer: Writer, text: str) -> None:
    with pytest.raises(ShapeError):
        write(writer, text)
    assert writer.home.numbers() == [1]
    writer.close()


def test_a_version_without_a_report_says_so(editable: Callable[..., FlaskClient]) -> None:
    home = Home(Path(editable().application.config["SETTINGS"].home))
    writer = Writer(home)
    made = write(writer, f"INSERT DATA {{ {PERSON} }}")
    with pytest.raises(VersionError, match="run: convocation check"):
        list(kept(made))
    writer.close()


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("cvn:authorCuont 3", "did you mean cvn:authorCount?"),
        ("a cvn:Papper", "did you mean cvn:Paper?"),
        ('dcterms:identifier "ten"^^scheme:doi', "does not look like an identifier of DOI"),
        ('dcterms:identifier "10.1000/182"^^scheme:dio', "did you mean doi?"),
        ('dcterms:identifier "0000-0002-1825-0098"^^scheme:orcid', "is wrong, it would be 7"),
    ],
)
@pytest.mark.parametrize("graph", ["", "GRAPH <http://x/graph>"])
def test_a_misspelled_term_or_identifier_is_refused_with_a_hint(
    writer: Writer, said: str, words: str, graph: str
) -> None:
    thing = f"{graph} {{ <{PAPER}> {said} }}" if graph else f"<{PAPER}> {said}"
    prefix = "PREFIX scheme: <https://w3id.org/convocation/code/identifier-scheme/>"
    with pytest.raises(ShapeError, match=re.escape(words)):
        write(writer, f"{prefix} INSERT DATA {{ {RIGHT} {thing} }}")
    whole = EmbeddedStore.memory(EmbeddedStore.open(writer.home.needed().store).quads())
    whole.engine.update(f"{PREFIXES} {prefix} INSERT DATA {{ {thing} }}")
    assert any(words in each.message for each in results(whole))
