"""Whatever a source says can be followed to its lines: facts cite them, other triples have a statement that does."""

import re
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

from graph.build import Graph, Inputs, make_graph
from graph.curated.curation import Curation
from graph.curated.reader import open_file, read
from graph.files import CURATED, CURATED_FILES, ROOT
from graph.names import Names
from graph.resolution.resolve import NAMING, source_triples
from graph.terms import CVN, RDF, RDFS, XSD, Term, Triple
from graph.vocabulary import ontology

NAMES = Names("https://kg.example.org/")
BASE = "http://127.0.0.1:5000/"
FACTS = {CVN.Fact, CVN.Observation, CVN.Claim}
EVIDENCE = {CVN.sourceLine, CVN.asPrinted, CVN.mediaTime, CVN.mediaTimeAsPrinted, CVN.quote}
SOURCES = sorted(path.stem for path in CURATED_FILES)
Facts = dict[NamedNode, set[Term]]


def by_subject(triples: Iterable[Triple]) -> dict[NamedNode, Facts]:
    found: dict[NamedNode, Facts] = {}
    for triple in triples:
        found.setdefault(triple.subject, {}).setdefault(triple.predicate, set()).add(triple.object)
    return found


def said(path: Path) -> set[Triple]:
    return set(source_triples(read(open_file(path), NAMES, Curation()), NAMES))


def statement(triples: set[Triple], prop: NamedNode) -> Facts:
    """Return the one statement about a property."""
    [facts] = [facts for facts in by_subject(triples).values() if facts.get(RDF.predicate) == {prop}]
    return facts


@pytest.fixture(params=SOURCES)
def source(request: pytest.FixtureRequest, bundled: Graph) -> frozenset[Triple]:
    """The graph of one bundled source."""
    return bundled.named[NamedNode(f"{BASE}graph/source/{request.param}")]


def places(triples: set[Triple], facts: Facts) -> list[Facts]:
    """Return the citations of a fact or statement, by their lines."""
    things = by_subject(triples)
    found = [things[each] for each in facts[CVN.citedAt] if isinstance(each, NamedNode)]
    return sorted(found, key=lambda each: str(each[CVN.sourceLine]))


def test_a_statement_says_the_triple_and_cites_each_place_of_it(write: Callable[..., Path]) -> None:
    triples = said(write('editions:\n  - {line: [2, 7-9], edition: cogs-2031, ordinal: 12, printed: "12th"}\n'))
    facts = statement(triples, CVN.ordinal)
    first, second = places(triples, facts)
    assert {prop: values for prop, values in facts.items() if prop != CVN.citedAt} == {
        RDF.type: {CVN.Statement},
        RDF.subject: {NAMES.id("edition", "cogs-2031")},
        RDF.predicate: {CVN.ordinal},
        RDF.object: {Literal("12", datatype=XSD.integer)},
        CVN.source: {NAMES.id("source", "made-up")},
    }
    assert first[CVN.firstLine] == first[CVN.lastLine] == {Literal("2", datatype=XSD.integer)}
    assert second == {
        RDF.type: {CVN.Citation},
        RDFS.label: {Literal("A made-up fact-sheet, lines 7-9")},
        CVN.source: {NAMES.id("source", "made-up")},
        CVN.sourceLine: {Literal("7-9")},
        CVN.firstLine: {Literal("7", datatype=XSD.integer)},
        CVN.lastLine: {Literal("9", datatype=XSD.integer)},
        CVN.asPrinted: {Literal("12th")},
    }


def test_a_place_in_a_recording_is_a_line_and_a_time(write: Callable[..., Path]) -> None:
    triples = said(write('editions:\n  - {line: 2, edition: cogs-2031, planned: true, time: "05:32:00", at: "5:32"}\n'))
    [place] = places(triples, statement(triples, CVN.planned))
    assert place[CVN.mediaTimeAsPrinted] == {Literal("05:32:00")}
    assert place[CVN.mediaTime] == {Literal("PT5M32S", datatype=XSD.duration)}


def test_a_fact_cites_its_places_itself(write: Callable[..., Path]) -> None:
    triples = said(write("roles:\n  - {line: 4, role: reviewer, of: edition:cogs-2031, people: [Ada Byron]}\n"))
    [place] = places(triples, by_subject(triples)[NAMES.id("role", "cogs-2031", "reviewer", "ada-byron")])
    assert place[CVN.sourceLine] == {Literal("4")}
    assert not [each for each in by_subject(triples).values() if each.get(RDF.predicate) == {CVN.role}]


def test_each_place_that_says_one_thing_keeps_its_own_words(write: Callable[..., Path]) -> None:
    entry = "  - {{line: {}, edition: cogs-2031, ordinal: 12, printed: {}}}\n"
    triples = said(write(f"editions:\n{entry.format(2, '12th')}{entry.format(5, 'twelfth')}"))
    found = places(triples, statement(triples, CVN.ordinal))
    assert [(each[CVN.sourceLine], each[CVN.asPrinted]) for each in found] == [
        ({Literal("2")}, {Literal("12th")}),
        ({Literal("5")}, {Literal("twelfth")}),
    ]


def test_an_entry_that_only_names_a_thing_states_that_it_is_one(write: Callable[..., Path]) -> None:
    triples = said(write("editions:\n  - {line: 2, edition: cogs-2031}\n"))
    facts = by_subject(triples)[NAMES.id("edition", "cogs-2031")]
    statements = [each for each in by_subject(triples).values() if RDF.subject in each]
    assert {CVN.Edition, CVN.Event} <= facts[RDF.type]
    [stated] = [each for each in statements if each[RDF.predicate] == {RDF.type}]
    assert [each[CVN.sourceLine] for each in places(triples, stated)] == [{Literal("2")}]


def test_a_withheld_value_is_reported_by_kind_and_line_alone() -> None:
    triples = said(ROOT / "tests" / "curated" / "valid.yaml")
    facts = statement(triples, CVN.withheld)
    [place] = places(triples, facts)
    assert (facts[RDF.object], place[CVN.sourceLine]) == ({Literal("e-mail address")}, {Literal("22")})


def test_everything_names_its_source(source: frozenset[Triple]) -> None:
    assert [subject for subject, facts in by_subject(source).items() if len(facts.get(CVN.source, ())) != 1] == []


def test_every_statement_has_a_line_and_says_a_triple_of_its_graph(source: frozenset[Triple]) -> None:
    statements = [facts for facts in by_subject(source).values() if CVN.Statement in facts[RDF.type]]
    assert statements
    for facts in statements:
        [subject], [prop], [value] = facts[RDF.subject], facts[RDF.predicate], facts[RDF.object]
        assert isinstance(subject, NamedNode)
        assert isinstance(prop, NamedNode)
        assert Triple(subject, prop, value) in source
        assert facts[CVN.citedAt]


def test_every_fact_has_a_line(source: frozenset[Triple]) -> None:
    facts = [each for each in by_subject(source).values() if each[RDF.type] & FACTS]
    assert facts
    assert [each[RDFS.label] for each in facts if not each.get(CVN.citedAt)] == []


def test_whatever_is_said_of_a_thing_is_a_fact_a_name_or_has_a_statement(source: frozenset[Triple]) -> None:
    things = by_subject(source)
    stated = {(*facts[RDF.subject], *facts[RDF.predicate]) for facts in things.values() if RDF.subject in facts}
    derived = {CVN.source, CVN.series, CVN.year, CVN.edition, CVN.trackKind, CVN.itemKind, CVN.award, CVN.awardedBy}
    derived |= {CVN.partOfPlace, CVN.isoCode, CVN.level, *NAMING}
    for subject, facts in things.items():
        if not facts[RDF.type] & {*FACTS, CVN.Statement, CVN.Citation, CVN.Source}:
            assert {prop for prop in facts if prop not in derived and (subject, prop) not in stated} == set()


def test_every_line_is_a_line_of_the_document(source: frozenset[Triple]) -> None:
    [count] = {int(triple.object.value) for triple in source if triple.predicate == CVN.lineCount}
    for triple in source:
        if triple.predicate == CVN.sourceLine:
            first, _, last = triple.object.value.partition("-")
            assert re.fullmatch(r"\d+(-\d+)?", triple.object.value)
            assert 1 <= int(first) <= int(last or first) <= count


def test_every_class_comes_with_its_superclasses(source: frozenset[Triple]) -> None:
    for facts in by_subject(source).values():
        kinds = {kind for kind in facts[RDF.type] if isinstance(kind, NamedNode)}
        assert {parent for kind in kinds for parent in ontology.superclasses(kind)} == kinds


def test_lines_and_words_as_printed_are_of_citations_alone(source: frozenset[Triple]) -> None:
    for facts in by_subject(source).values():
        assert facts[RDF.type] == {CVN.Citation} or not EVIDENCE & set(facts)


def test_a_source_says_the_same_however_often_it_is_read() -> None:
    path = ROOT / "tests" / "curated" / "valid.yaml"
    assert said(path) == said(path)


def test_the_graph_of_a_source_does_not_depend_on_other_sources(bundled: Graph) -> None:
    name = SOURCES[0]
    alone = make_graph(Names(BASE), Inputs((CURATED / f"{name}.yaml",)))
    graph = NamedNode(f"{BASE}graph/source/{name}")
    assert alone.named[graph] == bundled.named[graph]
