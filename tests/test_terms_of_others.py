"""Editions in the terms of dblp, schema.org and the conference ontology: what those vocabularies have, as they say."""

from collections import defaultdict
from collections.abc import Mapping

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse
from samples import DATA

from graph.query import read_queries
from graph.terms import RDF, RDFS, XSD
from server.display.asking import QUERIES
from server.http.media import GRAPHS

EDITION = "edition/neurips-2024"
NAMES = [query.name for query in read_queries(QUERIES / "terms")]
TEXT, INTEGER, IRI = XSD.string.value, XSD.integer.value, "an IRI"
CONF = "https://w3id.org/scholarlydata/ontology/conference-ontology.owl#"
DBLP = "https://dblp.org/rdf/schema#"
SCHEMA = "https://schema.org/"
Form = tuple[str, str]  # of a property: the class of its subjects, and the class or datatype of its values
# the properties as the vocabularies declare them (a class of this table may be a subclass of the declared one)
FORMS: dict[str, dict[str, list[Form]]] = {
    "conference-ontology": {
        "acronym": [("Conference", TEXT)],
        "hasSeries": [("Conference", "ConferenceSeries")],
        "startDate": [("Conference", XSD.dateTime.value)],
        "endDate": [("Conference", XSD.dateTime.value)],
        "hasLocation": [("Conference", "Site")],
        "title": [("InProceedings", TEXT)],
        "keyword": [("InProceedings", TEXT)],
        "hasAuthorList": [("InProceedings", "List")],
        "hasItem": [("List", "ListItem")],
        "hasFirstItem": [("List", "ListItem")],
        "hasContent": [("ListItem", "Person")],
        "next": [("ListItem", "ListItem")],
        "previous": [("ListItem", "ListItem")],
        "name": [("Person", TEXT), ("Organisation", TEXT)],
        "hasAffiliation": [("Person", "AffiliationDuringEvent")],
        "isAffiliationOf": [("AffiliationDuringEvent", "Person")],
        "withOrganisation": [("AffiliationDuringEvent", "Organisation")],
        "during": [("RoleDuringEvent", "Conference"), ("AffiliationDuringEvent", "Conference")],
        "holdsRole": [("Person", "RoleDuringEvent")],
        "isHeldBy": [("RoleDuringEvent", "Person")],
        "withRole": [("RoleDuringEvent", "Role")],
    },
    "dblp": {
        "title": [("Publication", TEXT)],
        "yearOfPublication": [("Publication", TEXT)],
        "publishedIn": [("Publication", TEXT)],
        "pagination": [("Publication", TEXT)],
        "bibtexType": [("Publication", IRI)],
        "doi": [("Publication", IRI)],
        "numberOfCreators": [("Publication", INTEGER)],
        "authoredBy": [("Publication", "Creator")],
        "hasSignature": [("Publication", "AuthorSignature")],
        "signatureCreator": [("AuthorSignature", "Creator")],
        "signatureDblpName": [("AuthorSignature", TEXT)],
        "signatureOrdinal": [("AuthorSignature", INTEGER)],
        "signaturePublication": [("AuthorSignature", "Publication")],
    },
    "schema-org": {
        "name": [(each, TEXT) for each in ("Event", "EventSeries", "Place", "ScholarlyArticle", "Person")]
        + [("Organization", TEXT), ("DefinedTerm", TEXT)],
        "superEvent": [("Event", "EventSeries")],
        "startDate": [("Event", XSD.date.value)],
        "endDate": [("Event", XSD.date.value)],
        "location": [("Event", "Place")],
        "workFeatured": [("Event", "ScholarlyArticle")],
        "datePublished": [("ScholarlyArticle", TEXT)],
        "author": [("ScholarlyArticle", "Person")],
        "about": [("ScholarlyArticle", "DefinedTerm")],
        "award": [("ScholarlyArticle", TEXT)],
        "sameAs": [("ScholarlyArticle", IRI)],
        "affiliation": [("Person", "Organization")],
    },
}
PREFIX = {"conference-ontology": CONF, "dblp": DBLP, "schema-org": SCHEMA}


def given(client: FlaskClient, name: str, suffix: str = "ttl") -> list[Quad]:
    """Return the triples of a view in a serialization."""
    answer = client.get(f"/view/terms/{name}.{suffix}?edition={EDITION}")
    assert answer.status_code == 200, answer.text
    media = next(each for each in GRAPHS if each.suffix == suffix)
    assert isinstance(media.format, RdfFormat)
    assert answer.content_type == media.header
    return list(parse(answer.data, format=media.format))


def wrong(triples: list[Quad], prefix: str, forms: Mapping[str, list[Form]]) -> set[str]:
    """Return the properties whose subject or value is not what the vocabulary declares, or that it does not have."""
    kinds = defaultdict[object, set[str]](set)
    for each in triples:
        if each.predicate == RDF.type and isinstance(each.object, NamedNode):
            kinds[each.subject].add(each.object.value.removeprefix(prefix))

    def fits(each: Quad, form: Form) -> bool:
        value = {each.object.datatype.value} if isinstance(each.object, Literal) else {IRI} | kinds[each.object]
        return form[0] in kinds[each.subject] and form[1] in value

    others = (each for each in triples if each.predicate not in (RDF.type, RDFS.label))
    named = ((each.predicate.value.removeprefix(prefix), each) for each in others)
    return {name for name, each in named if not any(fits(each, form) for form in forms.get(name, ()))}


@pytest.mark.parametrize("name", NAMES)
def test_a_view_uses_a_vocabulary_as_it_is_declared(client: FlaskClient, name: str) -> None:
    triples = given(client, name)
    assert len(triples) > 100
    assert wrong(triples, PREFIX[name], FORMS[name]) == set()
    used = {each.predicate.value.removeprefix(PREFIX[name]) for each in triples}
    assert len(used & FORMS[name].keys()) >= 9


@pytest.mark.parametrize("name", NAMES)
def test_all_serializations_of_a_view_have_the_same_triples(client: FlaskClient, name: str) -> None:
    first, *others = ({str(each.triple) for each in given(client, name, media.suffix)} for media in GRAPHS)
    assert all(each == first for each in others)


def test_the_terms_of_dblp_are_those_of_its_data(client: FlaskClient) -> None:
    folder = DATA / "dblp" / "rdf" / "src" / "tests" / "resources"
    if not folder.is_dir():
        pytest.skip("the sample of dblp is not next to the repository, in ../shared")
    known = {each.predicate for path in folder.glob("*.ttl") for each in parse(path=path)}
    assert {each.predicate for each in given(client, "dblp")} <= known


def test_authors_keep_their_order_in_lists_and_signatures(client: FlaskClient) -> None:
    signed = [each for each in given(client, "dblp") if each.predicate.value == f"{DBLP}signatureOrdinal"]
    places = {str(each.subject): int(each.object.value) for each in signed if isinstance(each.object, Literal)}
    after = [each for each in given(client, "conference-ontology") if each.predicate.value == f"{CONF}next"]
    assert len(after) > 20
    assert all(places[str(each.object)] == places[str(each.subject)] + 1 for each in after)


@pytest.mark.parametrize("name", NAMES)
def test_a_page_offers_the_files_and_the_query(client: FlaskClient, name: str) -> None:
    text = client.get(f"/view/terms/{name}?edition={EDITION}").text
    for suffix in (*(media.suffix for media in GRAPHS), "rq"):
        assert f'href="/view/terms/{name}.{suffix}?edition={EDITION.replace("/", "%2F")}' in text or (
            f'href="/view/terms/{name}.{suffix}?edition={EDITION}' in text
        )
    assert f'href="/view/terms/{name}"' in client.get("/views").text
    assert "CONSTRUCT" in client.get(f"/view/terms/{name}.rq").text


def test_a_mistake_in_a_view_of_terms_is_reported(client: FlaskClient) -> None:
    assert client.get("/view/terms/nothing").status_code == 404
    assert client.get("/view/terms/dblp.csv").status_code == 404
    assert client.get("/view/terms/dblp.ttl?edition=edition/none-1999").status_code == 400
