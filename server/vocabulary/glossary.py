"""The terms of the ontology and the shapes as pages show them: by file, with definitions, alignments and messages."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse

from graph.files import ALIGNMENTS, CODES, ONTOLOGY, SHAPES
from graph.terms import CVN, OWL, RDF, RDFS, SHAPE, SKOS
from graph.vocabulary.ontology import SH, turtle

KINDS = {
    OWL.Class: "class",
    OWL.ObjectProperty: "property to a thing",
    OWL.DatatypeProperty: "property to a value",
    RDF.Property: "property to a thing or a value",
}
ABOUT = {
    RDFS.subClassOf: "kind of",
    RDFS.subPropertyOf: "narrower than",
    RDFS.domain: "of",
    RDFS.range: "value",
    SKOS.closeMatch: "close to",
    SKOS.relatedMatch: "related to",
    OWL.equivalentClass: "the same as",
}
SEVERITIES = {"Violation": "must", "Warning": "should", "Info": "note"}


@dataclass(frozen=True)
class Relation:
    """How a term relates to others: in which words, and to which."""

    words: str
    terms: tuple[NamedNode, ...]


@dataclass(frozen=True)
class TermEntry:
    """A term of the ontology."""

    iri: NamedNode
    name: str
    kind: str
    label: str
    comment: str
    relations: tuple[Relation, ...]
    alignments: tuple[Relation, ...]


@dataclass(frozen=True)
class Chapter:
    """The terms of one file of the ontology."""

    name: str
    terms: tuple[TermEntry, ...]


@dataclass(frozen=True)
class Scheme:
    """A code list."""

    iri: NamedNode
    label: str
    definition: str


Said = dict[NamedNode, list[NamedNode | Literal]]


@cache
def chapters() -> tuple[Chapter, ...]:
    """Return the terms of each file of the ontology, classes first."""
    aligned = gather(turtle(ALIGNMENTS))
    found = [Chapter(path.stem, tuple(_terms(path, aligned))) for path in sorted(ONTOLOGY.glob("*.ttl"))]
    return tuple(chapter for chapter in found if chapter.terms)


@cache
def schemes() -> tuple[Scheme, ...]:
    """Return the code lists."""
    said = gather(turtle(CODES))
    found = [iri for iri, each in said.items() if SKOS.ConceptScheme in each[RDF.type]]
    return tuple(
        Scheme(iri, said[iri][RDFS.label][0].value, said[iri][SKOS.definition][0].value)
        for iri in sorted(found, key=lambda iri: iri.value)
    )


@cache
def ontology_triples() -> tuple[Triple, ...]:
    """Return the triples of the ontology and its alignments, without the code lists."""
    return tuple(quad.triple for folder in (ONTOLOGY, ALIGNMENTS) for quad in turtle(folder))


def gather(quads: Iterable[Quad]) -> dict[NamedNode, Said]:
    """Return the values of each property of each subject that has an IRI."""
    said: dict[NamedNode, Said] = defaultdict(lambda: defaultdict(list))
    for quad in quads:
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal):
            said[quad.subject][quad.predicate].append(quad.object)
    return said


def _terms(path: Path, aligned: dict[NamedNode, Said]) -> Iterator[TermEntry]:
    said = gather(parse(path=path, format=RdfFormat.TURTLE))
    kinds = {iri: words for kind, words in KINDS.items() for iri in said if kind in said[iri][RDF.type]}
    for iri in sorted(kinds, key=lambda iri: (kinds[iri] != "class", iri.value)):
        each = said[iri]
        yield TermEntry(
            iri=iri,
            name=iri.value.removeprefix(CVN.prefix),
            kind=kinds[iri],
            label=each[RDFS.label][0].value,
            comment=each[RDFS.comment][0].value,
            relations=tuple(_relations(each)),
            alignments=tuple(_relations(aligned.get(iri, {}))),
        )


def _relations(said: Said) -> Iterator[Relation]:
    for prop, values in said.items():
        terms = tuple(value for value in values if isinstance(value, NamedNode))
        words = ABOUT.get(prop) or prop.value.rpartition("#")[2]
        if terms and prop not in (RDF.type, RDFS.isDefinedBy):
            yield Relation(words, terms)


@dataclass(frozen=True)
class Rule:
    """One constraint: its name, the property it is on, its message, and how severe a breach is."""

    name: str
    label: str
    description: str
    message: str
    severity: str
    path: NamedNode | None


@dataclass(frozen=True)
class ShapeEntry:
    """The shape of one kind of thing."""

    name: str
    label: str
    description: str
    targets: tuple[NamedNode, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class ShapeChapter:
    """The shapes of one file."""

    name: str
    shapes: tuple[ShapeEntry, ...]


@cache
def shape_chapters() -> tuple[ShapeChapter, ...]:
    """Return the shapes of each file."""
    return tuple(ShapeChapter(path.stem, tuple(_shapes(path))) for path in sorted(SHAPES.glob("*.ttl")))


@cache
def shape_triples() -> tuple[Triple, ...]:
    """Return the triples of the shapes, their lists with blank nodes."""
    return tuple(quad.triple for quad in turtle(SHAPES))


def _shapes(path: Path) -> Iterator[ShapeEntry]:
    said = gather(parse(path=path, format=RdfFormat.TURTLE))
    for iri in sorted(said, key=lambda iri: iri.value):
        each = said[iri]
        if each[SH.targetClass]:
            own = [_rule(iri, each)] if each[SH.message] else []
            parts = [_rule(part, said[part]) for part in each[SH.property] if isinstance(part, NamedNode)]
            yield ShapeEntry(
                name=_name(iri),
                label=_text(each, "name") or _name(iri),
                description=_text(each, "description"),
                targets=tuple(_iris(each[SH.targetClass])),
                rules=(*own, *parts),
            )


def _rule(iri: NamedNode, said: Said) -> Rule:
    severity = next((each.value.rpartition("#")[2] for each in said[SH.severity]), "Violation")
    return Rule(
        name=_name(iri),
        label=_text(said, "name"),
        description=_text(said, "description"),
        message=_text(said, "message"),
        severity=SEVERITIES[severity],
        path=next(_iris(said[SH.path]), None),
    )


def _name(iri: NamedNode) -> str:
    return iri.value.removeprefix(SHAPE.prefix)


def _text(said: Said, name: str) -> str:
    return next((each.value for each in said[SH[name]]), "")


def _iris(terms: Iterable[object]) -> Iterator[NamedNode]:
    return (term for term in terms if isinstance(term, NamedNode))
