"""Validation results in words."""

from collections.abc import Iterable
from dataclasses import dataclass

from graph.validate.check import Result
from graph.validate.shapes import AnyTerm

ORDER = {"Violation": 0, "Warning": 1, "Info": 2}


@dataclass(frozen=True, order=True)
class ShapeFinding:
    """One result of a shape: what is wrong with which thing."""

    severity: str
    message: str
    focus: str
    path: str
    shape: str
    value: str
    component: str = ""

    def __str__(self) -> str:
        value = f" (here: {self.value})" if self.value else ""
        return f"{self.severity}: {self.focus}: {self.message}{value} [{self.shape}]"


def findings(results: Iterable[Result]) -> list[ShapeFinding]:
    """Return results in words, the most severe first."""
    return sorted(map(finding, results), key=lambda each: (ORDER.get(each.severity, len(ORDER)), each))


def finding(result: Result) -> ShapeFinding:
    """Return a result in words."""
    constraint = result.constraint
    return ShapeFinding(
        severity=constraint.severity,
        message=result.message,
        focus=_words(result.focus),
        path=plain(result.path),
        shape=_words(constraint.shape).rpartition("#")[2],
        value=_words(result.value),
        component=constraint.component,
    )


def plain(path: str) -> str:
    """Return a path without angle brackets where it is one property."""
    return path[1:-1] if path.startswith("<") and path.count("<") == 1 and path.endswith(">") else path


def _words(term: AnyTerm | None) -> str:
    return "" if term is None else term.value
