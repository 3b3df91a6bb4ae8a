"""What shapes ask of a node, as expressions of SPARQL that are true where it conforms (SHACL, section 4)."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations, count
from typing import NamedTuple

from pyoxigraph import NamedNode

from graph.errors import UnsupportedShapeError
from graph.terms import RDF, XSD
from graph.validate.paths import written
from graph.validate.shapes import SH, AnyTerm, Shapes

MOST = 5  # values of a path that one pattern distinguishes
COMPARED = {SH.minInclusive: ">=", SH.maxInclusive: "<=", SH.minExclusive: ">", SH.maxExclusive: "<"}
ORDERED = {SH.lessThan: "<", SH.lessThanOrEquals: "<="}
KINDS = {
    SH.IRI: "isIRI({0})",
    SH.BlankNode: "isBlank({0})",
    SH.Literal: "isLiteral({0})",
    SH.BlankNodeOrIRI: "(!isLiteral({0}))",
    SH.BlankNodeOrLiteral: "(!isIRI({0}))",
    SH.IRIOrLiteral: "(!isBlank({0}))",
}
NUMBERS = {"integer", "decimal", "double", "float"}
CASTS = {"boolean", "date", "dateTime", "time", "gYear", "gYearMonth", "gMonthDay", "gMonth", "gDay", "duration"}
CASTS |= {"dayTimeDuration", "yearMonthDuration"}
RANGES = {  # of the datatypes derived from xsd:integer (XML Schema 1.1 part 2, section 3.4)
    "byte": (-(2**7), 2**7 - 1),
    "short": (-(2**15), 2**15 - 1),
    "int": (-(2**31), 2**31 - 1),
    "long": (-(2**63), 2**63 - 1),
    "unsignedByte": (0, 2**8 - 1),
    "unsignedShort": (0, 2**16 - 1),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedLong": (0, 2**64 - 1),
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
}


class Condition(NamedTuple):
    """The constraint component, and the expression that must be true."""

    component: str
    expression: str


class Pattern(NamedTuple):
    """The constraint component, and the graph pattern that matches each violation."""

    component: str
    pattern: str


@dataclass
class Conditions:
    """The constraints of a shapes graph, and what is known whatever a store holds.

    `below` gives the classes below each class, `instances` the nodes of a class that a store need not hold.
    """

    shapes: Shapes
    below: Mapping[NamedNode, Iterable[NamedNode]] = field(default_factory=dict)
    instances: Mapping[NamedNode, Iterable[NamedNode]] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=count)
    inside: list[AnyTerm] = field(default_factory=list)

    def variable(self) -> str:
        """Return a variable that is not used yet."""
        return f"?v{next(self.numbers)}"

    def classes(self, kind: NamedNode) -> list[NamedNode]:
        """Return a class and those below it."""
        return [kind, *sorted(set(self.below.get(kind, ())) - {kind}, key=str)]

    def is_a(self, node: str, kind: NamedNode) -> str:
        """Return whether a node is an instance of a class."""
        found = [f"EXISTS {{ {node} {RDF.type} {each} }}" for each in self.classes(kind)]
        if known := [str(one) for each in self.classes(kind) for one in self.instances.get(each, ())]:
            found.append(f"{node} IN ({', '.join(known)})")
        return _either(found)

    def conforms(self, shape: AnyTerm, node: str) -> str:
        """Return whether a node conforms to a shape; raise UnsupportedShapeError if it is recursive or a query."""
        if self.shapes.holds(shape, SH.deactivated):
            return "true"
        if shape in self.inside:
            raise UnsupportedShapeError(f"The shape {shape} rests on itself; divide it.")
        if self.shapes.objects(shape, SH.sparql):
            raise UnsupportedShapeError(f"The shape {shape} is named by another and runs a query; give it a target.")
        self.inside.append(shape)
        found = list(self._conforms(shape, node))
        self.inside.pop()
        return f"({' && '.join(found)})" if found else "true"

    def _conforms(self, shape: AnyTerm, node: str) -> Iterator[str]:
        path = self.path(shape)
        value = self.variable() if path else node
        inner = [each.expression for each in self.of_value(shape, value)]
        inner += [self.conforms(each, value) for each in self.shapes.objects(shape, SH.property)]
        if path and inner:
            yield f"(NOT EXISTS {{ {node} {path} {value} FILTER(!({' && '.join(inner)})) }})"
        elif inner:
            yield from inner
        yield from (each.expression for each in self.of_node(shape, node))
        pairs = self.of_pairs(shape, node, self.variable())
        for each in (*pairs, *self.closed(shape, node, self.variable(), self.variable())):
            yield f"(NOT EXISTS {{ {each.pattern} }})"

    def path(self, shape: AnyTerm) -> str:
        """Return the path of a property shape in SPARQL, empty for a node shape."""
        found = self.shapes.value(shape, SH.path)
        return "" if found is None else written(self.shapes, found)

    def of_value(self, shape: AnyTerm, value: str) -> Iterator[Condition]:
        """Yield what a shape asks of each value by itself; of a node shape, the value is the node."""
        for prop, objects in self.shapes.said[shape].items():
            if make := VALUE.get(prop):
                yield from (Condition(_component(prop), make(self, shape, value, each)) for each in objects)
        if not self.path(shape):
            yield from (Condition("Equals", _has(value, each)) for each in self.shapes.objects(shape, SH.equals))
            yield from (
                Condition("Disjoint", f"(!{_has(value, each)})") for each in self.shapes.objects(shape, SH.disjoint)
            )

    def of_node(self, shape: AnyTerm, node: str) -> Iterator[Condition]:
        """Yield what a shape asks of a node such that no single value breaks it."""
        path, shapes = self.path(shape), self.shapes
        for each in shapes.objects(shape, SH.hasValue):
            has = f"EXISTS {{ {node} {path} {each} }}" if path else f"sameTerm({node}, {each})"
            yield Condition("HasValue", has)
        least, most = shapes.count(shape, SH.minCount), shapes.count(shape, SH.maxCount)
        if least:
            yield Condition("MinCount", self._several(node, path, least))
        if most is not None:
            yield Condition("MaxCount", f"(!{self._several(node, path, most + 1)})")
        if shapes.holds(shape, SH.uniqueLang):
            yield Condition("UniqueLang", self._unique(node, path))
        yield from self._qualified(shape, node, path)

    def of_pairs(self, shape: AnyTerm, node: str, value: str) -> Iterator[Pattern]:
        """Yield what a shape forbids of a node together with its values."""
        path, shapes = self.path(shape), self.shapes
        both = f"{node} {path} {value} ."
        for each in shapes.objects(shape, SH.equals):
            if path:
                yield Pattern("Equals", f"{both} FILTER NOT EXISTS {{ {node} {each} {value} }}")
            missing = f"NOT EXISTS {{ {both} }}" if path else f"(!sameTerm({value}, {node}))"
            yield Pattern("Equals", f"{node} {each} {value} . FILTER {missing}")
        for each in shapes.objects(shape, SH.disjoint) if path else ():
            yield Pattern("Disjoint", f"{both} {node} {each} {value} .")
        for prop, sign in ORDERED.items():
            for each in shapes.objects(shape, prop):
                other = self.variable()
                order = f"FILTER(!COALESCE({value} {sign} {other}, false))"
                yield Pattern(_component(prop), f"{both} {node} {each} {other} . {order}")

    def allowed(self, shape: AnyTerm) -> list[AnyTerm]:
        """Return the properties that a closed shape allows (SHACL, section 4.8.1)."""
        paths = [self.shapes.value(each, SH.path) for each in self.shapes.objects(shape, SH.property)]
        ignored = [
            each for head in self.shapes.objects(shape, SH.ignoredProperties) for each in self.shapes.members(head)
        ]
        return [each for each in (*paths, *ignored) if isinstance(each, NamedNode)]

    def closed(self, shape: AnyTerm, node: str, path: str, value: str) -> Iterator[Pattern]:
        """Yield what a closed shape forbids."""
        if self.shapes.holds(shape, SH.closed):
            known = ", ".join(map(str, dict.fromkeys(self.allowed(shape)))) or "<urn:none>"
            yield Pattern("Closed", f"{node} {path} {value} . FILTER({path} NOT IN ({known}))")

    def _several(self, node: str, path: str, number: int, condition: Callable[[str], str] = lambda _: "") -> str:
        """Return whether a path has enough values that meet a condition."""
        if number > MOST:
            raise UnsupportedShapeError(f"More than {MOST - 1} values of {path} are not counted; state fewer.")
        values = [self.variable() for _ in range(number)]
        each = " ".join(f"{node} {path} {value} . {condition(value)}" for value in values)
        apart = " ".join(f"FILTER(!sameTerm({one}, {other}))" for one, other in combinations(values, 2))
        return f"EXISTS {{ {each} {apart} }}" if values else "true"

    def _unique(self, node: str, path: str) -> str:
        one, other = self.variable(), self.variable()
        same = f'LANG({one}) != "" && LCASE(LANG({one})) = LCASE(LANG({other})) && !sameTerm({one}, {other})'
        return f"(NOT EXISTS {{ {node} {path} {one} . {node} {path} {other} . FILTER({same}) }})"

    def _qualified(self, shape: AnyTerm, node: str, path: str) -> Iterator[Condition]:
        least = self.shapes.count(shape, SH.qualifiedMinCount)
        most = self.shapes.count(shape, SH.qualifiedMaxCount)
        for wanted in self.shapes.objects(shape, SH.qualifiedValueShape):
            others = self._siblings(shape, wanted) if self.shapes.holds(shape, SH.qualifiedValueShapesDisjoint) else []

            def meets(value: str, wanted: AnyTerm = wanted, others: list[AnyTerm] = others) -> str:
                apart = [f"!{self.conforms(other, value)}" for other in others]
                return f"FILTER({' && '.join([self.conforms(wanted, value), *apart])})"

            if least:
                yield Condition("QualifiedMinCount", self._several(node, path, least, meets))
            if most is not None:
                yield Condition("QualifiedMaxCount", f"(!{self._several(node, path, most + 1, meets)})")

    def _siblings(self, shape: AnyTerm, wanted: AnyTerm) -> list[AnyTerm]:
        """Return the sibling shapes of a qualified one (SHACL, section 4.7.3)."""
        wholes = self.shapes.subjects(SH.property, shape)
        parts = [part for whole in wholes for part in self.shapes.objects(whole, SH.property)]
        found = [each for part in parts for each in self.shapes.objects(part, SH.qualifiedValueShape)]
        return [each for each in dict.fromkeys(found) if each != wanted]


def _component(prop: NamedNode) -> str:
    name = prop.value.rpartition("#")[2]
    return name[0].upper() + name[1:]


def _has(node: str, prop: AnyTerm) -> str:
    return f"EXISTS {{ {node} {prop} {node} }}"


def _either(expressions: Iterable[str]) -> str:
    return f"({' || '.join(expressions) or 'false'})"


def _pattern(conditions: Conditions, shape: AnyTerm, value: str, given: AnyTerm) -> str:
    flags = conditions.shapes.value(shape, SH.flags)
    return f"(!isBlank({value}) && REGEX(STR({value}), {given}{f', {flags}' if flags else ''}))"


def _languages(conditions: Conditions, _: AnyTerm, value: str, given: AnyTerm) -> str:
    known = _either(f"LANGMATCHES(LANG({value}), {each})" for each in conditions.shapes.members(given))
    return f'(isLiteral({value}) && LANG({value}) != "" && {known})'


def _xone(conditions: Conditions, _: AnyTerm, value: str, given: AnyTerm) -> str:
    ones = (f"IF({conditions.conforms(each, value)}, 1, 0)" for each in conditions.shapes.members(given))
    return f"(({' + '.join(ones)}) = 1)"


def _all(conditions: Conditions, _: AnyTerm, value: str, given: AnyTerm) -> str:
    return f"({' && '.join(conditions.conforms(each, value) for each in conditions.shapes.members(given)) or 'true'})"


def _any(conditions: Conditions, _: AnyTerm, value: str, given: AnyTerm) -> str:
    return _either(conditions.conforms(each, value) for each in conditions.shapes.members(given))


def _one_of(conditions: Conditions, _: AnyTerm, value: str, given: AnyTerm) -> str:
    return _either(f"sameTerm({value}, {each})" for each in conditions.shapes.members(given))


def _length(sign: str) -> "Expression":
    return lambda _, __, value, given: f"(!isBlank({value}) && STRLEN(STR({value})) {sign} {given.value})"


def _compared(sign: str) -> "Expression":
    return lambda _, __, value, given: f"COALESCE({value} {sign} {given}, false)"


Expression = Callable[[Conditions, AnyTerm, str, AnyTerm], str]
VALUE: dict[NamedNode, Expression] = {
    SH.datatype: lambda _, __, value, given: is_of(value, given),
    SH.nodeKind: lambda _, __, value, given: KINDS[given].format(value),
    SH["class"]: lambda conditions, _, value, given: conditions.is_a(value, given),
    SH.pattern: _pattern,
    SH.minLength: _length(">="),
    SH.maxLength: _length("<="),
    SH.languageIn: _languages,
    SH["in"]: _one_of,
    SH.node: lambda conditions, _, value, given: conditions.conforms(given, value),
    SH["or"]: _any,
    SH["and"]: _all,
    SH["not"]: lambda conditions, _, value, given: f"(!{conditions.conforms(given, value)})",
    SH.xone: _xone,
} | {prop: _compared(sign) for prop, sign in COMPARED.items()}


def is_of(value: str, datatype: NamedNode) -> str:
    """Return the expression that is true where a variable is a well-formed literal of a datatype."""
    right = f"isLiteral({value}) && DATATYPE({value}) = {datatype}"
    name = datatype.value.removeprefix(XSD.prefix)
    if name in NUMBERS:
        right += f" && isNumeric({value})"
    elif name in CASTS:
        right += f" && COALESCE(isLiteral({datatype}(STR({value}))), false)"
    elif name in RANGES:
        number = f"{XSD.integer}(STR({value}))"
        least, most = RANGES[name]
        ends = [f"{number} >= {least}"] * (least is not None) + [f"{number} <= {most}"] * (most is not None)
        right += f" && COALESCE({' && '.join(ends)}, false)"
    return f"({right})"
