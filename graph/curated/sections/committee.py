"""Committees and their members."""

from collections.abc import Iterator
from typing import Annotated, Self

from pydantic import model_validator
from pyoxigraph import NamedNode

from graph.curated.entry import Declared, EditionKey, Entry, Key, OneOf, Text, TrackKey
from graph.curated.people import Mention
from graph.curated.reading import CuratedReading
from graph.curated.sections.role import hold
from graph.model.committee import Committee
from graph.names import code, slug


class CommitteeEntry(Entry, section="committees"):
    """A committee; the lead is listed among the members too."""

    committee: Key
    edition: EditionKey
    track: TrackKey | None = None
    name: Text | None = None
    also_called: Text | None = None
    lead: Mention | None = None
    members: tuple[Mention, ...] = ()
    nominated_by: tuple[Annotated[str, OneOf("role")], ...] = ()
    approved_by: tuple[Annotated[str, OneOf("role")], ...] = ()

    @model_validator(mode="after")
    def _lead_is_member(self) -> Self:
        if self.lead and self.lead.name not in {each.name for each in self.members}:
            raise ValueError(f"the lead {self.lead.name!r} is not among the members; list the name there too")
        return self

    def declare(self, reading: CuratedReading) -> Iterator[Declared]:
        """Yield the committee."""
        yield "committee", self.committee, self._iri(reading)

    def _iri(self, reading: CuratedReading) -> NamedNode:
        return reading.names.id("committee", self.edition, slug(self.committee))

    def say(self, reading: CuratedReading) -> None:
        """Add the committee and who sat on it."""
        edition, iri = reading.edition(self.edition), self._iri(reading)
        if iri not in reading.labels:
            words = self.committee.replace("-", " ")
            reading.name(Committee(iri=iri, label=f"{reading.label(edition)} {words} committee", edition=edition))
        record = Committee(
            iri=iri,
            track=reading.track(self.track) if self.track else None,
            name_as_printed=self.name,
            also_called=self.also_called,
            nominated_by=tuple(code("role", each) for each in self.nominated_by),
            approved_by=tuple(code("role", each) for each in self.approved_by),
        )
        reading.say(record, self.evidence)
        for member in self.members:
            hold(reading, "award-committee-member", iri, member, self.evidence)
        if self.lead:
            hold(reading, "award-committee-lead", iri, self.lead, self.evidence)
