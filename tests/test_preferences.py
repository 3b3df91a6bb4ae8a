"""Of the numbers that sources give for one cell one is preferred, with the reason; the others stay."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

from graph.build import Graph, Inputs, make_graph
from graph.curated.curation import read_curation
from graph.files import CURATION
from graph.names import Names, code
from graph.resolution.preferences import DIMENSIONS
from graph.terms import CVN, RDF, XSD, Term, Triple

NAMES = Names("https://kg.example.org/")
TRUE = Literal("true", datatype=XSD.boolean)
DECISION = """preferences:
  - {edition: cogs-2031, measure: registrations, source: b, because: The other one counts the days.}
"""
Write = Callable[..., Path]


def count(printed: object, more: str = "") -> str:
    return f'numbers:\n  - {{line: 2, edition: cogs-2031, measure: registrations, printed: "{printed}"{more}}}\n'


def view(*files: Path, curation: Path = CURATION) -> frozenset[Triple]:
    return make_graph(NAMES, Inputs(files, curation)).view


def one(triples: frozenset[Triple], subject: NamedNode, prop: NamedNode) -> str | None:
    [*found] = {triple.object.value for triple in triples if (triple.subject, triple.predicate) == (subject, prop)}
    return found[0] if found else None


def numbers(triples: frozenset[Triple]) -> dict[str, tuple[str, str | None]]:
    """Return of each number its value, whether it is preferred, and the reason."""
    nodes = {triple.subject for triple in triples if (triple.predicate, triple.object) == (RDF.type, CVN.Observation)}
    return {
        str(one(triples, node, CVN.value)): (
            str(one(triples, node, CVN.preferred)),
            one(triples, node, CVN.preferredBecause),
        )
        for node in nodes
    }


def test_a_number_of_one_source_is_preferred(write: Write) -> None:
    assert numbers(view(write(count(5)))) == {"5": ("true", "It is the only source of this number.")}


def test_the_number_of_the_more_trusted_source_is_preferred(write: Write) -> None:
    found = numbers(view(write(count(5), key="a", kind="press-release"), write(count(6), key="b")))
    reason = "The A made-up fact-sheet is trusted above the A made-up press-release."
    assert found == {"5": ("false", None), "6": ("true", reason)}


def test_sources_that_agree_are_named_so(write: Write) -> None:
    found = view(write(count("1,250"), key="a", kind="press-release"), write(count(1250), key="b"))
    preferred = [triple.subject for triple in found if (triple.predicate, triple.object) == (CVN.preferred, TRUE)]
    assert preferred == [NAMES.id("stat", "cogs-2031", "registrations", "b")]
    reason = "All 2 sources give this number; the A made-up fact-sheet is named first."
    assert one(found, preferred[0], CVN.preferredBecause) == reason


def test_a_curator_decides_before_trust_does(write: Write, tmp_path: Path) -> None:
    decision = tmp_path / "decisions.yaml"
    decision.write_text(DECISION)
    files = write(count(5), key="a"), write(count(6), key="b", kind="video-notes")
    reason = "Decided by a curator: The other one counts the days."
    assert numbers(view(*files, curation=decision)) == {"5": ("false", None), "6": ("true", reason)}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("cogs-2031", "cogs-2032"),
        ("registrations", "attendance"),
        ("source: b", "source: c"),
        ("because", "mode: virtual, because"),
    ],
)
def test_a_decision_about_another_cell_decides_nothing_here(write: Write, tmp_path: Path, old: str, new: str) -> None:
    decision = tmp_path / "decisions.yaml"
    decision.write_text(DECISION.replace(old, new))
    files = write(count(5), key="a"), write(count(6), key="b", kind="video-notes")
    assert numbers(view(*files, curation=decision))["5"][0] == "true"


@pytest.mark.parametrize(
    "more", [", mode: virtual", ", track: main", ", country: CH", ", condition: on Monday"], ids=lambda more: more[2:]
)
def test_numbers_of_different_cells_do_not_compete(write: Write, more: str) -> None:
    found = numbers(view(write(count(5), key="a"), write(count(6, more), key="b", kind="video-notes")))
    assert {preferred for preferred, _ in found.values()} == {"true"}


def test_two_numbers_of_one_source_are_two_and_one_is_preferred(write: Write) -> None:
    second = "  - {line: 3, edition: cogs-2031, measure: registrations, printed: 6}\n"
    reason = "It is the first of the different numbers that the A made-up fact-sheet gives."
    assert numbers(view(write(count(5) + second))) == {"5": ("true", reason), "6": ("false", None)}


def test_three_numbers_of_one_line_stay_three(write: Write) -> None:
    more = "".join(f"  - {{line: 3, edition: cogs-2031, measure: registrations, printed: {each}}}\n" for each in (6, 7))
    assert set(numbers(view(write(count(5) + more)))) == {"5", "6", "7"}


def test_one_number_in_two_lines_of_one_source_is_one(write: Write) -> None:
    second = "  - {line: 3, edition: cogs-2031, measure: registrations, printed: five, value: 5}\n"
    found = view(write(count(5) + second))
    node = NAMES.id("stat", "cogs-2031", "registrations", "made-up")
    places = {triple.object for triple in found if (triple.subject, triple.predicate) == (node, CVN.citedAt)}
    lines = {each.object.value for each in found if each.subject in places and each.predicate == CVN.sourceLine}
    assert (lines, set(numbers(found))) == ({"2", "3"}, {"5"})


def test_the_shortcut_on_an_edition_is_the_preferred_number(write: Write) -> None:
    found = view(write(count(5), key="a", kind="press-release"), write(count(6), key="b"))
    assert one(found, NAMES.id("edition", "cogs-2031"), CVN.registrations) == "6"


def test_neurips_2024_had_19756_registrations_and_not_16500(bundled: Graph) -> None:
    names = Names("http://127.0.0.1:5000/")
    stat = names.id("stat", "neurips-2024", "registrations")
    fact_sheet = names.within(stat, "neurips-2024-fact-sheet")
    press_release = names.within(stat, "neurips-2024-press-release")
    assert (one(bundled.view, fact_sheet, CVN.value), one(bundled.view, fact_sheet, CVN.preferred)) == ("19756", "true")
    assert (one(bundled.view, press_release, CVN.value), one(bundled.view, press_release, CVN.preferred)) == (
        "16500",
        "false",
    )
    reason = "Decided by a curator: The fact sheet gives the parts in person and virtual too"
    assert str(one(bundled.view, fact_sheet, CVN.preferredBecause)).startswith(reason)
    assert one(bundled.view, names.id("edition", "neurips-2024"), CVN.registrations) == "19756"


def test_every_bundled_cell_has_one_preferred_number_with_a_reason(bundled: Graph) -> None:
    said: dict[NamedNode, dict[NamedNode, Term]] = {}
    for triple in bundled.view:
        said.setdefault(triple.subject, {})[triple.predicate] = triple.object
    cells = Counter[tuple[Term | None, ...]]()
    for facts in said.values():
        if CVN.preferred in facts:
            cells[tuple(facts.get(dimension) for dimension in DIMENSIONS)] += facts[CVN.preferred] == TRUE
            assert (facts[CVN.preferred] == TRUE) == (CVN.preferredBecause in facts)
    assert set(cells.values()) == {1}


def test_every_bundled_decision_decides_something(bundled: Graph) -> None:
    reasons = {triple.object.value for triple in bundled.view if triple.predicate == CVN.preferredBecause}
    for each in read_curation(CURATION).preferences:
        assert f"Decided by a curator: {each.because}" in reasons


def test_a_measure_of_a_number_is_a_code(write: Write) -> None:
    node = NAMES.id("stat", "cogs-2031", "registrations", "made-up")
    assert Triple(node, CVN.measure, code("measure", "registrations")) in view(write(count(5)))
