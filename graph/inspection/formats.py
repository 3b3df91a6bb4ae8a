"""The formats of a report: each function returns its text, and FORMATS is the registry."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import quote
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, serialize

from graph.errors import Problem
from graph.serialization.tabular import row
from graph.serialization.wellformed import replaced
from graph.terms import PREFIXES, RDF, SHAPE
from graph.validate.check import ORDER, Result, ShapeFinding, finding
from graph.validate.shapes import SH, AnyTerm

EXAMPLES = 5  # of findings that have no line
HEAD = ("severity", "shape", "component", "focus", "path", "value", "message", "file", "line")
FORM = "Form"  # stands for the shape of what breaks the form of a file


@dataclass(frozen=True)
class LocatedFinding:
    """A finding, the result that it is made of unless it is a mistake of form, and its place if it has one."""

    finding: ShapeFinding
    result: Result | None = None
    path: Path | None = None
    line: int = 0

    @classmethod
    def of_result(cls, result: Result, path: Path | None = None, line: int = 0) -> "LocatedFinding":
        """Return a result of a shape at a place."""
        return cls(finding(result), result, path, line)

    @classmethod
    def of_problem(cls, problem: Problem) -> "LocatedFinding":
        """Return a mistake of form at its place."""
        return cls(ShapeFinding("Violation", problem.message, "", "", FORM, "", FORM), None, problem.path, problem.line)

    @property
    def place(self) -> str:
        """The file and line, or the thing where there is no file."""
        return f"{self.path.name}:{self.line}" if self.path else self.finding.focus


@dataclass(frozen=True)
class Inspection:
    """The inspected thing, in words, and its findings, the most severe first."""

    subject: str
    findings: tuple[LocatedFinding, ...]

    @classmethod
    def of(cls, subject: str, findings: Iterable[LocatedFinding]) -> "Inspection":
        """Return an inspection in order."""
        return cls(subject, tuple(sorted(findings, key=_order)))

    @property
    def conforms(self) -> bool:
        """Whether there is no violation."""
        return not self.count("Violation")

    def count(self, severity: str) -> int:
        """Return how many findings have a severity."""
        return sum(each.finding.severity == severity for each in self.findings)


def csv(inspection: Inspection) -> str:
    """Return the report for spreadsheets: CSV (RFC 4180) with one row for each finding."""
    rows = [row(HEAD)]
    for each in inspection.findings:
        cells = [getattr(each.finding, name) for name in HEAD[:-2]]
        rows.append(row((*cells, each.path or "", each.line or "")))
    return "".join(rows)


def as_json(inspection: Inspection) -> str:
    """Return the report for programs: JSON with each finding and its place."""
    findings = [
        asdict(each.finding) | ({"file": str(each.path), "line": each.line} if each.path else {})
        for each in inspection.findings
    ]
    counts = {each.lower(): inspection.count(each) for each in ("Violation", "Warning", "Info")}
    whole = {"subject": inspection.subject, "conforms": inspection.conforms, "counts": counts, "findings": findings}
    return json.dumps(whole, indent=1, ensure_ascii=False)


def junit(inspection: Inspection) -> str:
    """Return the report for continuous integration: JUnit XML, where only violations are failures."""
    failures = str(inspection.count("Violation"))
    count = str(max(1, len(inspection.findings)))
    suite = Element("testsuite", name=inspection.subject, tests=count, failures=failures, errors="0")
    for each in inspection.findings:
        found = each.finding
        place = {"file": str(each.path), "line": str(each.line)} if each.path else {}
        case = SubElement(suite, "testcase", {"classname": found.shape, "name": each.place} | place)
        if found.severity == "Violation":
            SubElement(case, "failure", message=found.message, type=found.component).text = str(found)
        else:
            SubElement(case, "system-out").text = str(found)
    if not inspection.findings:
        SubElement(suite, "testcase", classname="shapes", name=inspection.subject)
    indent(suite)
    return replaced(tostring(suite, encoding="unicode", xml_declaration=True))


def text(inspection: Inspection) -> str:
    """Return the report for the terminal: grouped by shape, with all findings in files and examples of others."""
    groups: dict[tuple[str, str], list[LocatedFinding]] = defaultdict(list)
    for each in inspection.findings:
        groups[each.finding.severity, each.finding.shape].append(each)
    lines = [line for (severity, shape), group in groups.items() for line in _group(severity, shape, group)]
    counts = {"violations": "Violation", "warnings": "Warning", "notes": "Info"}
    counted = "; ".join(f"{words}: {inspection.count(severity)}" for words, severity in counts.items())
    return "\n".join((*lines, f"{inspection.subject}: {counted}."))


def _group(severity: str, shape: str, group: list[LocatedFinding]) -> Iterator[str]:
    messages = {each.finding.message for each in group}
    head = next(iter(messages)) if len(messages) == 1 and shape != FORM else ""
    name = "mistakes of form" if shape == FORM else shape
    yield f"{severity}: {name} ({len(group)}){f': {head}' if head else ''}"
    shown = [each for each in group if each.path] or group[:EXAMPLES]
    for each in shown:
        found = each.finding
        thing = f"{each.place}: {found.focus}" if each.path and found.focus else each.place
        value = f" (here: {found.value})" if found.value else ""
        yield f"  {thing}{'' if head or not found.message else f': {found.message}'}{value}"
    if left := len(group) - len(shown):
        yield f"  and {left} more"
    yield ""


def ttl(inspection: Inspection) -> str:
    """Return the report for other tools: a sh:ValidationReport (SHACL, section 3.6) in Turtle."""
    whole = BlankNode("report")
    triples = [Triple(whole, RDF.type, SH.ValidationReport)]
    triples.append(Triple(whole, SH.conforms, Literal(value=not inspection.findings)))
    for number, located in enumerate(inspection.findings):
        node = BlankNode(f"result{number}")
        triples += [Triple(whole, SH.result, node), Triple(node, RDF.type, SH.ValidationResult)]
        triples += [Triple(node, prop, value) for prop, value in _said(located) if value is not None]
    return (serialize(triples, format=RdfFormat.TURTLE, prefixes=PREFIXES) or b"").decode()


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


FORMATS: dict[str, Callable[[Inspection], str]] = {
    "csv": csv,
    "json": as_json,
    "junit": junit,
    "text": text,
    "ttl": ttl,
}


def _order(located: LocatedFinding) -> tuple[int, str, str, int, ShapeFinding]:
    found = located.finding
    return ORDER.get(found.severity, len(ORDER)), found.shape, str(located.path or ""), located.line, found
