"""Every fact that readers found in the five documents is in the graph of its document, at its line."""

import csv
import re
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

import pytest
from pyoxigraph import Literal, NamedNode

from graph.build import Graph, Inputs, make_graph
from graph.curated.documents import find_documents
from graph.files import ROOT
from graph.names import Names
from graph.terms import CVN, RDF, RDFS, SKOS, Triple
from graph.vocabulary import ontology

SHARED = ROOT.parent / "shared"
CHECKLIST = SHARED / "checklists" / "seed_facts.tsv"
SOURCES = {
    "000": "neurips-2024-fact-sheet",
    "001": "neurips-2024-press-release",
    "002": "iclr-2024-fact-sheet",
    "003": "neurips-2023-press-release",
    "004": "neurips-video-notes",
}
NAMES = Names("https://kg.example.org/")
Row = dict[str, str]
Words = set[str]

pytestmark = pytest.mark.skipif(not CHECKLIST.exists(), reason="the checklist of facts is not beside this checkout")


def rows() -> list[Row]:
    with CHECKLIST.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


TITLES = (
    {row["subject"]: row["normalised_value"] for row in rows() if row["property"] == "title"}
    if CHECKLIST.exists()
    else {}
)


class Said:
    """The statements of one document, by line."""

    def __init__(self, triples: frozenset[Triple], labels: dict[NamedNode, list[str]]) -> None:
        self.labels = labels
        self.out: dict[NamedNode, list[tuple[NamedNode, NamedNode | Literal]]] = defaultdict(list)
        for triple in triples:
            assert isinstance(triple.subject, NamedNode)
            assert isinstance(triple.object, NamedNode | Literal)
            self.out[triple.subject].append((triple.predicate, triple.object))
        cited = {node: [out for prop, out in said if prop == CVN.citedAt] for node, said in self.out.items()}
        self.places = {
            node: [place for place in places if isinstance(place, NamedNode)] for node, places in cited.items()
        }
        self.lines = [
            (node, line)
            for node, places in self.places.items()
            for place in places
            for line in self.values(place, CVN.sourceLine)
        ]

    def at(self, line: str) -> Iterator[NamedNode]:
        """Yield the facts and statements at a line."""
        yield from dict.fromkeys(node for node, lines in self.lines if covers(lines, line))

    def values(self, node: NamedNode, prop: NamedNode) -> list[str]:
        return [value.value for each, value in self.out[node] if each == prop]

    def words(self, node: NamedNode) -> Iterator[str]:
        """Yield all texts of a node: its literals, and the labels and literals of what it names."""
        for place in self.places.get(node, ()):
            yield from (*self.values(place, CVN.asPrinted), *self.values(place, CVN.quote))
        for prop, value in self.out[node]:
            yield value.value
            if isinstance(value, NamedNode) and prop != CVN.source:
                yield from self.labels.get(value, [])


def covers(lines: str, line: str) -> bool:
    first, _, last = lines.partition("-")
    low, _, high = line.partition("-")
    return int(first) <= int(low) and int(high or low) <= int(last or first)


def plain(text: str) -> str:
    text = re.sub(r"\]\([^)]*\)|\[\[|\]\]|[\[\]*\\]", "", text)
    return re.sub(r"[\W_]+", " ", text).strip().casefold()


@pytest.fixture(scope="module")
def documents() -> dict[str, Said]:
    graph = make_graph(NAMES, Inputs.bundled(find_documents(SHARED / "seeds")))
    labels = _labels(graph)
    return {number: Said(graph.named[NAMES.graph("source", key)], labels) for number, key in SOURCES.items()}


def _labels(graph: Graph) -> dict[NamedNode, list[str]]:
    labels = defaultdict(list)
    for triple in (*graph.view, *ontology.terms(), *(each for named in graph.named.values() for each in named)):
        if triple.predicate in (RDFS.label, SKOS.altLabel, SKOS.prefLabel) and isinstance(triple.object, Literal):
            assert isinstance(triple.subject, NamedNode)
            labels[triple.subject].append(triple.object.value)
    return labels


def found(row: Row, said: Said) -> bool:
    """Return whether what a row says is in the graph of its document, at its line."""
    nodes = list(said.at(row["source_lines"]))
    if "@" in row["value_verbatim"]:
        return any("e-mail address" in said.words(node) for node in nodes)
    if row["kind"] == "authorship":
        return any(_is_author(row, said, node) for node in nodes)
    if row["kind"] in ("statistic", "statistic-change") or row["property"] == "length":
        return numbers(row["normalised_value"]) <= {
            Decimal(value) for node in nodes for value in said.values(node, CVN.value)
        }
    if row["kind"] == "derived-count":
        listed = [node for node in nodes if _kind(said, node, CVN.Authorship) or _holds(said, node, "mentor")]
        return len(listed) == int(row["normalised_value"])
    return _has_words(row, said, nodes)


def _is_author(row: Row, said: Said, node: NamedNode) -> bool:
    position, _, name = row["normalised_value"].rpartition("|")
    names = {plain(word) for word in said.words(node)}
    right = said.values(node, CVN.position) == [position or "1"]
    return _kind(said, node, CVN.Authorship) and right and plain(re.sub(r" \(.*", "", name)) in names


def _kind(said: Said, node: NamedNode, kind: NamedNode) -> bool:
    return kind.value in said.values(node, RDF.type)


def _holds(said: Said, node: NamedNode, role: str) -> bool:
    return any(value.endswith(f"/role/{role}") for value in said.values(node, CVN.role))


def numbers(text: str) -> set[Decimal]:
    """Return the numbers of a normalised value."""
    text = re.sub(r"(?<=\d),(?=\d{3})", "", text)
    return {
        Decimal(each) for each in re.findall(r"(?<![\w.])[+-]?\d+(?:\.\d+)?", re.sub(r"main=|D&B=|\w+@\w+", " ", text))
    }


def _has_words(row: Row, said: Said, nodes: list[NamedNode]) -> bool:
    """Return whether the words of a row are there; a lost link has its label, papers have their titles."""
    there = {plain(word) for node in nodes for word in said.words(node)}
    joined = " | ".join(there)
    verbatim, normalised = plain(row["value_verbatim"]), row["normalised_value"]
    if verbatim in joined or (row["kind"] == "link" and any(len(word) > 3 and word in verbatim for word in there)):
        return True
    normalised = re.sub(r"\([^)]*\)", "", normalised)
    normalised = TITLES.get(normalised, normalised)
    parts = [plain(part).removesuffix("s") for part in re.split(r"[;|/]", normalised) if plain(part)]
    return bool(parts) and all(part in joined for part in parts)


def test_every_fact_of_the_checklist_is_in_the_graph_of_its_document_at_its_line(
    documents: dict[str, Said], capsys: pytest.CaptureFixture[str]
) -> None:
    asked = rows()
    missing = [row["id"] for row in asked if not found(row, documents[row["seed_file"][:3]])]
    with capsys.disabled():
        print(f"\n{len(asked) - len(missing)} of {len(asked)} facts found; missing: {', '.join(missing) or 'none'}")
    assert not missing
