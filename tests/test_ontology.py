"""The ontology is complete, tidy and the same in all its files."""

import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag

import pytest
from pyshacl import validate
from rdflib import OWL, RDF, RDFS, SKOS, BNode, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from graph.vocabulary import context as json_ld

ROOT = Path(__file__).parent.parent
IRI = "https://w3id.org/convocation/ontology"
CVN = Namespace(f"{IRI}#")
CODE = Namespace("https://w3id.org/convocation/code/")
XSD_PREFIX = "http://www.w3.org/2001/XMLSchema#"
KINDS = {OWL.Class, OWL.DatatypeProperty, OWL.ObjectProperty, RDF.Property}
TERMS = sorted(ROOT.glob("ontology/*.ttl"))
CODES = sorted(ROOT.glob("ontology/codes/*.ttl"))
ALIGNMENTS = sorted(ROOT.glob("ontology/align/*.ttl"))
SHAPES = sorted(ROOT.glob("shapes/*.ttl"))


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def read(path: Path) -> Graph:
    return Graph().parse(path)


@cache
def read_all(*paths: Path) -> Graph:
    graph = Graph()
    for path in paths:
        graph += read(path)
    return graph


@cache
def context() -> dict[str, Any]:
    return dict(json_ld.context()["@context"])


def declared(path: Path) -> list[Node]:
    return [term for kind in KINDS for term in read(path).subjects(RDF.type, kind)]


def properties(kind: URIRef) -> list[str]:
    return sorted(str(term).removeprefix(CVN) for term in read_all(*TERMS).subjects(RDF.type, kind))


@pytest.mark.parametrize("path", [*TERMS, *CODES, *ALIGNMENTS, *SHAPES], ids=name)
def test_file_says_something(path: Path) -> None:
    assert len(read(path)) > 0


@pytest.mark.parametrize("path", [*TERMS, *CODES, *ALIGNMENTS], ids=name)
def test_file_has_no_blank_nodes(path: Path) -> None:
    assert not [node for triple in read(path) for node in triple if isinstance(node, BNode)]


def test_no_term_is_declared_twice() -> None:
    terms = [term for path in TERMS for term in declared(path)]
    assert len(terms) == len(set(terms))


@pytest.mark.parametrize("path", [*TERMS, *CODES, *ALIGNMENTS, *SHAPES], ids=name)
def test_terms_used_in_file_are_declared(path: Path) -> None:
    used = {node for triple in read(path) for node in triple if str(node).startswith(CVN)}
    used = {node for node in used if isinstance(node, URIRef)}
    assert used <= {term for file in TERMS for term in declared(file)}


@pytest.mark.parametrize("path", [*CODES, *SHAPES], ids=name)
def test_codes_used_in_file_are_declared(path: Path) -> None:
    used = {node for triple in read(path) for node in triple if isinstance(node, URIRef)}
    assert {node for node in used if node.startswith(CODE)} <= set(read_all(*CODES).subjects())


@pytest.mark.parametrize("path", TERMS, ids=name)
def test_classes_come_first_and_names_are_sorted(path: Path) -> None:
    names = re.findall(r"^cvn:(\w+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert names == sorted(set(names))
    assert len(names) == len(declared(path))


def test_ontology_conforms_to_its_own_shapes() -> None:
    conforms, _, text = validate(read_all(*TERMS, *CODES), shacl_graph=read(ROOT / "shapes/ontology.ttl"))
    assert conforms, text


def test_ontology_imports_nothing() -> None:
    assert (URIRef(IRI), RDF.type, OWL.Ontology) in read(ROOT / "ontology/ontology.ttl")
    assert not list(read_all(*TERMS).objects(None, OWL.imports))


def test_no_class_is_its_own_superclass() -> None:
    for term, parent in read_all(*TERMS).subject_objects(RDFS.subClassOf):
        assert term not in read_all(*TERMS).transitive_objects(parent, RDFS.subClassOf)


@pytest.mark.parametrize("path", CODES, ids=name)
def test_iri_of_each_code_is_list_and_notation(path: Path) -> None:
    scheme = URIRef(CODE + path.stem)
    for code, notation in read(path).subject_objects(SKOS.notation):
        assert code == URIRef(f"{scheme}/{notation}")
        assert read(path).value(code, SKOS.inScheme) == scheme


@pytest.mark.parametrize("path", CODES, ids=name)
def test_code_list_holds_codes_of_one_class(path: Path) -> None:
    kinds = {frozenset(read(path).objects(code, RDF.type)) for code in read(path).subjects(SKOS.inScheme)}
    assert len(kinds) == 1
    assert {CVN.Code, SKOS.Concept} <= kinds.pop()


def test_every_class_of_codes_has_codes() -> None:
    classes = set(read_all(*TERMS).subjects(RDFS.subClassOf, CVN.Code))
    assert classes <= set(read_all(*CODES).objects(None, RDF.type))


@pytest.mark.parametrize("path", ALIGNMENTS, ids=name)
def test_alignment_relates_own_terms_to_others(path: Path) -> None:
    for subject, _, value in read(path):
        assert urldefrag(str(subject)).url == IRI
        assert urldefrag(str(value)).url != IRI


def test_track_is_only_related_to_tracks_that_are_events() -> None:
    assert set(read_all(*ALIGNMENTS).predicates(CVN.Track)) == {SKOS.relatedMatch}


@pytest.mark.parametrize("local", properties(OWL.ObjectProperty))
def test_context_reads_values_of_property_as_things(local: str) -> None:
    assert context().get(local) == {"@id": f"cvn:{local}", "@type": "@id"}


@pytest.mark.parametrize("local", properties(OWL.DatatypeProperty))
def test_context_gives_literals_of_property_their_datatype(local: str) -> None:
    datatype = str(read_all(*TERMS).value(CVN[local], RDFS.range)).replace(XSD_PREFIX, "xsd:")
    assert context().get(local) == {"@id": f"cvn:{local}", "@type": datatype}


@pytest.mark.parametrize("local", [*properties(OWL.Class), *properties(RDF.Property)])
def test_context_names_other_terms(local: str) -> None:
    assert context().get(local) == f"cvn:{local}"


def test_context_names_no_other_terms_of_the_ontology() -> None:
    named = [entry if isinstance(entry, str) else entry["@id"] for key, entry in context().items() if key[0] != "@"]
    used = {CVN[value.removeprefix("cvn:")] for value in named if value.startswith("cvn:")}
    assert used == {term for path in TERMS for term in declared(path)}


@pytest.mark.parametrize("path", CODES, ids=name)
def test_the_label_of_a_code_is_its_preferred_label_without_a_language(path: Path) -> None:
    for term, preferred in read(path).subject_objects(SKOS.prefLabel):
        assert read(path).value(term, RDFS.label) == Literal(str(preferred))
