"""Which triples a shape looks at, as ways from its focus nodes."""

from collections.abc import Iterable, Iterator

from pyoxigraph import Literal

from graph.terms import RDF
from graph.validate.constraints import query_text
from graph.validate.paths import Step, Steps, steps
from graph.validate.patterns import read_by
from graph.validate.shapes import SH, AnyTerm, Shapes

TYPE, ANY = Step(RDF.type), Step(None)
COMPARED = (SH.equals, SH.disjoint, SH.lessThan, SH.lessThanOrEquals)
SINGLE = (SH.property, SH.node, SH["not"], SH.qualifiedValueShape)
LISTED = (SH["or"], SH["and"], SH.xone)


def read_of(shapes: Shapes, shape: AnyTerm, before: Iterable[Steps] = ((),)) -> set[Steps]:
    """Return the ways from a focus node to every triple that decides whether it conforms to a shape.

    Raises:
        UnsupportedShapeError: a path takes any number of steps, or a query reads what is not connected.
    """
    before = set(before)
    path = shapes.value(shape, SH.path)
    here = before if path is None else {(*start, *way) for start in before for way in steps(shapes, path)}
    found = set() if path is None else set(here)
    for start in before:
        found |= {(*start, Step(each)) for prop in COMPARED for each in shapes.nodes(shape, prop)}  # type: ignore[arg-type]
        found |= {(*start, *way) for way in _queried(shapes, shape)}
    if shapes.objects(shape, SH["class"]):
        found |= {(*way, TYPE) for way in here}
    if shapes.holds(shape, SH.closed):
        found |= {(*way, ANY) for way in here}
    for each in _inner(shapes, shape):
        found |= read_of(shapes, each, here)
    return found


def _queried(shapes: Shapes, shape: AnyTerm) -> Iterator[Steps]:
    for each in shapes.objects(shape, SH.sparql):
        if not isinstance(each, Literal):
            yield from read_by(query_text(shapes, each, "<urn:path>"))


def _inner(shapes: Shapes, shape: AnyTerm) -> Iterator[AnyTerm]:
    for prop in SINGLE:
        yield from shapes.objects(shape, prop)
    for prop in LISTED:
        for head in shapes.objects(shape, prop):
            yield from shapes.members(head)
