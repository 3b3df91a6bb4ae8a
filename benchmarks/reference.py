"""What pyshacl finds, which is the reference of our own validation, in a form in which both can be compared."""

import logging
from collections.abc import Iterable
from typing import NamedTuple

import pyoxigraph as ox
import rdflib
from pyshacl import validate
from rdflib.collection import Collection
from rdflib.namespace import RDF, SH
from rdflib.term import Node

from graph.terms import XSD
from graph.validate.check import Result
from graph.validate.shapes import AnyTerm

rdflib.NORMALIZE_LITERALS = False  # as pyshacl does, so that a literal stays as it is written
BLANK = "_:b"
CLOSURES = {SH.zeroOrMorePath: "*", SH.oneOrMorePath: "+", SH.zeroOrOnePath: "?"}


class Plain(NamedTuple):
    """A result as text; blank nodes are all alike."""

    focus: str
    path: str
    value: str
    component: str
    severity: str
    shape: str


def found_here(results: Iterable[Result]) -> set[Plain]:
    """Return our results as text."""
    return {
        Plain(
            text(each.focus),
            each.path,
            text(each.value),
            each.constraint.component,
            each.constraint.severity,
            text(each.constraint.shape),
        )
        for each in results
    }


def found_by_pyshacl(data: rdflib.Graph, shapes: rdflib.Graph) -> set[Plain]:
    """Return the results of pyshacl as text."""
    logging.getLogger("rdflib.term").setLevel(logging.ERROR)  # it warns of each literal that is ill-formed
    _, report, _ = validate(data, shacl_graph=shapes, inference="none", advanced=False)
    assert isinstance(report, rdflib.Graph)  # noqa: S101 - pyshacl returns a graph unless asked for text
    return reported(report)


def reported(report: rdflib.Graph, node: Node | None = None) -> set[Plain]:
    """Return the results of a report as text; `node` is the report, if the graph holds several."""

    def of(result: Node, prop: rdflib.URIRef) -> Node | None:
        return next(report.objects(result, prop), None)

    return {
        Plain(
            rdf(of(each, SH.focusNode)),
            path(report, of(each, SH.resultPath)),
            rdf(of(each, SH.value)),
            str(of(each, SH.sourceConstraintComponent)).rpartition("#")[2].removesuffix("ConstraintComponent"),
            str(of(each, SH.resultSeverity)).rpartition("#")[2],
            rdf(of(each, SH.sourceShape)),
        )
        for each in (report.objects(node, SH.result) if node else report.subjects(RDF.type, SH.ValidationResult))
    }


def text(term: AnyTerm | None) -> str:
    """Return a term of pyoxigraph as text."""
    if term is None:
        return ""
    return BLANK if isinstance(term, ox.BlankNode) else str(term)


def rdf(node: Node | None) -> str:
    """Return a node of rdflib as text, as `text` does."""
    match node:
        case None:
            return ""
        case rdflib.BNode():
            return BLANK
        case rdflib.Literal():
            kind = None if node.language else ox.NamedNode(str(node.datatype or XSD.string.value))
            return str(ox.Literal(str(node), language=node.language, datatype=kind))
    return f"<{node}>"


def path(graph: rdflib.Graph, node: Node | None) -> str:
    """Return a path in SPARQL, as `graph.validate.paths.written` does."""
    if node is None:
        return ""
    if isinstance(node, rdflib.URIRef):
        return f"<{node}>"
    if (node, RDF.first, None) in graph:
        return f"({'/'.join(path(graph, each) for each in Collection(graph, node))})"
    prop, inner = next((prop, each) for prop, each in graph.predicate_objects(node) if prop != RDF.type)
    if prop == SH.inversePath:
        return f"^{path(graph, inner)}" if isinstance(inner, rdflib.URIRef) else f"^({path(graph, inner)})"
    if prop == SH.alternativePath:
        return f"({'|'.join(path(graph, each) for each in Collection(graph, inner))})"
    assert isinstance(prop, rdflib.URIRef)  # noqa: S101 - as every property
    return f"({path(graph, inner)}){CLOSURES[prop]}"
