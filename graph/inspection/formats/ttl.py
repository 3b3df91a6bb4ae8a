"""For other tools: a sh:ValidationReport (SHACL, section 3.6) in Turtle."""

from collections.abc import Iterator
from urllib.parse import quote

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from graph.inspection.inspection import Inspection, LocatedFinding
from graph.terms import PREFIXES, RDF, SHAPE
from graph.validate.shapes import SH, AnyTerm


def written(inspection: Inspection) -> str:
    """Return the report in Turtle."""
    text = serialize(report(inspection), format=RdfFormat.TURTLE, prefixes=PREFIXES)
    return (text or b"").decode()


def report(inspection: Inspection) -> Iterator[Triple]:
    """Yield the triples of the report."""
    whole = BlankNode("report")
    yield Triple(whole, RDF.type, SH.ValidationReport)
    yield Triple(whole, SH.conforms, Literal(value=not inspection.findings))
    for number, located in enumerate(inspection.findings):
        node = BlankNode(f"result{number}")
        yield Triple(whole, SH.result, node)
        yield Triple(node, RDF.type, SH.ValidationResult)
        yield from (Triple(node, prop, value) for prop, value in _said(located) if value is not None)


def _said(located: LocatedFinding) -> Iterator[tuple[NamedNode, AnyTerm | None]]:
    """Yield the properties of a result; its message begins with its place in a file."""
    found, result = located.finding, located.result
    place = f"{located.place}: " if located.path else ""
    yield SH.resultSeverity, SH[found.severity]
    yield SH.sourceConstraintComponent, SH[f"{found.component}ConstraintComponent"]
    yield SH.resultMessage, Literal(f"{place}{found.message}")
    yield SH.sourceShape, result.constraint.shape if result else SHAPE[found.shape]
    yield SH.focusNode, result.focus if result else NamedNode(f"file:{quote(located.place)}")
    yield SH.value, result.value if result else None
    if found.path and ":" in found.path and not set("<>()^") & set(found.path):
        yield SH.resultPath, NamedNode(found.path)
