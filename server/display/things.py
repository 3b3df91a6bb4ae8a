"""A thing as shown on its page: every property and value, with sources and lines."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from importlib import import_module
from pkgutil import iter_modules
from urllib.parse import urlsplit

from pyoxigraph import NamedNode

import graph.model
from graph.model import Record
from graph.model.record import properties
from graph.terms import CODE, CVN, DCTERMS, FOAF, RDF, RDFS, SKOS, Term
from graph.vocabulary.identifiers import by_address
from graph.vocabulary.ontology import superclasses
from server.display.asking import Row, ask
from server.display.tables import Mention, mentions
from server.display.words import Cell, as_year, cell, local

PRINTED = {CVN.asPrinted, CVN.quote, CVN.mediaTime, CVN.mediaTimeAsPrinted}  # of the citations of a fact
YEARS = {CVN.year, CVN.validFrom, CVN.validUntil}
LEFT_OUT = {RDF.type, CVN.source, CVN.citedAt}
UNSTATED = CODE["stage/unstated"]
NAMES = {
    RDF.type: "is a",
    RDFS.label: "name",
    SKOS.altLabel: "other name",
    DCTERMS.identifier: "identifier",
    FOAF.page: "page elsewhere",
    SKOS.exactMatch: "the same elsewhere, as a comparison found",
    SKOS.closeMatch: "probably the same elsewhere",
}  # of properties without a label in the graph


@dataclass(frozen=True)
class Value:
    """A value, its sources, and whether it is in the resolved view."""

    cell: Cell
    chosen: bool
    mentions: tuple[Mention, ...] = ()


@dataclass(frozen=True)
class Property:
    """A property of a thing with its values; where sources differ, with the reason of the choice.

    `in_head`: the head of the page already shows the values.
    """

    iri: NamedNode
    label: str
    comment: str
    values: tuple[Value, ...]
    because: str = ""
    in_head: bool = False

    @cached_property
    def disputed(self) -> bool:
        """Whether sources differ: not where one says a city and another a venue in it, which are both right."""
        return bool(self.because) and not all(value.chosen for value in self.values)

    @property
    def stated(self) -> bool:
        """Whether a source states any value; otherwise the build derived it."""
        return any(value.mentions for value in self.values)


@dataclass
class _Gathered:
    """The values of one property, while they are collected."""

    label: str = ""
    comment: str = ""
    chosen: set[Term] = field(default_factory=set)
    cells: dict[Term, Cell] = field(default_factory=dict)
    mentions: dict[Term, list[Row]] = field(default_factory=lambda: defaultdict(list))


@dataclass(frozen=True)
class Thing:
    """A thing, its classes, the most particular first, what is said of it, and what it is part of, the widest first."""

    iri: NamedNode
    label: str
    kinds: tuple[NamedNode, ...]
    kind: str
    alternatives: tuple[str, ...]
    properties: tuple[Property, ...]
    above: tuple[Cell, ...] = ()

    def value(self, prop: NamedNode) -> str:
        """Return the value of a property that has been chosen, or nothing."""
        values = (value for each in self.properties if each.iri == prop for value in each.values if value.chosen)
        return next((value.cell.term.value for value in values), "")

    @property
    def elsewhere(self) -> tuple[Cell, ...]:
        """Pages about it elsewhere: those of its identifiers, then others by the name of their scheme or site."""
        values = {prop.iri: [value.cell for value in prop.values] for prop in self.properties}
        identified = values.get(DCTERMS.identifier, [])
        known = {each.href for each in identified}
        others = [_site(each) for each in values.get(FOAF.page, []) if each.href not in known]
        return tuple(each for each in (*identified, *others) if each.href)


def _site(page: Cell) -> Cell:
    found = by_address(page.href)
    return replace(page, words=found.scheme.label if found else urlsplit(page.href).netloc.removeprefix("www."))


def thing(iri: NamedNode) -> Thing | None:
    """Return a thing, if the resolved view holds it."""
    said = ask("entity/said", entity=iri).rows
    if not said:
        return None
    kinds = _kinds(row["value"] for row in said if row["property"] == RDF.type)
    labels = {row["value"]: row["value_label"].value for row in said if "value_label" in row}
    names = [row["value"].value for row in said if row["property"] == RDFS.label]
    label = names[0] if names else local(iri)
    alternatives = tuple(sorted(row["value"].value for row in said if row["property"] == SKOS.altLabel))
    above = tuple(cell(row["thing"], row["label"].value) for row in ask("entity/above", entity=iri).rows)
    heads = {label, *alternatives, *label.split(), *(each.words for each in above)}
    return Thing(
        iri=iri,
        label=label,
        kinds=kinds,
        kind=labels.get(kinds[0], local(kinds[0])) if kinds else "thing",
        alternatives=alternatives,
        properties=tuple(_marked(each, heads) for each in _properties(iri, said, kinds)),
        above=above,
    )


def _marked(prop: Property, heads: set[str]) -> Property:
    known = not prop.disputed and all(value.cell.words in heads for value in prop.values)
    return replace(prop, in_head=known)


def _kinds(types: Iterable[Term]) -> tuple[NamedNode, ...]:
    found = {each for each in types if isinstance(each, NamedNode)}
    return tuple(sorted(found, key=lambda kind: (-len(superclasses(kind)), kind.value)))


def _properties(iri: NamedNode, said: Iterable[Row], kinds: tuple[NamedNode, ...]) -> Iterator[Property]:
    reasons = {row["property"]: row["because"].value for row in ask("entity/resolutions", entity=iri).rows}
    order = places(kinds)
    gathered = _gather(iri, said)
    for prop in sorted(gathered, key=lambda prop: (order.get(prop, len(order)), gathered[prop].label, prop.value)):
        found = gathered[prop]
        values = [
            Value(shown, term in found.chosen, tuple(mentions(found.mentions[term])))
            for term, shown in found.cells.items()
        ]
        ordered = tuple(sorted(values, key=lambda value: (not value.chosen, value.cell.words)))
        yield Property(
            prop, found.label or NAMES.get(prop) or local(prop), found.comment, ordered, reasons.get(prop, "")
        )


def _imported(said: Iterable[Row]) -> list[Row]:
    """Return what a source says that was imported: it has no graph of its own, but all but the shortcuts is its."""
    sources = [row["value"] for row in said if row["property"] == CVN.source]
    own = [row for row in said if not ("comment" in row and row["comment"].value.startswith("Shortcut"))]
    return [{**row, "source": source} for row in own for source in sources]


def _gather(iri: NamedNode, said: Iterable[Row]) -> dict[NamedNode, _Gathered]:
    gathered: dict[NamedNode, _Gathered] = defaultdict(_Gathered)
    mentioned = ask("entity/mentions", entity=iri).rows or _imported(said)
    for row in (*said, *mentioned):
        prop, value = row["property"], row["value"]
        if not isinstance(prop, NamedNode) or prop in LEFT_OUT or value == UNSTATED:
            continue
        found = gathered[prop]
        found.label = row["property_label"].value if "property_label" in row else found.label
        found.comment = row["comment"].value if "comment" in row else found.comment
        shown = cell(value, row["value_label"].value if "value_label" in row else None)
        found.cells[value] = as_year(shown) if prop in YEARS else shown
        if "source" not in row or prop in PRINTED:
            found.chosen.add(value)
        if "source" in row:
            found.mentions[value].append(row)
    return gathered


def places(kinds: Iterable[NamedNode]) -> dict[NamedNode, int]:
    """Return the place of each property that the records of some classes have."""
    listed = (says.property for kind in kinds for record in records(kind) for says in properties(record).values())  # type: ignore[arg-type]
    return {prop: place for place, prop in enumerate(dict.fromkeys(listed))}


@cache
def records(kind: NamedNode) -> tuple[type[Record], ...]:
    """Return the records of a class."""
    found = []
    for each in iter_modules(graph.model.__path__):
        members = vars(import_module(f"graph.model.{each.name}")).values()
        found += [member for member in members if isinstance(member, type) and issubclass(member, Record)]
    return tuple(record for record in dict.fromkeys(found) if getattr(record, "TYPE", None) == kind)
