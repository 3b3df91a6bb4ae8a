"""SHACL property paths (SHACL, section 2.3.1): as SPARQL, and as the steps that they take."""

from collections.abc import Iterator
from typing import NamedTuple

from pyoxigraph import NamedNode

from graph.errors import UnsupportedShapeError
from graph.terms import RDF
from graph.validate.shapes import SH, AnyTerm, Shapes

CLOSURES = {SH.zeroOrMorePath: "*", SH.oneOrMorePath: "+", SH.zeroOrOnePath: "?"}


class Step(NamedTuple):
    """One step along a property, or against it; along any where there is none."""

    predicate: NamedNode | None
    inverse: bool = False

    @property
    def turned(self) -> "Step":
        """The step the other way round."""
        return Step(self.predicate, not self.inverse)

    def __str__(self) -> str:
        return f"{'^' if self.inverse else ''}{self.predicate}"


Steps = tuple[Step, ...]


def written(shapes: Shapes, node: AnyTerm) -> str:
    """Return a path in SPARQL; raise UnsupportedShapeError if this is no path of SHACL."""
    if isinstance(node, NamedNode):
        return str(node)
    if shapes.value(node, RDF.first) is not None:
        return f"({'/'.join(written(shapes, each) for each in shapes.members(node))})"
    if inverse := shapes.value(node, SH.inversePath):
        return f"^{written(shapes, inverse)}" if isinstance(inverse, NamedNode) else f"^({written(shapes, inverse)})"
    if either := shapes.value(node, SH.alternativePath):
        return f"({'|'.join(written(shapes, each) for each in shapes.members(either))})"
    for prop, sign in CLOSURES.items():
        if inner := shapes.value(node, prop):
            return f"({written(shapes, inner)}){sign}"
    raise UnsupportedShapeError(f"The path {node} is none that SHACL knows; correct the sh:path.")


def steps(shapes: Shapes, node: AnyTerm) -> Iterator[Steps]:
    """Yield each way that a path can take; raise UnsupportedShapeError if the number of steps is not fixed."""
    if isinstance(node, NamedNode):
        yield (Step(node),)
    elif shapes.value(node, RDF.first) is not None:
        yield from _sequence(shapes, shapes.members(node))
    elif inverse := shapes.value(node, SH.inversePath):
        yield from (tuple(step.turned for step in reversed(way)) for way in steps(shapes, inverse))
    elif either := shapes.value(node, SH.alternativePath):
        yield from (way for each in shapes.members(either) for way in steps(shapes, each))
    else:
        hint = "state the steps one by one"
        raise UnsupportedShapeError(f"The effect of a change is unknown along {written(shapes, node)}; {hint}.")


def _sequence(shapes: Shapes, parts: list[AnyTerm]) -> Iterator[Steps]:
    if not parts:
        yield ()
        return
    for first in steps(shapes, parts[0]):
        yield from ((*first, *rest) for rest in _sequence(shapes, parts[1:]))
