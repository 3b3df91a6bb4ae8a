"""The focus nodes of a shape (SHACL, section 2.1.3)."""

from collections.abc import Callable
from dataclasses import dataclass

from pyoxigraph import NamedNode

from graph.terms import OWL, RDF, RDFS
from graph.validate.conditions import Conditions
from graph.validate.shapes import SH, Node

CLASSES = (RDFS.Class, OWL.Class)
Named = Callable[[str], str]


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
