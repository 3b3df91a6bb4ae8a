"""Validates what a change reaches: only the nodes whose shapes look at a triple that was added or removed."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from graph.store import Store
from graph.terms import RDFS
from graph.validate.check import CompiledCheck, Result, ShapeFinding, findings, together
from graph.validate.constraints import QueryCheck
from graph.validate.reach import Changed, Impact, classes_of
from graph.validate.shapes import AnyTerm, Node, Shapes, read_shapes
from graph.validate.vocabulary import concerned, wrong_at
from graph.validate.whole import AnyCheck, Below, at_statements, checks_of, classes_below, results, run_at

MOST = 5_000  # subjects of a change above which the whole store is validated sooner


@dataclass(frozen=True)
class Revalidation:
    """The result of a revalidation: the nodes that were checked, None for all, and their results."""

    nodes: frozenset[AnyTerm] | None
    results: tuple[Result, ...]

    @property
    def findings(self) -> list[ShapeFinding]:
        """The results in words, the most severe first."""
        return findings(self.results)


def incremental(before: Store, after: Store, changed: Changed, shapes: Shapes | None = None) -> Revalidation:
    """Return what the shapes find where a change reaches; raise UnsupportedShapeError if one cannot be checked.

    `before` holds what the store held before the change, `changed` the quads that were added or removed, or more. A
    change of many subjects, or of which class lies below which, has the whole store validated.
    """
    changed = list(changed)
    if len({each.subject for each in changed}) > MOST or any(each.predicate == RDFS.subClassOf for each in changed):
        return Revalidation(None, tuple(results(after, shapes)))
    shapes, below = shapes or read_shapes(), classes_below(after)
    reach = reach_of(shapes, below)
    nodes = reach.nodes(before, changed) | reach.nodes(after, changed) | set(concerned(changed))
    found = dict.fromkeys((*results_at(after, nodes, checks_of(shapes, below), reach), *wrong_at(after, nodes)))
    return Revalidation(frozenset(nodes), tuple(found))


def is_checked(store: Store, nodes: Iterable[AnyTerm]) -> bool:
    """Return whether a shape looks at any of some nodes."""
    reach = reach_of(read_shapes(), classes_below(store))
    return any(reach.shapes_of(classes) for found in classes_of(store, nodes) for classes in found.values())


@lru_cache(maxsize=8)
def reach_of(shapes: Shapes, below: Below) -> Impact:
    """Return what shapes read; `below` gives the classes below each class."""
    return Impact.of(shapes, dict(below))


def results_at(store: Store, nodes: Iterable[AnyTerm], checks: tuple[AnyCheck, ...], reach: Impact) -> list[Result]:
    """Return what checks find at some nodes, each result once."""
    kinds, stated = classes_of(store, nodes)
    found = dict.fromkeys(at_statements(store, checks, stated))
    by_shape: dict[Node, list[AnyTerm]] = {}
    for node, classes in kinds.items():
        for shape in reach.shapes_of(classes):
            by_shape.setdefault(shape, []).append(node)
    for shape, focus in by_shape.items():
        found |= dict.fromkeys(run_at(store, _checks_at(checks, shape), focus))
    return list(found)


@lru_cache(maxsize=1024)
def _checks_at(checks: tuple[AnyCheck, ...], shape: Node) -> tuple[AnyCheck, ...]:
    own = [each for each in checks if each.root == shape]
    queries = [each for each in own if isinstance(each, QueryCheck)]
    return (*together(each for each in own if isinstance(each, CompiledCheck)), *queries)
