"""SPARQL-based constraints (SHACL, section 5): a query of the shapes graph, asked of all focus nodes at once."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import QuerySolutions

from graph.errors import UnsupportedShapeError
from graph.terms import OWL
from graph.validate.check import THIS, Constraint, Result, Target, shown, these
from graph.validate.shapes import SH, AnyTerm, Node, Shapes

START = re.compile(r"\bWHERE\s*\{|\{", re.IGNORECASE)
FORBIDDEN = re.compile(
    r"\b(?P<word>MINUS|SERVICE|VALUES)\b|\bAS\s+[?$](?P<bound>this|shapesGraph|currentShape)\b", re.IGNORECASE
)
UNKNOWN = re.compile(r"[?$](shapesGraph|currentShape)\b")
GROUP = re.compile(r"(?P<before>\w+|\S)?\s*\{")
SEEING = frozenset({"WHERE", "EXISTS", "OPTIONAL"})  # what opens a group in which $this is known from around it
TEXTS = re.compile(r'"""(?:.|\n)*?"""|"[^"\n]*"|\'[^\'\n]*\'|<[^<>\s]*>|#[^\n]*')
NAMED = re.compile(r"\{[?$](?P<name>\w+)\}")


@dataclass(frozen=True)
class QueryCheck:
    """The check of one constraint by its own query, in which the focus nodes are put before the pattern."""

    root: Node
    target: Target
    query: str
    constraint: Constraint

    def text(self, focus: Iterable[AnyTerm] | None = None) -> str:
        """Return the query for all focus nodes, or for some that are known to be focus nodes."""
        start = self.target.binds(THIS) if focus is None else these(focus)
        place = START.search(self.query)
        assert place  # noqa: S101 - query_check has looked
        return f"{self.query[: place.end()]} {start} {self.query[place.end() :]}"

    def results(self, rows: QuerySolutions) -> Iterator[Result]:
        """Yield what the answer of the query says (SHACL, section 5.3.2)."""
        names = {each.value for each in rows.variables}
        for row in rows:
            known = {name: term for name in names if (term := shown(row[name])) is not None}
            value = known.get("value", None if self.constraint.path else known["this"])
            path = str(known["path"]) if "path" in known else self.constraint.path
            yield Result(self.constraint, known["this"], path, value, self._message(known))

    def _message(self, known: dict[str, AnyTerm]) -> str:
        words = known["message"].value if "message" in known else self.constraint.message
        return NAMED.sub(lambda found: known[found["name"]].value if found["name"] in known else found[0], words)


def query_text(shapes: Shapes, constraint: AnyTerm, path: str) -> str:
    """Return the query of a constraint with prefixes and path; raise UnsupportedShapeError if it cannot run here."""
    declaring = shapes.objects(constraint, SH.prefixes)
    declaring += [each for node in declaring for each in shapes.objects(node, OWL.imports)]
    declared = [each for node in declaring for each in shapes.objects(node, SH.declare)]
    prefixes = [f"PREFIX {shapes.words(each, SH['prefix'])}: <{shapes.words(each, SH.namespace)}>" for each in declared]
    select = re.sub(r"[?$]PATH\b", lambda _: path, shapes.words(constraint, SH.select))
    _check(constraint, select)
    return "\n".join([*prefixes, select])


def _check(constraint: AnyTerm, select: str) -> None:
    plain = TEXTS.sub(" ", select)
    if not START.search(plain):
        raise UnsupportedShapeError(f"The constraint {constraint} has no query; write one with sh:select.")
    if found := FORBIDDEN.search(plain):
        what = found["word"] or f"AS ${found['bound']}"
        raise UnsupportedShapeError(f"The query of {constraint} has {what}, which SHACL forbids there; rewrite it.")
    if found := UNKNOWN.search(plain):
        raise UnsupportedShapeError(f"The query of {constraint} has {found[0]}, which is not known here; rewrite it.")
    _outer, *others = GROUP.finditer(plain)
    if any((each["before"] or "").upper() not in SEEING for each in others):
        hint = "write it without UNION, a query within, or braces of its own"
        raise UnsupportedShapeError(f"The query of {constraint} has a group that does not see $this; {hint}.")
