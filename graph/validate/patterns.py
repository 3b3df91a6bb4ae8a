"""Which triples a query reads, seen from its focus node; the query is parsed by rdflib, which gives its algebra."""

import math
from collections import defaultdict
from collections.abc import Iterator

from pyoxigraph import NamedNode
from rdflib import URIRef
from rdflib.paths import AlternativePath, InvPath, SequencePath
from rdflib.plugins.sparql.algebra import translateQuery, traverse
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Variable

from graph.errors import UnsupportedShapeError
from graph.validate.paths import Step, Steps

Pattern = tuple[object, object, object]


def read_by(query: str) -> set[Steps]:
    """Return the ways from the focus node to all that a query reads; raise UnsupportedShapeError if there is none."""
    found, apart = ways(query, "this")
    if apart:
        raise UnsupportedShapeError(f"A pattern of this query is not connected with $this: {query.strip()}")
    return found


def ways(query: str, this: str) -> tuple[set[Steps], list[Pattern]]:
    """Return the ways from a variable to each triple that a query reads, and the patterns to which none leads.

    Of several ends of a pattern the one that fewer steps lead to is where a way comes from: branches of a query may use
    one name for different things.

    Raises:
        UnsupportedShapeError: a path takes any number of steps, or any property.
    """
    reached: dict[object, set[Steps]] = defaultdict(set, {Variable(this): {()}})
    found: set[Steps] = set()
    waiting = _patterns(query)

    def far(term: object) -> float:
        return min(map(len, reached[term])) if term in reached else math.inf

    while waiting:
        subject, path, value = known = min(waiting, key=lambda each: min(far(each[0]), far(each[2])))
        turned = far(value) < far(subject)
        start, end = (value, subject) if turned else (subject, value)
        if start not in reached:
            break
        waiting.remove(known)
        along = {
            (*before, *(tuple(step.turned for step in reversed(way)) if turned else way))
            for before in reached[start]
            for way in _steps(path)
        }
        found |= along
        if isinstance(end, Variable):
            reached[end] |= along
    return found, waiting


def _patterns(query: str) -> list[Pattern]:
    found: list[Pattern] = []

    def visit(node: object) -> None:
        for block in node.triples if isinstance(node, CompValue) and "triples" in node else ():
            parts = tuple(block)  # three, or in a filter beside another as many as the group has
            found.extend((parts[at], parts[at + 1], parts[at + 2]) for at in range(0, len(parts), 3))

    traverse(translateQuery(parseQuery(query)).algebra, visitPost=visit)
    return list(dict.fromkeys(found))


def _steps(path: object) -> Iterator[Steps]:
    match path:
        case URIRef():
            yield (Step(NamedNode(str(path))),)
        case InvPath():
            yield from (tuple(step.turned for step in reversed(way)) for way in _steps(path.arg))
        case AlternativePath():
            yield from (way for each in path.args for way in _steps(each))
        case SequencePath():
            ways: list[Steps] = [()]
            for each in path.args:
                ways = [(*before, *way) for before in ways for way in _steps(each)]
            yield from ways
        case _:
            raise UnsupportedShapeError(f"The effect of a change along {path} is unknown; state the steps one by one.")
