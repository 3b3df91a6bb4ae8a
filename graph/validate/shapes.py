"""A shapes graph as the compiler reads it: its triples by subject and property."""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from graph.errors import UnsupportedShapeError
from graph.files import SHAPES
from graph.terms import RDF, Namespace

SH = Namespace("http://www.w3.org/ns/shacl#")
Node = NamedNode | BlankNode
AnyTerm = NamedNode | BlankNode | Literal
TRUE = Literal(value=True)


class Shapes:
    """The triples of a shapes graph."""

    def __init__(self, triples: Iterable[Triple | Quad]) -> None:
        self.said: dict[AnyTerm, dict[NamedNode, list[AnyTerm]]] = defaultdict(dict)
        self.sayers: dict[NamedNode, dict[AnyTerm, list[AnyTerm]]] = defaultdict(dict)
        for triple in triples:
            if isinstance(triple.subject, Triple) or isinstance(triple.object, Triple):
                raise UnsupportedShapeError("A shapes graph holds no quoted triples; name the statement with an IRI.")
            self.said[triple.subject].setdefault(triple.predicate, []).append(triple.object)
            self.sayers[triple.predicate].setdefault(triple.object, []).append(triple.subject)

    def objects(self, subject: AnyTerm, prop: NamedNode) -> list[AnyTerm]:
        """Return the values of a property, in the order of the file."""
        return self.said[subject].get(prop, []) if subject in self.said else []

    def nodes(self, subject: AnyTerm, prop: NamedNode) -> list[Node]:
        """Return the values of a property that are no literals."""
        return [each for each in self.objects(subject, prop) if not isinstance(each, Literal)]

    def value(self, subject: AnyTerm, prop: NamedNode) -> AnyTerm | None:
        """Return the value of a property, if it has one."""
        return next(iter(self.objects(subject, prop)), None)

    def words(self, subject: AnyTerm, prop: NamedNode) -> str:
        """Return the value of a property as text, empty if it has none."""
        found = self.value(subject, prop)
        return "" if found is None else found.value

    def count(self, subject: AnyTerm, prop: NamedNode) -> int | None:
        """Return the value of a property as a number, if it has one."""
        words = self.words(subject, prop)
        return int(words) if words else None

    def holds(self, subject: AnyTerm, prop: NamedNode) -> bool:
        """Return whether a property is true."""
        return self.value(subject, prop) == TRUE

    def subjects(self, prop: NamedNode, value: AnyTerm | None = None) -> list[Node]:
        """Return what has a property, or has this value of it."""
        by_value = self.sayers.get(prop, {})
        found = by_value.get(value, []) if value else [each for some in by_value.values() for each in some]
        return [each for each in dict.fromkeys(found) if not isinstance(each, Literal)]

    def members(self, node: AnyTerm) -> list[AnyTerm]:
        """Return the members of an RDF list."""
        found, rest = [], node
        while first := self.value(rest, RDF.first):
            found.append(first)
            after = self.value(rest, RDF.rest)
            if after is None:
                break
            rest = after
        return found


@cache
def read_shapes(folder: Path = SHAPES) -> Shapes:
    """Return the shapes of a folder but for those of the ontology itself, ready to compile."""
    paths = [path for path in sorted(folder.glob("*.ttl")) if path.stem != "ontology"]
    return Shapes(triple for path in paths for triple in parse(path=path, format=RdfFormat.TURTLE))
