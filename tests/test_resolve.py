"""Each fact is once in the resolved view, and if sources differ, so are the choice and its reason."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

from graph.build import Graph, Inputs, make_graph
from graph.names import Names, code
from graph.resolution.resolve import CONTESTED
from graph.terms import CVN, DCTERMS, RDF, RDFS, XSD, Term, Triple
from graph.vocabulary import ontology
from graph.vocabulary.codes import codes

NAMES = Names("https://kg.example.org/")
EDITION = NAMES.id("edition", "cogs-2031")
GENEVA, HALL = NAMES.id("place", "ch", "geneva"), NAMES.id("venue", "hall-of-wheels")
CITY = "editions:\n  - {line: 2, edition: cogs-2031, place: {city: Geneva, country: CH}}\n"
VENUE = "editions:\n  - {line: 2, edition: cogs-2031, place: {venue: Hall of Wheels, city: Geneva, country: CH}}\n"
Write = Callable[..., Path]


def ordinal(number: int) -> str:
    return f"editions:\n  - {{line: 2, edition: cogs-2031, ordinal: {number}}}\n"


def claim(status: str) -> str:
    return f"claims:\n  - {{line: 2, claim: kind, about: series:cogs, status: {status}, statement: COGS is kind.}}\n"


def graph(*files: Path) -> Graph:
    return make_graph(NAMES, Inputs(files))


def values(triples: frozenset[Triple], subject: NamedNode, prop: NamedNode) -> set[Term]:
    return {triple.object for triple in triples if (triple.subject, triple.predicate) == (subject, prop)}


def resolutions(triples: frozenset[Triple]) -> list[NamedNode]:
    return [triple.subject for triple in triples if (triple.predicate, triple.object) == (RDF.type, CVN.Resolution)]


def number(value: int) -> Literal:
    return Literal(str(value), datatype=XSD.integer)


def test_sources_that_agree_need_no_resolution(write: Write) -> None:
    view = graph(write(ordinal(12), key="a"), write(ordinal(12), key="b", kind="press-release")).view
    assert values(view, EDITION, CVN.ordinal) == {number(12)}
    assert resolutions(view) == []


def test_the_more_trusted_source_is_believed(write: Write) -> None:
    view = graph(write(ordinal(11), key="a", kind="press-release"), write(ordinal(12), key="b")).view
    assert values(view, EDITION, CVN.ordinal) == {number(12)}


def test_a_resolution_says_what_was_chosen_and_rejected_and_why(write: Write) -> None:
    view = graph(write(ordinal(11), key="a", kind="press-release"), write(ordinal(12), key="b")).view
    [node] = resolutions(view)
    assert {triple.predicate: triple.object for triple in view if triple.subject == node} == {
        RDF.type: CVN.Resolution,
        RDFS.label: Literal("COGS 2031: ordinal"),
        CVN.resolves: EDITION,
        CVN.onProperty: CVN.ordinal,
        CVN.chosen: number(12),
        CVN.rejected: number(11),
        CVN.preferredBecause: Literal("The A made-up fact-sheet is trusted above the A made-up press-release."),
    }


def test_sources_that_are_trusted_alike_are_taken_by_name(write: Write) -> None:
    view = graph(write(ordinal(11), key="b"), write(ordinal(12), key="a")).view
    [node] = resolutions(view)
    assert values(view, EDITION, CVN.ordinal) == {number(12)}
    [reason] = values(view, node, CVN.preferredBecause)
    assert reason.value.endswith("are trusted alike; the first by name was taken.")


def test_of_the_values_of_one_source_the_first_by_spelling_is_taken(write: Write) -> None:
    view = graph(write(ordinal(13) + "  - {line: 3, edition: cogs-2031, ordinal: 12}\n")).view
    [node] = resolutions(view)
    [reason] = values(view, node, CVN.preferredBecause)
    assert reason.value == "The A made-up fact-sheet gives different values; the first by spelling was taken."
    assert values(view, EDITION, CVN.ordinal) == {number(12)}


def test_every_value_that_was_not_chosen_is_reported(write: Write) -> None:
    kinds = {"press-release": 11, "video-notes": 10, "data-file": 9, "fact-sheet": 12}
    view = graph(*(write(ordinal(given), key=kind, kind=kind) for kind, given in kinds.items())).view
    [node] = resolutions(view)
    assert values(view, node, CVN.chosen) == {number(12)}
    assert values(view, node, CVN.rejected) == {number(9), number(10), number(11)}


def test_what_was_not_chosen_stays_in_the_graph_of_its_source(write: Write) -> None:
    named = graph(write(ordinal(11), key="a", kind="press-release"), write(ordinal(12), key="b")).named
    assert values(named[NAMES.graph("source", "a")], EDITION, CVN.ordinal) == {number(11)}


def test_the_order_of_the_files_makes_no_difference(write: Write) -> None:
    files = [write(ordinal(given), key=key) for key, given in {"a": 11, "b": 12, "c": 11}.items()]
    assert graph(*files).view == graph(*reversed(files)).view


@pytest.mark.parametrize("trusted", ["city", "venue"])
def test_the_more_particular_place_is_chosen_whoever_names_it(write: Write, trusted: str) -> None:
    kinds = {"city": "press-release", "venue": "press-release"} | {trusted: "fact-sheet"}
    view = graph(write(CITY, key="a", kind=kinds["city"]), write(VENUE, key="b", kind=kinds["venue"])).view
    assert values(view, EDITION, CVN.place) == {HALL}
    assert resolutions(view) == []  # a venue and the city that it is in are no difference


def test_places_that_do_not_lie_in_each_other_are_both_kept(write: Write) -> None:
    view = graph(write(CITY, key="a"), write(CITY.replace("Geneva", "Basel"), key="b")).view
    assert values(view, EDITION, CVN.place) == {GENEVA, NAMES.id("place", "ch", "basel")}
    assert resolutions(view) == []


def test_a_venue_whose_city_only_one_source_knows_lies_there(write: Write) -> None:
    alone = VENUE.replace(", city: Geneva, country: CH", "")
    view = graph(write(alone, key="a"), write(VENUE, key="b", kind="video-notes")).view
    assert values(view, HALL, CVN.partOfPlace) == {GENEVA}
    assert values(view, EDITION, CVN.city) == {GENEVA}


@pytest.mark.parametrize("status", codes("claim-status"))
def test_a_contested_claim_stands_only_in_the_graph_of_its_source(write: Write, status: str) -> None:
    made = graph(write(claim(status)))
    node = NAMES.id("claim", "made-up", "kind")
    contested = status in {"reported-allegation", "disputed", "speculation"}
    assert contested == (code("claim-status", status) in CONTESTED)
    assert bool(values(made.view, node, CVN.statement)) != contested
    assert values(made.named[NAMES.graph("source", "made-up")], node, CVN.statement)


def test_a_property_of_many_values_keeps_them_all(write: Write) -> None:
    series = "  - {{line: 2, series: cogs, topics: [{}]}}\n"
    view = graph(write(series.format("gears"), key="a"), write(series.format("springs"), key="b")).view
    assert values(view, NAMES.id("series", "cogs"), CVN.topic) == {NAMES.topic("gear"), NAMES.topic("spring")}


def test_a_thing_has_one_label_and_no_resolution_of_it(write: Write) -> None:
    talk = "talks:\n  - {{line: 2, edition: cogs-2031, title: {}, speakers: [Ada Byron]}}\n"
    view = graph(write(talk.format("Wheels and Time"), key="a"), write(talk.format("WHEELS AND TIME"), key="b")).view
    assert len(values(view, NAMES.id("edition", "cogs-2031", "talk", "wheels-and-time"), RDFS.label)) == 1
    assert [values(view, node, CVN.onProperty) for node in resolutions(view)] == [{DCTERMS.title}]


def test_the_view_has_the_statements_and_citations_of_its_triples_alone(bundled: Graph) -> None:
    said: dict[NamedNode, dict[NamedNode, list[Term]]] = {}
    for triple in bundled.view:
        said.setdefault(triple.subject, {}).setdefault(triple.predicate, []).append(triple.object)
    statements = [each for each in said.values() if CVN.Statement in each[RDF.type]]
    parts = (RDF.subject, RDF.predicate, RDF.object)
    assert statements
    assert {tuple(each[part][0] for part in parts) for each in statements} <= bundled.view
    cited = {place for each in said.values() for place in each.get(CVN.citedAt, ())}
    assert cited == {node for node, each in said.items() if CVN.Citation in each[RDF.type]}


def test_a_property_of_one_value_has_one_in_the_bundled_view(bundled: Graph) -> None:
    found: dict[tuple[NamedNode, NamedNode], set[Term]] = {}
    for triple in bundled.view:
        found.setdefault((triple.subject, triple.predicate), set()).add(triple.object)
    twice = [
        (subject, prop)
        for (subject, prop), objects in found.items()
        if len(objects) > 1
        and ontology.is_single((each for each in found[subject, RDF.type] if isinstance(each, NamedNode)), prop)
    ]
    assert twice == []


def test_every_bundled_resolution_is_true_to_the_sources(bundled: Graph) -> None:
    said = {triple for name, triples in bundled.named.items() if "/source/" in name.value for triple in triples}
    for node in resolutions(bundled.view):
        [subject], [prop] = values(bundled.view, node, CVN.resolves), values(bundled.view, node, CVN.onProperty)
        assert isinstance(subject, NamedNode)
        assert isinstance(prop, NamedNode)
        assert all(Triple(subject, prop, value) in said for value in values(bundled.view, node, CVN.rejected))
        assert values(bundled.view, node, CVN.chosen) <= values(bundled.view, subject, prop)


def test_the_edition_before_is_the_one_that_a_source_names_or_else_the_last_year_s(write: Write) -> None:
    entries = "".join(f"  - {{line: 2, edition: cogs-{year}, year: {year}}}\n" for year in (2029, 2030, 2031))
    named = "  - {line: 3, edition: cogs-2031, predecessor: cogs-2029}\n"
    of = {year: NAMES.id("edition", f"cogs-{year}") for year in (2029, 2030, 2031)}
    assert values(graph(write(f"editions:\n{entries}")).view, of[2031], CVN.predecessor) == {of[2030]}
    assert values(graph(write(f"editions:\n{entries}{named}")).view, of[2031], CVN.predecessor) == {of[2029]}
