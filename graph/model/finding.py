"""Consistency rules, what they examined, and how often with which outcome."""

from dataclasses import dataclass
from typing import Annotated

from pyoxigraph import NamedNode

from graph.model.record import Record, Says
from graph.terms import CVN, Term


@dataclass(frozen=True, kw_only=True)
class ConsistencyRule(Record):
    """A rule that the numbers, names and dates of the graph are examined by."""

    TYPE = CVN.ConsistencyRule

    explanation: Annotated[str, Says(CVN.explanation)]
    formula: Annotated[str, Says(CVN.formula)]
    severity: Annotated[NamedNode, Says(CVN.severity)]
    query_text: Annotated[str, Says(CVN.queryText)]
    order: Annotated[int, Says(CVN.order)]


@dataclass(frozen=True, kw_only=True)
class Check(Record):
    """One instance that a rule examined, and how it came out."""

    TYPE = CVN.Check

    rule: Annotated[NamedNode, Says(CVN.rule)]
    outcome: Annotated[NamedNode, Says(CVN.outcome)]
    sentence: Annotated[str, Says(CVN.sentence)]
    arithmetic: Annotated[str | None, Says(CVN.arithmetic)] = None
    expected: Annotated[Term | None, Says(CVN.expected)] = None
    found: Annotated[Term | None, Says(CVN.found)] = None
    involves: Annotated[tuple[NamedNode, ...], Says(CVN.involves)] = ()
    concerns: Annotated[tuple[NamedNode, ...], Says(CVN.concerns)] = ()


@dataclass(frozen=True, kw_only=True)
class Finding(Check):
    """An instance whose statements contradict each other."""

    TYPE = CVN.Finding

    severity: Annotated[NamedNode, Says(CVN.severity)]


@dataclass(frozen=True, kw_only=True)
class Tally(Record):
    """How many instances of a rule had an outcome, in all or as far as they concern one thing."""

    TYPE = CVN.Tally

    rule: Annotated[NamedNode, Says(CVN.rule)]
    outcome: Annotated[NamedNode, Says(CVN.outcome)]
    count: Annotated[int, Says(CVN.count)]
    concerns: Annotated[NamedNode | None, Says(CVN.concerns)] = None
