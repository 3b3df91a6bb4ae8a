"""The result of an inspection: findings with their places in a file."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from graph.errors import Problem
from graph.validate.check import ORDER, Result, ShapeFinding, finding

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


def _order(located: LocatedFinding) -> tuple[int, str, str, int, ShapeFinding]:
    found = located.finding
    return ORDER.get(found.severity, len(ORDER)), found.shape, str(located.path or ""), located.line, found
