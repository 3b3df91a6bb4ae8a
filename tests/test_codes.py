"""The code lists of the ontology are read as they are in its files."""

import re

import pytest
from pyoxigraph import NamedNode

from graph.curated.entry import TRUST
from graph.curated.sections.program import PRESENTATIONS, SESSIONS, TALKS
from graph.files import CODES
from graph.names import code
from graph.terms import CVN, SKOS
from graph.vocabulary import ontology
from graph.vocabulary.codes import codes, label

SCHEMES = sorted(path.stem for path in CODES.glob("*.ttl"))


def test_the_modes_are_three_and_their_total() -> None:
    assert list(codes("mode")) == ["hybrid", "in-person", "total", "virtual"]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_notation_is_a_slug_and_a_label_is_words(scheme: str) -> None:
    assert codes(scheme)
    for notation, words in codes(scheme).items():
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", notation)
        assert words.strip() == words != ""


@pytest.mark.parametrize("scheme", SCHEMES)
def test_codes_and_the_ontology_hold_the_same_concepts(scheme: str) -> None:
    found = {triple.subject for triple in ontology.terms() if triple.predicate == SKOS.inScheme}
    inside = {each for each in found if each.value.startswith(code(scheme, "").value)}
    assert inside == {code(scheme, notation) for notation in codes(scheme)}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_code_is_labelled_by_its_iri(scheme: str) -> None:
    assert {notation: label(code(scheme, notation)) for notation in codes(scheme)} == codes(scheme)


def test_every_kind_of_source_is_trusted_so_much() -> None:
    assert set(TRUST) == set(codes("source-kind"))
    assert len(set(TRUST.values())) == len(TRUST)


@pytest.mark.parametrize("kind", [*SESSIONS.values(), *PRESENTATIONS.values(), *(kind for kind, _ in TALKS.values())])
def test_every_kind_of_program_item_is_a_class(kind: NamedNode) -> None:
    assert CVN.ProgramItem in ontology.superclasses(kind)


@pytest.mark.parametrize(
    "role", ["award-committee-member", "award-committee-lead", *(role for _, role in TALKS.values())]
)
def test_every_role_that_a_section_gives_is_a_code(role: str) -> None:
    assert role in codes("role")
