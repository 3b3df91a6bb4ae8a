"""Compiles a shapes graph to checks; what it does not understand it refuses, so that no constraint is ever skipped."""

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from graph.errors import UnsupportedShapeError
from graph.terms import OWL, RDF, RDFS
from graph.validate.check import ALWAYS, PATH, THIS, VALUE, CompiledCheck, Constraint, Named, Target, Test
from graph.validate.conditions import COMPARED, ORDERED, Conditions, Pattern
from graph.validate.conditions import VALUE as OF_VALUES
from graph.validate.constraints import QueryCheck, query_text
from graph.validate.shapes import SH, Node, Shapes

TARGETS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
OF_SETS = (
    SH.hasValue,
    SH.minCount,
    SH.maxCount,
    SH.uniqueLang,
    SH.equals,
    SH.disjoint,
    SH.closed,
    SH.ignoredProperties,
)
QUALIFIED = (SH.qualifiedValueShape, SH.qualifiedMinCount, SH.qualifiedMaxCount, SH.qualifiedValueShapesDisjoint)
SPOKEN = (SH.name, SH.description, SH.message, SH.severity, SH.order, SH.group, SH.defaultValue, SH.deactivated)
KNOWN = frozenset(
    (
        *TARGETS,
        *OF_SETS,
        *QUALIFIED,
        *SPOKEN,
        *OF_VALUES,
        *COMPARED,
        *ORDERED,
        SH.property,
        SH.path,
        SH.flags,
        SH.sparql,
        SH.select,
        SH.prefixes,
    )
)
KINDS = (SH.NodeShape, SH.PropertyShape)
CLASSES = (RDFS.Class, OWL.Class)


def compile_shapes(conditions: Conditions) -> list[CompiledCheck | QueryCheck]:
    """Return the checks of all shapes with a target; raise UnsupportedShapeError if one cannot be checked."""
    shapes = conditions.shapes
    compiler = Compiler(shapes, conditions)
    if own := shapes.subjects(SH.parameter):
        raise UnsupportedShapeError(f"The constraint component {own[0]} is not understood here; write a sh:sparql.")
    found: list[CompiledCheck | QueryCheck] = []
    for shape in compiler.shapes_of():
        compiler.refuse_unknown(shape)
        where = target(compiler.conditions, shape)
        if where:
            found += compiler.checks(shape, where, shape)
    return found


@dataclass(frozen=True)
class Compiler:
    """Compiles shapes to checks."""

    shapes: Shapes
    conditions: Conditions

    def shapes_of(self) -> list[Node]:
        """Return every node that is a shape (SHACL, section 2.1)."""
        shapes = self.shapes
        found = [each for kind in KINDS for each in shapes.subjects(RDF.type, kind)]
        found += [each for prop in TARGETS for each in shapes.subjects(prop)]
        single = (SH.node, SH.property, SH["not"], SH.qualifiedValueShape)
        found += [each for prop in single for node in shapes.subjects(prop) for each in shapes.nodes(node, prop)]
        several = (SH["or"], SH["and"], SH.xone)
        heads = [head for prop in several for node in shapes.subjects(prop) for head in shapes.objects(node, prop)]
        found += [each for head in heads for each in shapes.members(head) if not isinstance(each, Literal)]
        return list(dict.fromkeys(found))

    def refuse_unknown(self, shape: Node) -> None:
        """Refuse a shape with a parameter that is not known here; raise UnsupportedShapeError if it has one."""
        for prop in self.shapes.said.get(shape, ()):
            if prop.value in SH and prop not in KNOWN:
                raise UnsupportedShapeError(f"The shape {shape} has {prop}, which is not understood here; rewrite it.")

    def checks(self, shape: Node, where: Target, root: Node) -> Iterator[CompiledCheck | QueryCheck]:
        """Yield the checks of a shape and of its property shapes, whose focus nodes a target gives."""
        if self.shapes.holds(shape, SH.deactivated):
            return
        path = self.conditions.path(shape)
        yield from self._of_values(shape, where, root, path)
        yield from self._of_nodes(shape, where, root)
        yield from self._of_pairs(shape, where, root)
        yield from self._of_queries(shape, where, root, path)
        inner = along(where, path, self.conditions.variable()) if path else where
        for part in self.shapes.nodes(shape, SH.property):
            yield from self.checks(part, inner, root)

    def constraint(self, shape: Node, component: str, message: str = "") -> Constraint:
        """Return what a result of a constraint says."""
        severity = self.shapes.value(shape, SH.severity) or SH.Violation
        words = message or self.shapes.words(shape, SH.message) or f"This breaks the constraint {component}."
        return Constraint(shape, component, severity.value.rpartition("#")[2], words, self.conditions.path(shape))

    def _of_values(self, shape: Node, where: Target, root: Node, path: str) -> Iterator[CompiledCheck]:
        node = VALUE if path else THIS
        tests = tuple(
            Test(self.constraint(shape, each.component), f"(!{each.expression})", itself=not path)
            for each in self.conditions.of_value(shape, node)
        )
        if tests:
            yield CompiledCheck(
                root, where, f"{THIS} {path} {VALUE} ." if path else "", tests, rare=bool(path) and where.rare
            )

    def _of_nodes(self, shape: Node, where: Target, root: Node) -> Iterator[CompiledCheck]:
        tests = tuple(
            Test(self.constraint(shape, each.component), f"(!{each.expression})")
            for each in self.conditions.of_node(shape, THIS)
        )
        if tests:
            yield CompiledCheck(root, where, "", tests)

    def _of_pairs(self, shape: Node, where: Target, root: Node) -> Iterator[CompiledCheck]:
        found: list[Pattern] = list(self.conditions.of_pairs(shape, THIS, VALUE))
        found += self.conditions.closed(shape, THIS, PATH, VALUE)
        for each in found:
            yield CompiledCheck(root, where, each.pattern, (Test(self.constraint(shape, each.component), ALWAYS),))

    def _of_queries(self, shape: Node, where: Target, root: Node, path: str) -> Iterator[QueryCheck]:
        for each in self.shapes.objects(shape, SH.sparql):
            if not self.shapes.holds(each, SH.deactivated):
                query = query_text(self.shapes, each, path)
                constraint = self.constraint(shape, "SPARQL", self.shapes.words(each, SH.message))
                yield QueryCheck(root, where, query, constraint)


def target(conditions: Conditions, shape: Node) -> Target | None:
    """Return the target of a shape, if it has one."""
    shapes = conditions.shapes
    kinds = [each for each in shapes.objects(shape, SH.targetClass) if isinstance(each, NamedNode)]
    if isinstance(shape, NamedNode) and any(kind in shapes.objects(shape, RDF.type) for kind in CLASSES):
        kinds.append(shape)
    patterns = [_instance(each) for kind in kinds for each in conditions.classes(kind)]
    nodes = shapes.objects(shape, SH.targetNode)
    if nodes:
        patterns.append(_one_of(" ".join(map(str, nodes))))
    patterns += [_subject(str(each), conditions.variable()) for each in shapes.objects(shape, SH.targetSubjectsOf)]
    patterns += [_object(str(each), conditions.variable()) for each in shapes.objects(shape, SH.targetObjectsOf)]
    return Target(tuple(patterns), rare=not nodes) if patterns else None


def along(outer: Target, path: str, variable: str) -> Target:
    """Return the values of a path at the nodes of a target, as the nodes of another."""
    return Target((lambda node: f"{outer.binds(variable)} {variable} {path} {node} .",))


def _instance(kind: NamedNode) -> Named:
    return lambda node: f"{node} {RDF.type} {kind} ."


def _one_of(nodes: str) -> Named:
    return lambda node: f"VALUES {node} {{ {nodes} }}"


def _subject(prop: str, other: str) -> Named:
    return lambda node: f"{node} {prop} {other} ."


def _object(prop: str, other: str) -> Named:
    return lambda node: f"{other} {prop} {node} ."
