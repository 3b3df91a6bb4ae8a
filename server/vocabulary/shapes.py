"""The shapes as documentation: for each kind of thing what must hold of it, and what is said when it does not."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, Triple, parse

from graph.files import SHAPES
from graph.terms import SHAPE
from graph.vocabulary.ontology import SH, turtle
from server.vocabulary.glossary import Said, gather

SEVERITIES = {"Violation": "must", "Warning": "should", "Info": "note"}


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
def content() -> tuple[Triple, ...]:
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
