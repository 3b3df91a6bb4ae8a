"""How a dataclass becomes triples: every field says its property and datatype once."""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Annotated, ClassVar, get_type_hints

from pyoxigraph import Literal, NamedNode

from graph.terms import DCTERMS, RDF, RDFS, SKOS, XSD, Term, Triple

Value = Term | str | bool | int | Decimal | date | datetime


@dataclass(frozen=True)
class Says:
    """The property of a field, and the datatype of its values if Python's type does not give it."""

    property: NamedNode
    datatype: NamedNode | None = None


@dataclass(frozen=True, kw_only=True)
class Record:
    """A thing, its class and what is said of it; a field left out says nothing."""

    TYPE: ClassVar[NamedNode]

    iri: NamedNode
    type: NamedNode | None = None
    label: Annotated[str | None, Says(RDFS.label)] = None
    alternatives: Annotated[tuple[str, ...], Says(SKOS.altLabel)] = ()
    identifiers: Annotated[tuple[Literal, ...], Says(DCTERMS.identifier)] = ()

    def triples(self) -> Iterator[Triple]:
        """Yield the triples of the record, its class first."""
        yield Triple(self.iri, RDF.type, self.type or self.TYPE)
        for name, says in properties(type(self)).items():  # type: ignore[arg-type]
            value = getattr(self, name)
            for each in value if isinstance(value, tuple) else (value,):
                if each is not None:
                    yield Triple(self.iri, says.property, term(each, says.datatype))


@dataclass(frozen=True, kw_only=True)
class Fact(Record):
    """A relation with more than two parts, held as a node that carries the lines of its source itself."""


@dataclass(frozen=True)
class Evidence:
    """Where a source says something: its lines, the words or figure as printed, and in a recording the time.

    `time` is the time mark as printed, `at` the duration it is read as (xsd:duration).
    """

    lines: tuple[str, ...]
    printed: str | None = None
    time: str | None = None
    at: str | None = None
    quote: str | None = None


@dataclass(frozen=True)
class Said:
    """A record and where its source says it; without evidence it only names the thing."""

    record: Record
    evidence: Evidence | None = None


@cache
def properties(kind: Hashable) -> dict[str, Says]:
    """Return the property of each field of a kind of record."""
    assert isinstance(kind, type)  # noqa: S101 - a dataclass, which functools.cache takes for unhashable in its type
    hints = get_type_hints(kind, include_extras=True)
    found = {}
    for each in fields(kind):
        for mark in getattr(hints[each.name], "__metadata__", ()):
            if isinstance(mark, Says):
                found[each.name] = mark
    return found


def term(value: Value, datatype: NamedNode | None = None) -> Term:
    """Return the RDF term of a value, in the canonical form that the store keeps."""
    if isinstance(value, NamedNode | Literal):
        return value
    text, usual = _lexical(value)
    return Literal(text, datatype=datatype or usual)


def _lexical(value: str | bool | int | Decimal | date) -> tuple[str, NamedNode]:  # noqa: FBT001
    match value:
        case bool():
            return str(value).lower(), XSD.boolean
        case int():
            return str(value), XSD.integer
        case Decimal():
            return f"{value.normalize():f}", XSD.decimal
        case datetime():
            return value.isoformat(), XSD.dateTime
        case date():
            return value.isoformat(), XSD.date
    return value, XSD.string
