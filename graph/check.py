"""Runs the shapes over a graph, with pyshacl."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import rdflib
from pyoxigraph import NamedNode
from pyshacl import validate
from rdflib.namespace import RDF, SH

from graph.files import SHAPES
from graph.ontology import terms
from graph.terms import Term, Triple


@dataclass(frozen=True, order=True)
class Finding:
    """One result of a shape: what is wrong with which thing."""

    severity: str
    message: str
    focus: str
    path: str
    shape: str
    value: str

    def __str__(self) -> str:
        value = f" (here: {self.value})" if self.value else ""
        return f"{self.severity}: {self.focus}: {self.message}{value} [{self.shape}]"


@cache
def shapes(folder: Path = SHAPES) -> rdflib.Graph:
    """Return the shapes of a folder, ready to run."""
    graph = rdflib.Graph()
    for path in sorted(folder.glob("*.ttl")):
        if path.stem != "ontology":
            graph.parse(path, format="turtle")
    return flat(graph)


def flat(graph: rdflib.Graph) -> rdflib.Graph:
    """Give each property shape the targets of its node shape, and return the graph.

    The results are the same, but pyshacl then runs a property shape once for all things of a class,
    not once for each thing.
    """
    for whole, target in list(graph.subject_objects(SH.targetClass)):
        for part in list(graph.objects(whole, SH.property)):
            graph.remove((whole, SH.property, part))
            graph.add((part, SH.targetClass, target))
            for ignored in graph.objects(whole, SH.ignoredProperties):
                graph.collection(ignored).append(next(graph.objects(part, SH.path)))
    return graph


def check(triples: Iterable[Triple]) -> list[Finding]:
    """Return what the shapes find in a graph, the most severe first; the code lists are known to them."""
    data = rdflib.Graph()
    for triple in (*triples, *terms()):
        data.add((_node(triple.subject), _node(triple.predicate), _node(triple.object)))
    _, report, _ = validate(data, shacl_graph=shapes(), inference="none", advanced=False)
    assert isinstance(report, rdflib.Graph)  # noqa: S101 - pyshacl returns a graph unless asked for text
    results = report.subjects(RDF.type, SH.ValidationResult)
    return sorted((_finding(report, result) for result in results), key=lambda each: (ORDER[each.severity], each))


ORDER = {"Violation": 0, "Warning": 1, "Info": 2}


def _finding(report: rdflib.Graph, result: rdflib.term.Node) -> Finding:
    def words(prop: rdflib.URIRef) -> str:
        return str(next(report.objects(result, prop), ""))

    return Finding(
        severity=words(SH.resultSeverity).rpartition("#")[2],
        message=words(SH.resultMessage),
        focus=words(SH.focusNode),
        path=words(SH.resultPath),
        shape=words(SH.sourceShape).rpartition("#")[2],
        value=words(SH.value),
    )


def _node(term: Term) -> rdflib.term.Identifier:
    if isinstance(term, NamedNode):
        return rdflib.URIRef(term.value)
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    plain = term.datatype.value.endswith("#string")
    return rdflib.Literal(term.value, datatype=None if plain else rdflib.URIRef(term.datatype.value))
