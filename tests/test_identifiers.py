"""Identifiers of others are kept with their scheme, lead to its pages, and link to its things."""

import pytest
from pyoxigraph import Literal, NamedNode

from graph.build import Graph
from graph.model.paper import Paper
from graph.names import Names, code
from graph.resolution.resolve import links
from graph.terms import CVN, DCTERMS, OWL, Triple
from graph.vocabulary.identifiers import IdentifierForm, by_address, candidates, identifier, of_term, schemes

EXAMPLES = {
    "acl": "2024.acl-long.1",
    "acl-person": "zhihao-zhang",
    "acl-person-name": "wei-wang",
    "arxiv": "1312.6114",
    "dblp": "conf/nips/VaswaniSPUJGKP17",
    "dblp-person": "78/459-1",
    "dblp-stream": "conf/nips",
    "doi": "10.18653/v1/2023.acl-long.48",
    "geonames": "2761369",
    "google-scholar": "JicYPdAAAAAJ",
    "grid": "grid.11135.37",
    "ieee": "8794045",
    "ieee-person": "37086309754",
    "isbn": "9781713829546",
    "isni": "000000012146438X",
    "issn": "1049-5258",
    "neurips-paper": "2017/hash/3f5ee243547dee91fbd053c1c4a845aa-Abstract",
    "openalex": "W2741809807",
    "openreview": "gojL67CfS8",
    "openreview-person": "~Yifan_Zhang12",
    "openreview-venue": "ICLR.cc/2024/Conference",
    "orcid": "0000-0002-1825-0097",
    "pmlr": "v235/abe24a",
    "ror": "042nb2s44",
    "semantic-scholar": "204e3073870fae3d05bcbc2f6a8e263d9b72e776",
    "wikidata": "Q65769858",
    "youtube": "dQw4w9WgXcQ",
}
NAMES = Names("http://127.0.0.1:5000/")


def test_every_scheme_has_an_example() -> None:
    assert list(schemes()) == sorted(EXAMPLES)


@pytest.mark.parametrize("scheme", EXAMPLES)
def test_an_identifier_is_found_again_by_term_page_and_iri(scheme: str) -> None:
    found = identifier(scheme, EXAMPLES[scheme])
    assert found.literal == Literal(EXAMPLES[scheme], datatype=code("identifier-scheme", scheme))
    assert of_term(found.literal) == found
    assert by_address(found.page) == found
    assert found in candidates(found.value)
    assert found.entity is None or by_address(found.entity.value) == found


@pytest.mark.parametrize(
    ("address", "scheme", "value"),
    [
        ("https://dx.doi.org/10.1000/ABC", "doi", "10.1000/abc"),
        ("doi.org/10.1000/abc", "doi", "10.1000/abc"),
        ("http://www.aclanthology.org/2024.acl-long.1", "acl", "2024.acl-long.1"),
        ("https://openreview.net/forum?id=gojL67CfS8&noteId=x", "openreview", "gojL67CfS8"),
        ("https://arxiv.org/abs/1312.6114", "arxiv", "1312.6114"),
    ],
)
def test_an_address_may_be_written_in_other_ways(address: str, scheme: str, value: str) -> None:
    assert by_address(address) == identifier(scheme, value)


@pytest.mark.parametrize(("scheme", "value"), [("orcid", "0000-0002-1825"), ("doi", "11.1/x"), ("ror", "042ib2s44")])
def test_what_does_not_look_like_one_is_refused(scheme: str, value: str) -> None:
    with pytest.raises(ValueError, match="is no identifier of"):
        identifier(scheme, value)


def test_typed_text_may_name_the_scheme() -> None:
    assert list(candidates("DOI: 10.1000/ABC")) == [identifier("doi", "10.1000/abc")]
    assert not list(candidates("an ordinary title"))


def test_special_characters_are_escaped_in_addresses() -> None:
    found = IdentifierForm(schemes()["doi"], "10.1002/(sici)1<1::aid-x>3.0#a")
    assert found.page == "https://doi.org/10.1002/(sici)1%3C1::aid-x%3E3.0%23a"
    assert by_address(found.page) == found


def test_identifiers_that_name_things_are_linked_in_graphs_of_their_own() -> None:
    iri = NAMES.paper("acl-2023", "A Title")
    record = Paper(
        iri=iri, identifiers=(identifier("doi", "10.1000/x").literal, identifier("arxiv", "1312.6114").literal)
    )
    same = NamedNode("https://doi.org/10.1000/x")
    assert links(record.triples(), NAMES) == {NAMES.graph("links", "doi"): {Triple(iri, OWL.sameAs, same)}}


def test_ids_that_documents_print_are_identifiers(bundled: Graph) -> None:
    printed = {triple.object.value for triple in bundled.view if triple.predicate == CVN.openreviewId}
    found = {of_term(triple.object) for triple in bundled.view if triple.predicate == DCTERMS.identifier}
    wrong = {"cc8h3l3V4E", "g7ohDITL", "Yen1IGNs2o", "KS8mlvetg2"}  # which the link set rejects
    assert wrong < printed
    assert printed - {each.value for each in found if each and each.scheme.name == "openreview"} == wrong


def test_an_orcid_id_with_a_wrong_check_digit_is_refused() -> None:
    assert identifier("orcid", "0000-0001-5109-3700").value == "0000-0001-5109-3700"
    assert identifier("orcid", "0000-0002-9079-593X")
    with pytest.raises(ValueError, match="is no identifier"):
        identifier("orcid", "0000-0001-5109-3701")
