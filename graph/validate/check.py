"""One check: a query that finds violations, by expressions that are true if a test is broken; its results in words."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice

from pyoxigraph import BlankNode, Literal, QuerySolution, QuerySolutions, Triple

from graph.files import QUERIES
from graph.query import read_query
from graph.validate.shapes import AnyTerm, Node

PATTERN, EXPRESSIONS = "# pattern", "# expressions"
THIS, VALUE, PATH = "?this", "?value", "?path"
ALWAYS = "true"
Named = Callable[[str], str]
BLOCK = 300  # nodes in one query: the engine joins many badly
ORDER = {"Violation": 0, "Warning": 1, "Info": 2}


@dataclass(frozen=True)
class Target:
    """Graph patterns that each find focus nodes, by the variable that they bind.

    `rare` where it is quicker to look for what is wrong first, and whether it is wrong of a focus node then.
    """

    patterns: tuple[Named, ...]
    rare: bool = False

    def binds(self, node: str) -> str:
        """Return the pattern that binds a variable to the focus nodes; it may bind it to one of them several times."""
        first, *others = [pattern(node) for pattern in self.patterns]
        found = [first, *(f"{each} FILTER NOT EXISTS {{ {first} }}" for each in others)]
        return first if not others else " UNION ".join(f"{{ {each} }}" for each in found)

    def holds(self, node: str) -> str:
        """Return whether a node is a focus node."""
        return f"({' || '.join(f'EXISTS {{ {pattern(node)} }}' for pattern in self.patterns)})"


@dataclass(frozen=True)
class Constraint:
    """A constraint of a shape, and what a result of it says (SHACL, section 3.6.2)."""

    shape: Node
    component: str
    severity: str
    message: str
    path: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """One violation: a constraint, the focus node, the path in SPARQL, the value, and the message for people."""

    constraint: Constraint
    focus: AnyTerm
    path: str
    value: AnyTerm | None
    message: str


@dataclass(frozen=True)
class Test:
    """A constraint and the expression that is true where it is broken; `itself` where the focus node is the value.

    `within` is the target of the constraint where the check may find nodes beyond it.
    """

    constraint: Constraint
    broken: str
    itself: bool = False
    within: Target | None = None

    @property
    def expression(self) -> str:
        """The expression that is true where the constraint is broken by a focus node."""
        return f"({self.broken} && {self.within.holds(THIS)})" if self.within else self.broken


@dataclass(frozen=True)
class CompiledCheck:
    """Tests of the nodes that a scan finds among the focus nodes of a target; without a scan, of all of them.

    A check is `rare` where the scan comes first, as few nodes are expected to break a test. It has no target where its
    tests have theirs.
    """

    root: Node
    target: Target | None
    scan: str
    tests: tuple[Test, ...]
    rare: bool = False

    def text(self, focus: Iterable[AnyTerm] | None = None) -> str:
        """Return the query for all focus nodes, or for some that are known to be focus nodes."""
        start = these(focus) if focus is not None else self.target.binds(THIS) if self.target else ""
        flags = [f"({test.expression} AS ?t{n})" for n, test in enumerate(self.tests) if test.broken != ALWAYS]
        text = template("check").replace(EXPRESSIONS, "\n  ".join(flags))
        return text.replace(PATTERN, f"{start} {self.scan} {_filter(self.tests)}")

    def results(self, rows: QuerySolutions) -> Iterator[Result]:
        """Yield what the answer of the query says."""
        for row in rows:
            for number, test in enumerate(self.tests):
                if test.broken == ALWAYS or _is_true(row[f"t{number}"]):
                    yield _result(test, row)


def merged(checks: Iterable[CompiledCheck]) -> list[CompiledCheck]:
    """Return checks that find the same with fewer scans: one for each path, one for each target."""
    groups: dict[tuple[str, str], list[CompiledCheck]] = defaultdict(list)
    for check in checks:
        target = check.target.binds(THIS) if check.target and not check.rare else ""
        groups[target, check.scan].append(check)
    return [_one(group) for group in groups.values()]


def together(checks: Iterable[CompiledCheck]) -> list[CompiledCheck]:
    """Return the checks of one target as such that find the same with fewer scans."""
    groups: dict[str, list[CompiledCheck]] = defaultdict(list)
    for check in checks:
        groups[check.scan].append(check)
    return [replace(group[0], tests=tuple(test for each in group for test in each.tests)) for group in groups.values()]


def _one(group: list[CompiledCheck]) -> CompiledCheck:
    first = group[0]
    if not first.rare:
        return replace(first, tests=tuple(test for each in group for test in each.tests))
    return replace(
        first, target=None, tests=tuple(replace(t, within=each.target) for each in group for t in each.tests)
    )


def _filter(tests: Iterable[Test]) -> str:
    """Return the filter that lets pass what breaks a test; one expression is asked once for all its targets."""
    targets: dict[str, set[str]] = defaultdict(set)
    for test in tests:
        targets[test.broken].add(test.within.holds(THIS) if test.within else ALWAYS)
    if ALWAYS in targets:
        return ""
    either = (broken if ALWAYS in t else f"({broken} && ({' || '.join(sorted(t))}))" for broken, t in targets.items())
    return f"FILTER({' || '.join(either)})"


def _result(test: Test, row: QuerySolution) -> Result:
    focus, value, path = row["this"], row["value"], row["path"]
    return Result(
        test.constraint,
        focus,
        str(path) if path is not None else test.constraint.path,
        focus if test.itself else shown(value),
        test.constraint.message,
    )


def shown(value: object) -> AnyTerm | None:
    """Return the value of a result; a triple term (RDF 1.2) is written as text."""
    return Literal(str(value)) if isinstance(value, Triple) else value  # type: ignore[return-value]


def _is_true(term: object) -> bool:
    return isinstance(term, Literal) and term.value == "true"


@cache
def template(name: str) -> str:
    """Return the text of a query that is filled in."""
    return read_query(QUERIES / "validate" / f"{name}.rq").text


def these(nodes: Iterable[AnyTerm]) -> str:
    """Return the pattern that binds the focus node to some nodes."""
    return f"VALUES {THIS} {{ {' '.join(map(str, nodes))} }}"


def blocks(nodes: Iterable[AnyTerm]) -> Iterator[list[AnyTerm]]:
    """Yield nodes that a query can name, in blocks."""
    named: Iterator[AnyTerm] = (node for node in nodes if not isinstance(node, BlankNode))
    while block := list(islice(named, BLOCK)):
        yield block


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
