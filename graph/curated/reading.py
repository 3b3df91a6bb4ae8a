"""The state of reading one curated file: what was said so far, and what the keys in it stand for."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from typing import Any

from pyoxigraph import NamedNode

from graph.curated.curation import Curation
from graph.curated.documents import Document
from graph.curated.entry import Header
from graph.errors import quoted
from graph.model import Evidence, Record, Said
from graph.model.edition import Edition
from graph.model.organization import Organization
from graph.model.person import Person
from graph.model.topic import Topic
from graph.model.track import Track
from graph.names import Names, code
from graph.terms import CODE
from graph.topics import topic_slug
from graph.vocabulary import codes

DECLARED = ("award", "committee", "conferral", "paper", "program", "round", "series", "session")


class MistakeError(Exception):
    """An entry of the file cannot be meant as it stands."""


@dataclass
class CuratedReading:
    """The things and statements read from one curated file."""

    names: Names
    header: Header
    curation: Curation
    document: Document | None = None
    said: dict[Said, None] = field(default_factory=dict)  # a set that keeps the order
    keys: dict[tuple[str, str], NamedNode] = field(default_factory=dict)
    labels: dict[NamedNode, str] = field(default_factory=dict)
    rounds: dict[str, dict[str, Any]] = field(default_factory=dict)
    people: dict[str, NamedNode] = field(default_factory=dict)
    numbers: dict[NamedNode, tuple[object, ...]] = field(default_factory=dict)
    line: int = 1  # of the entry that is read
    places: list[tuple[int, Record]] = field(default_factory=list)

    @property
    def source(self) -> NamedNode:
        """The source that is read."""
        return self.names.id("source", self.header.key)

    def say(self, record: Record, evidence: Evidence) -> NamedNode:
        """Add what the document says of a thing; return the thing."""
        return self._add(Said(record, evidence))

    def name(self, record: Record) -> NamedNode:
        """Name a thing without saying where; return the thing."""
        return self._add(Said(record))

    def _add(self, said: Said) -> NamedNode:
        if said.record.label:
            self.labels.setdefault(said.record.iri, said.record.label)
        self.said[said] = None
        self.places.append((self.line, said.record))
        return said.record.iri

    def label(self, iri: NamedNode) -> str:
        """Return the label of a thing or a code; raise MistakeError if nothing in the file gives it one."""
        if iri in self.labels:
            return self.labels[iri]
        if iri.value in CODE:
            return codes.label(iri)
        path = iri.value.removeprefix(f"{self.names.base}id/")
        raise MistakeError(f"nothing in this file names {path}; add its acronym, name or title to its first entry")

    def series(self, key: str) -> NamedNode:
        """Return a series that the file declares."""
        return self.find("series", key)

    def edition(self, key: str) -> NamedNode:
        """Name an edition by series and year."""
        series, _, year = key.rpartition("-")
        if not re.fullmatch("(19|20)[0-9]{2}", year):
            raise MistakeError(f"there is no edition {quoted(key)}; write series and year, such as neurips-2024")
        whole = self.series(series)
        iri = self.names.id("edition", key)
        if iri not in self.labels:
            label = f"{self.label(whole)} {year}"
            self.name(Edition(iri=iri, label=label, series=whole, year=int(year)))
        return iri

    def track(self, key: str) -> NamedNode:
        """Name a track by edition and kind."""
        edition, _, kind = key.partition("/")
        if kind not in codes.codes("track-kind"):
            raise MistakeError(
                f"there is no kind of track {quoted(kind)}; there are {', '.join(codes.codes('track-kind'))}"
            )
        whole = self.edition(edition)
        iri = self.names.within(whole, "track", kind)
        label = f"{self.label(whole)} {codes.codes('track-kind')[kind]}"
        return self.name(Track(iri=iri, label=label, edition=whole, track_kind=code("track-kind", kind)))

    def person(self, printed: str, evidence: Evidence | None = None) -> NamedNode:
        """Name a person by the name as printed, or as a curator decided; the name not chosen keeps its evidence."""
        name, other = self._decided(printed, "person")
        iri = self.people[name] = self.name(Person(iri=self.names.person(name), label=name, alternatives=other))
        if other and evidence:
            self.say(Person(iri=iri, alternatives=other), replace(evidence, printed=printed))
        return iri

    def organization(self, printed: str) -> NamedNode:
        """Name an organization by the name as printed, or as a curator decided."""
        name, other = self._decided(printed, "organization")
        return self.name(Organization(iri=self.names.organization(name), label=name, alternatives=other))

    def _decided(self, printed: str, kind: str) -> tuple[str, tuple[str, ...]]:
        decision = self.curation.identity(self.header.key, printed)
        name: str = (decision and getattr(decision, kind)) or printed
        return name, (printed,) if name != printed else ()

    def topic(self, printed: str) -> NamedNode:
        """Name a topic by the name as printed."""
        return self.name(Topic(iri=self.names.topic(topic_slug(printed)), label=printed))

    def find(self, kind: str, key: str) -> NamedNode:
        """Return the thing that the file declares under a kind and key; raise MistakeError if there is none."""
        if (kind, key) in self.keys:
            return self.keys[kind, key]
        others = [other for other, known in self.keys if known == key]
        known = sorted(known for each, known in self.keys if each == kind)
        if others or key in self.people:
            raise MistakeError(
                f"{quoted(key)} is a {others[0] if others else 'person'}, not a {kind}; {_choices(known, kind)}"
            )
        near = get_close_matches(key, known, 1)
        hint = f"did you mean {near[0]!r}? " if near else ""
        raise MistakeError(f"there is no {kind} {quoted(key)} in this file; {hint}{_choices(known, kind)}")

    def reference(self, text: str) -> NamedNode:
        """Return the thing that a reference such as paper:VAR names; raise MistakeError if there is none."""
        kind, _, key = text.partition(":")
        ways: dict[str, Callable[[str], NamedNode]] = {
            "edition": self.edition,
            "person": self.person,
            "organization": self.organization,
            "track": self.track,
            "source": self._source,
            "measure": self._measure,
        }
        if kind not in ways and kind not in DECLARED:
            raise MistakeError(f"there is no kind {quoted(kind)}; there are {', '.join(sorted({*ways, *DECLARED}))}")
        return ways[kind](key) if kind in ways else self.find(kind, key)

    def _source(self, key: str) -> NamedNode:
        if key != self.header.key:
            raise MistakeError(f"this file is not about the source {quoted(key)}; write source:{self.header.key}")
        return self.source

    def _measure(self, key: str) -> NamedNode:
        if key not in codes.codes("measure"):
            raise MistakeError(f"there is no measure {quoted(key)}; there are {', '.join(codes.codes('measure'))}")
        return code("measure", key)


def _choices(known: list[str], kind: str) -> str:
    return f"there are {', '.join(known)}" if known else f"declare a {kind} first"
