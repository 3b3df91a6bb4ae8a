"""Findings of the consistency rules, as pages show them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode

from graph.serialization import tabular
from graph.terms import Term
from graph.vocabulary.codes import codes
from server.checks.sentences import linked_parts
from server.display.asking import Page, Row, ask, remembered
from server.display.tables import Mention, labels_of, mentions
from server.display.words import Cell, address, cell, words

CONTRADICTS = "contradicts"
SEVERITIES = ("high", "medium", "low")  # those shown on the pages of things
COLUMNS = ("finding", "outcome", "severity", "rule", "sentence", "arithmetic", "expected", "found", "source")


@dataclass(frozen=True)
class Outcomes:
    """How many instances had each outcome."""

    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """How many instances were examined."""
        return sum(self.counts.values())

    @property
    def contradictions(self) -> int:
        """How many contradict a rule; nothing else is a failure."""
        return self.counts.get(CONTRADICTS, 0)

    @property
    def summary(self) -> str:
        """The outcomes in words, such as 1 contradicts, 3 holds."""
        return ", ".join(
            f"{self.counts[name]:,} {label}" for name, label in codes("outcome").items() if name in self.counts
        )


@dataclass(frozen=True)
class RuleLine:
    """A rule and how it came out."""

    iri: NamedNode
    label: str
    explanation: str
    formula: str
    severity: str
    query: str
    outcomes: Outcomes


@dataclass(frozen=True)
class CountLine:
    """An edition or a source, and how the rules came out that concern it."""

    thing: Cell
    kind: NamedNode
    outcomes: Outcomes


@dataclass(frozen=True)
class FindingLine:
    """A finding in a list."""

    iri: NamedNode
    label: str
    severity: str
    parts: tuple[Cell, ...]

    @property
    def href(self) -> str:
        """The address of its page."""
        return address(self.iri)


@dataclass(frozen=True)
class Claim:
    """Something that was compared: what it is, how it is printed, and who says it."""

    label: str
    href: str
    printed: str
    what: str
    standing: str
    mentions: tuple[Mention, ...]


@remembered
def rule_lines() -> tuple[RuleLine, ...]:
    """Return the rules, in their order."""
    by_rule: dict[Term, list[Row]] = defaultdict(list)
    for row in ask("checks/rules").rows:
        by_rule[row["thing"]].append(row)
    return tuple(
        RuleLine(
            iri=NamedNode(iri.value),
            label=rows[0]["label"].value,
            explanation=rows[0]["explanation"].value,
            formula=rows[0]["formula"].value,
            severity=_code(rows[0]["severity"]),
            query=rows[0]["query"].value,
            outcomes=_outcomes(rows),
        )
        for iri, rows in by_rule.items()
    )


@remembered
def count_lines(kind: NamedNode) -> tuple[CountLine, ...]:
    """Return how the rules came out for each edition or source."""
    by_thing: dict[Term, list[Row]] = defaultdict(list)
    for row in ask("checks/counts").rows:
        if row["kind"] == kind:
            by_thing[row["thing"]].append(row)
    return tuple(
        CountLine(cell(thing, rows[0]["label"].value), kind, _outcomes(rows)) for thing, rows in by_thing.items()
    )


def finding_lines(page: Page, rule: NamedNode | None = None) -> tuple[FindingLine, ...]:
    """Return a page of the findings, of one rule or of all."""
    table = ask("checks/findings", page, rule=rule) if rule else ask("checks/findings", page)
    return tuple(_line(row) for row in table.rows)


def kept_lines(rule: NamedNode) -> tuple[tuple[str, FindingLine, str], ...]:
    """Return the outcome, the line and the arithmetic of instances of a rule that are no contradictions."""
    rows = ask("checks/kept", rule=rule).rows
    return tuple(
        (codes("outcome")[_code(row["outcome"])], _line(row), row["arithmetic"].value if "arithmetic" in row else "")
        for row in rows
    )


@dataclass(frozen=True)
class Concerning:
    """What concerns a thing: findings, the most severe first; these by what they mark; and what is no contradiction."""

    findings: tuple[FindingLine, ...]
    marks: Mapping[Term, tuple[FindingLine, ...]]
    cautions: tuple[FindingLine, ...]


@remembered
def findings_of(thing: NamedNode) -> Concerning:
    """Return what the rules found that concerns a thing."""
    lines: dict[Term, FindingLine] = {}
    marks: dict[Term, list[FindingLine]] = defaultdict(list)
    cautions: dict[Term, FindingLine] = {}
    for row in sorted(ask("checks/of-thing", entity=thing).rows, key=_place):
        if "severity" not in row:
            cautions.setdefault(row["thing"], _line(row))
            continue
        line = lines.setdefault(row["thing"], _line(row))
        for marked in (row[name] for name in ("involved", "property") if name in row):
            marks[marked].append(line)
    by_mark = {marked: tuple(dict.fromkeys(found)) for marked, found in marks.items()}
    return Concerning(tuple(lines.values()), by_mark, tuple(cautions.values()))


def _place(row: Row) -> tuple[int, int, str, str]:
    severity = SEVERITIES.index(_code(row["severity"])) if "severity" in row else len(SEVERITIES)
    return severity, int(row["order"].value), row["label"].value, row["thing"].value


def claims(check: NamedNode) -> tuple[Claim, ...]:
    """Return what an instance compared, side by side."""
    rows = ask("checks/involved", entity=check).rows
    labels = labels_of({term for row in rows for term in row.values()})
    by_source: dict[tuple[Term, ...], list[Row]] = defaultdict(list)
    for row in rows:
        by_source[_same(row)].append(row)
    return tuple(_claim(each, labels) for each in by_source.values())


def report_csv() -> str:
    """Return all findings as a table."""
    by_finding: dict[Term, list[Row]] = defaultdict(list)
    for row in ask("checks/table").rows:
        by_finding[row["finding"]].append(row)
    table = [tabular.row(COLUMNS)]
    for rows in by_finding.values():
        said = dict.fromkeys(f"{row['source'].value}, line {row['line'].value}" for row in rows if "source" in row)
        table.append(
            tabular.row([*(rows[0][name].value if name in rows[0] else "" for name in COLUMNS[:-1]), "; ".join(said)])
        )
    return "".join(table)


def _same(row: Row) -> tuple[Term, ...]:
    """Return the key by which equal claims are shown once: a fact of a source, or a line and its place."""
    if "subject" in row and "printed" in row:
        return (row["source"], row["line"], row["printed"])
    return (row["thing"], row["source"])


def _claim(rows: list[Row], labels: Mapping[Term, str]) -> Claim:
    first, thing = rows[0], rows[0]["thing"]

    def value(name: str) -> str:
        return labels.get(first[name]) or words(first[name]) if name in first else ""

    read = f": {value('object')}" if "printed" in first else ""
    stated = f"{value('subject')}{read}" if "subject" in first else ""
    preferred = first.get("preferred")
    return Claim(
        label=stated or value("label") or words(thing),
        href=address(NamedNode(thing.value)),
        printed=value("printed") or value("name") or value("object"),
        what=value("measure") or value("property"),
        standing="" if preferred is None else "preferred" if preferred.value == "true" else "not preferred",
        mentions=tuple(mentions([{key: row[key] for key in row if key != "printed"} for row in rows])),
    )


def _line(row: Row) -> FindingLine:
    severity = codes("severity")[_code(row["severity"])] if "severity" in row else ""
    parts = linked_parts(row["sentence"].value)
    return FindingLine(NamedNode(row["thing"].value), row["label"].value, severity, parts)


def _outcomes(rows: Iterable[Row]) -> Outcomes:
    return Outcomes({_code(row["outcome"]): int(row["count"].value) for row in rows if "outcome" in row})


def _code(term: Term) -> str:
    return term.value.rpartition("/")[2]
