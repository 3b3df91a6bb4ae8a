"""Which focus nodes a change can reach, by what the shapes read."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Quad, Triple

from graph.errors import UnsupportedShapeError
from graph.store import Store, solutions
from graph.terms import RDF
from graph.validate.check import PATTERN, THIS, blocks, template, these
from graph.validate.constraints import query_text
from graph.validate.paths import Step, Steps, steps
from graph.validate.patterns import read_by
from graph.validate.shapes import SH, AnyTerm, Node, Shapes

Changed = Iterable[Triple | Quad]
Below = dict[NamedNode, frozenset[NamedNode]]
Classes = dict[AnyTerm, set[AnyTerm]]
Ways = dict[tuple[Steps, bool], set[Node]]
TYPE, ANY = Step(RDF.type), Step(None)
COMPARED = (SH.equals, SH.disjoint, SH.lessThan, SH.lessThanOrEquals)
SINGLE = (SH.property, SH.node, SH["not"], SH.qualifiedValueShape)
LISTED = (SH["or"], SH["and"], SH.xone)


@dataclass(frozen=True)
class Impact:
    """The shapes with the classes of their focus nodes, and what they read.

    `ways` gives, by the property of a triple, each way that leads from a focus node to it, whether the last step goes
    against the property, and the shapes that go this way.
    """

    classes: dict[Node, frozenset[NamedNode]]
    ways: dict[NamedNode | None, Ways]

    @classmethod
    def of(cls, shapes: Shapes, below: Below) -> "Impact":
        """Return what the shapes that target a class read; raise UnsupportedShapeError if that is not known of one."""
        classes, ways = {}, defaultdict[NamedNode | None, Ways](lambda: defaultdict(set))
        for shape in shapes.subjects(SH.targetClass):
            named = [each for each in shapes.objects(shape, SH.targetClass) if isinstance(each, NamedNode)]
            classes[shape] = frozenset(named).union(*(below.get(each, frozenset()) for each in named))
            for way in read_of(shapes, shape):
                for place, step in enumerate(way):
                    ways[step.predicate][way[:place], step.inverse].add(shape)
        return cls(classes, dict(ways))

    def shapes_of(self, kinds: Iterable[AnyTerm]) -> set[Node]:
        """Return the shapes of a node of some classes."""
        found = set(kinds)
        return {shape for shape, classes in self.classes.items() if classes & found}

    def nodes(self, store: Store, changed: Changed) -> set[AnyTerm]:
        """Return the focus nodes that added or removed triples reach, as a store holds them.

        A change of which classes there are, or are below which, is not followed.
        """
        candidates: dict[AnyTerm, set[Node]] = defaultdict(set)
        for before, nodes in self._needed(changed).items():
            for node, focus in back(store, before, nodes):
                candidates[focus] |= nodes[node]
        kinds, stated = classes_of(store, candidates)
        return {node for node, shapes in candidates.items() if shapes & self.shapes_of(kinds[node] | stated[node])}

    def _needed(self, changed: Changed) -> dict[Steps, dict[AnyTerm, set[Node]]]:
        """Return the nodes from which to go back to the focus nodes, by the way that led there, with the shapes."""
        needed: dict[Steps, dict[AnyTerm, set[Node]]] = defaultdict(lambda: defaultdict(set))
        for triple in changed:
            for ways in (self.ways.get(triple.predicate, {}), self.ways.get(None, {})):
                for (before, inverse), shapes in ways.items():
                    needed[before][_term(triple.object if inverse else triple.subject)] |= shapes
            if triple.predicate == RDF.type:
                needed[()][_term(triple.subject)] |= self.classes.keys()
        return needed


def back(store: Store, way: Steps, nodes: Iterable[AnyTerm]) -> Iterator[tuple[AnyTerm, AnyTerm]]:
    """Yield each of some nodes with each node from which a way leads to it."""
    if not way:
        yield from ((node, node) for node in nodes)
        return
    path = "/".join(str(step.turned) for step in reversed(way))
    for block in blocks(nodes):
        given = " ".join(map(str, block))
        hop = f"?node {path} {THIS}"
        pattern = f"VALUES ?node {{ {given} }} {{ {hop} }} UNION {{ GRAPH ?graph {{ {hop} }} }}"
        yield from (
            (row["node"], row["this"]) for row in solutions(store, template("reached").replace(PATTERN, pattern))
        )


def classes_of(store: Store, nodes: Iterable[AnyTerm]) -> tuple[Classes, Classes]:
    """Return the classes of nodes in the default graph, and those of statements and decisions in named graphs."""
    found, stated = defaultdict[AnyTerm, set[AnyTerm]](set), defaultdict[AnyTerm, set[AnyTerm]](set)
    for block in blocks(nodes):
        for row in solutions(store, template("classes").replace(PATTERN, these(block))):
            (found if row["graph"] is None else stated)[row["this"]].add(row["class"])
    return found, stated


def _term(term: AnyTerm | Triple) -> AnyTerm:
    if isinstance(term, Triple):
        raise UnsupportedShapeError(f"The effect of the quoted triple {term} is not known; name it by an IRI.")
    return term


def read_of(shapes: Shapes, shape: AnyTerm, before: Iterable[Steps] = ((),)) -> set[Steps]:
    """Return the ways from a focus node to every triple that a shape reads; raise UnsupportedShapeError if unknown."""
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
