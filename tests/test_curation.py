"""The decisions of curators are read with the same care as curated files, and each of them has an effect."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import Literal

from graph.build import Graph, Inputs, make_graph
from graph.curated.curation import Identity, read_curation
from graph.errors import CuratedFileError
from graph.files import CURATED_FILES, CURATION
from graph.names import Names
from graph.terms import CVN, RDFS, SKOS, Triple

NAMES = Names("http://127.0.0.1:5000/")
IDENTITY = (
    "identities:\n  - {source: a, printed: A. Byron, person: Ada Byron, because: One letter stands for the name.}\n"
)
PREFERENCE = "preferences:\n  - {edition: cogs-2031, measure: attendance, source: a, because: It is the later count.}\n"
DECISIONS = read_curation(CURATION)


def test_a_decision_is_found_by_source_and_printed_name(tmp_path: Path) -> None:
    (tmp_path / "decisions.yaml").write_text(IDENTITY + PREFERENCE)
    curation = read_curation(tmp_path / "decisions.yaml")
    found = curation.identity("a", "A. Byron")
    assert found
    assert found.name == "Ada Byron"
    assert curation.identity("b", "A. Byron") is curation.identity("a", "Ada Byron") is None


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("person: Ada Byron, ", "", 2, "name either the person or the organization that the printed name is"),
        ("person: Ada Byron", "person: Ada, organization: Ada", 2, "name either the person or the organization"),
        (", because: One letter stands for the name.", "", 2, "identities > entry 1 > because is missing; add it"),
        ("printed:", "name:", 2, "There is no key 'name' in identities > entry 1"),
        ("measure: attendance", "measure: crowd", 4, "there is no measure 'crowd'; there are"),
        ("cogs-2031", "cogs", 4, "'cogs' is not of the right form; write series and year, such as neurips-2024"),
        ("preferences:", "preference:", 3, "did you mean 'preferences'?"),
        ("preferences:", "  - [", 4, "This is not YAML"),
    ],
)
def test_a_mistake_in_a_decision_is_reported_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, says: str
) -> None:
    (tmp_path / "decisions.yaml").write_text((IDENTITY + PREFERENCE).replace(old, new))
    with pytest.raises(CuratedFileError) as error:
        read_curation(tmp_path / "decisions.yaml")
    [*problems] = [problem for problem in error.value.problems if says in problem.message]
    assert [problem.line for problem in problems] == [line]


@pytest.mark.parametrize("each", DECISIONS.identities, ids=lambda each: f"{each.source}: {each.printed}")
def test_a_bundled_identity_has_its_effect(bundled: Graph, each: Identity) -> None:
    mint = NAMES.person if each.person else NAMES.organization
    said = bundled.named[NAMES.graph("source", each.source)]
    assert Triple(mint(each.name), SKOS.altLabel, Literal(each.printed)) in said
    assert Triple(mint(each.name), RDFS.label, Literal(each.name)) in bundled.view


def test_every_bundled_identity_is_a_decision_in_the_graph(bundled: Graph) -> None:
    names = {triple.object.value for triple in bundled.decisions if triple.predicate == CVN.nameAsPrinted}
    reasons = {triple.object.value for triple in bundled.decisions if triple.predicate == CVN.because}
    assert names == {each.printed for each in DECISIONS.identities}
    assert reasons == {each.because for each in DECISIONS.identities}


def test_every_bundled_decision_is_about_a_bundled_source() -> None:
    sources = {each.source for each in DECISIONS.identities} | {each.source for each in DECISIONS.preferences}
    assert sources <= {path.stem for path in CURATED_FILES}


def test_decisions_about_sources_that_are_not_read_stay_out(write: Callable[..., Path]) -> None:
    assert make_graph(NAMES, Inputs((write(),))).decisions == frozenset()
