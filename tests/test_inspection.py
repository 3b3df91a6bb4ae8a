"""An inspection reports what is wrong, where, and how badly, in the terminal and for programs."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import rdflib
from conftest import BASE
from pyoxigraph import DefaultGraph, NamedNode, Quad
from rdflib.namespace import RDF, SH

from graph.errors import PayloadError, UnknownGraphError
from graph.files import CURATED, ROOT
from graph.inspection.curated import inspect_curated
from graph.inspection.data import inspect_file, inspect_graph, inspect_version
from graph.inspection.formats import FORMATS, Inspection
from graph.names import Names
from graph.store.embedded import EmbeddedStore
from graph.terms import CVN, RDFS

FILE = CURATED / "neurips-2023-press-release.yaml"
PLANTED = [  # the text of the file, the mistake planted in it, and the report
    ("text: In the dataset category", "tekst: In the dataset category", "There is no key 'tekst'"),
    ("issued: 2023-12-11", "issued: 2023-13-11", "month value is outside expected range"),
    ("measure: number-of-tutorials", "measure: number-of-tutorial", "there is no measure 'number-of-tutorial'"),
    (
        "measure: number-of-orals, printed: 77",
        "measure: number-of-orals, printed: many",
        "'many' is not a plain",
    ),
    ("{line: 114, edition: neurips-2023, part: town-hall", "{line: 999, edition: neurips-2023, part: town-hall", "999"),
    (
        "part: expo, streamed: false, printed: Expo Day",
        "part: creative-ai, streamed: false, printed: Creative AI",
        "twice",
    ),
    ("kind: oral, session: oral-6B", "kind: oral, session: oral-6Q", "There is no session 'oral-6Q' in this file"),
    ("Milad Nasr", "milad@example.org", "not a name (it may not hold an @)"),
    ("Brando Miranda, Sanmi", "{name: Brando Miranda, position: 7}, Sanmi", "an author at position 7"),
    ("end: 2023-12-12T12:45:00-06:00", "end: 2023-12-22T12:45:00-06:00", "ends after the last day of its edition"),
]


def inspected(*paths: Path) -> Inspection:
    return inspect_curated(paths, Names(BASE))


def lines(inspection: Inspection, severity: str = "Violation") -> set[int]:
    return {each.line for each in inspection.findings if each.finding.severity == severity}


@pytest.fixture
def planted(tmp_path: Path) -> Path:
    """A copy of a curated file with ten mistakes of ten kinds."""
    text = FILE.read_text(encoding="utf-8")
    for right, wrong, _ in PLANTED:
        assert right in text
        text = text.replace(right, wrong, 1)
    path = tmp_path / "planted.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_ten_planted_mistakes_are_all_reported_with_file_and_line(planted: Path) -> None:
    text, reported = planted.read_text(encoding="utf-8"), inspected(planted).findings
    assert inspected(FILE).conforms
    for _, wrong, words in PLANTED:
        line = text[: text.rindex(wrong)].count("\n") + 1
        found = [each for each in reported if words in each.finding.message]
        assert {each.path for each in found} == {planted}, words
        assert line in {each.line for each in found} or "- line: 27" in text.splitlines()[found[0].line - 1], words
    assert sum(each.finding.severity == "Violation" for each in reported) == len(PLANTED) + 1  # one is reported twice


def test_what_is_missed_because_of_another_mistake_is_not_reported(write: Callable[..., Path]) -> None:
    sections = """papers:
  - {line: 2, paper: SPRING, title: Springs, edition: cogs-2031, authors: {line: 0, names: [Ada Byron]}}
talks:
  - {line: 3, edition: cogs-2031, presents: SPRING, speakers: [Ada Byron]}
  - {line: 4, edition: cogs-2031, presents: WHEEL, speakers: [Ada Byron]}
"""
    reported = [each for each in inspected(write(sections)).findings if each.finding.severity == "Violation"]
    assert {each.line for each in reported} == {10, 13}


@pytest.mark.parametrize(
    ("there", "planted"),
    [
        ("acronym: NeurIPS}", "acronym: NeurIPS, founded: 1987}"),
        ("acronym: NeurIPS}", "acronym: []}"),
        ("- line: 21\n    round: best-paper-main\n    award: ", "- line: 21\n    round: best-paper-main\n    awards: "),
    ],
    ids=["an unknown key", "a series without its acronym", "a round without its award"],
)
def test_what_much_rests_on_is_reported_alone(tmp_path: Path, there: str, planted: str) -> None:
    text = (CURATED / "neurips-2024-press-release.yaml").read_text(encoding="utf-8")
    assert there in text
    line = text[: text.index(there)].count("\n") + 1
    path = tmp_path / "planted.yaml"
    path.write_text(text.replace(there, planted, 1), encoding="utf-8")
    assert min(lines(inspected(path))) == line
    assert len(lines(inspected(path))) <= 2


def test_a_share_is_no_more_than_all(tmp_path: Path) -> None:
    text = (CURATED / "neurips-2024-fact-sheet.yaml").read_text(encoding="utf-8")
    path = tmp_path / "planted.yaml"
    path.write_text(text.replace("printed: 25.8%", "printed: 258%"), encoding="utf-8")
    [reported] = [each for each in inspected(path).findings if each.finding.severity == "Violation"]
    assert (reported.line, "gives 2.58 for a share" in reported.finding.message) == (lines_of(path, "258%"), True)


def lines_of(path: Path, words: str) -> int:
    return next(place for place, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1) if words in line)


def test_a_file_that_cannot_be_read_at_all_does_not_hide_the_others(write: Callable[..., Path]) -> None:
    good = write("roles:\n  - {line: 2, role: reviewer, of: edition:cogs-2031, people: [a@example.org]}\n")
    found = inspected(good, ROOT / "tests" / "curated" / "colon-in-text.yaml")
    assert {each.path.name for each in found.findings if each.path and each.finding.severity == "Violation"} == {
        "made-up.yaml",
        "colon-in-text.yaml",
    }


def test_the_head_of_a_file_is_not_left_out(write: Callable[..., Path]) -> None:
    found = inspected(write(kind="flyer"))
    assert lines(found) == {3}


def test_every_format_says_every_finding(planted: Path) -> None:
    inspection = inspected(planted)
    count = len(inspection.findings)
    assert {*FORMATS} == {"csv", "json", "junit", "text", "ttl"}
    reported = json.loads(FORMATS["json"](inspection))
    assert (len(reported["findings"]), reported["conforms"], reported["counts"]["violation"]) == (count, False, 11)
    rows = list(csv.DictReader(io.StringIO(FORMATS["csv"](inspection))))
    assert {int(row["line"]) for row in rows if row["severity"] == "Violation"} == lines(inspection)
    suite = ET.fromstring(FORMATS["junit"](inspection))  # noqa: S314 - our own text
    assert (len(suite.findall("testcase")), len(suite.findall("testcase/failure"))) == (count, 11)
    report = rdflib.Graph().parse(data=FORMATS["ttl"](inspection))
    assert len(set(report.subjects(RDF.type, SH.ValidationResult))) == count
    assert "violations: 11; warnings: 0; notes: 12." in FORMATS["text"](inspection)


def test_findings_without_a_line_are_counted_and_shown_by_examples(tmp_path: Path) -> None:
    path = tmp_path / "persons.nt"
    path.write_text("".join(f"<http://x/{n}> <{RDF.type}> <{CVN.Person.value}> .\n" for n in range(9)))
    inspection = inspect_file(path, None)
    text = FORMATS["text"](inspection)
    assert inspection.count("Violation") == 18
    assert text.count("  http://x/") == 10
    assert text.count("  and 4 more") == 2
    assert "Violation: Person-source (9): This person has no source" in text


def test_an_rdf_file_is_judged_by_what_the_version_knows(tmp_path: Path, store: EmbeddedStore) -> None:
    source = f"<{BASE}id/source/neurips-2024-fact-sheet>"
    path = tmp_path / "person.ttl"
    path.write_text(
        f'<{BASE}id/person/x> a <{CVN.Person.value}> ; <{RDFS.label.value}> "X" ; <{CVN.source.value}> {source} .'
    )
    assert inspect_file(path, store).findings == ()
    assert [each.finding.shape for each in inspect_file(path, None).findings] == ["Person-source"]


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [("wheel.ttl", "<a> <b>", "is not well formed"), ("wheel.txt", "", "neither a curated file nor RDF")],
)
def test_a_file_that_is_invalid_is_refused(tmp_path: Path, name: str, text: str, words: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(PayloadError, match=words):
        inspect_file(path, None)


def test_a_blank_node_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "blank.nt"
    path.write_text("<http://x/a> <http://x/p> _:b .\n")
    [reported] = inspect_file(path, None).findings
    assert "give it an IRI" in reported.finding.message


def test_a_graph_of_a_source_and_the_whole_version_conform(store: EmbeddedStore) -> None:
    assert inspect_graph(store, Names(BASE).graph("source", "neurips-2024-fact-sheet")).conforms
    whole = inspect_version(store, 1)
    assert whole.conforms
    assert whole.count("Info") > 10
    with pytest.raises(UnknownGraphError, match="there are http"):
        inspect_graph(store, NamedNode("http://x/nowhere"))


def test_what_a_graph_breaks_is_reported() -> None:
    graph, thing = NamedNode("http://x/graph"), NamedNode("http://x/person")
    store = EmbeddedStore.memory([Quad(thing, NamedNode(str(RDF.type)), CVN.Person, graph)])
    assert {each.finding.shape for each in inspect_graph(store, graph).findings} == {"Person-label", "Person-source"}
    assert inspect_version(store, 1).findings == ()
    assert DefaultGraph() not in {quad.graph_name for quad in store.quads()}


def test_data_that_no_shape_looks_at_is_not_called_right(tmp_path: Path, store: EmbeddedStore) -> None:
    path = tmp_path / "other.ttl"
    for text in ('<http://x/a> a <https://schema.org/Event> ; <https://schema.org/name> "COGS" .', ""):
        path.write_text(text)
        [only] = inspect_file(path, store).findings
        assert (only.finding.severity, only.finding.shape) == ("Warning", "Unchecked")
        assert "No shape checks any of this" in FORMATS["text"](inspect_file(path, None))


def test_a_misspelled_class_in_a_file_is_reported_with_the_right_one(tmp_path: Path) -> None:
    path = tmp_path / "paper.ttl"
    path.write_text(f"<http://x/a> a <{CVN.Papper.value}> .")
    [only] = inspect_file(path, None).findings
    assert "did you mean cvn:Paper?" in only.finding.message
