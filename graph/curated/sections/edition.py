"""Editions: name, dates, place, mode."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from graph.curated.entry import Day, EditionKey, Entry, OneOf, Text, TrackKey
from graph.curated.place import PlaceForm
from graph.curated.reading import CuratedReading
from graph.model.edition import Edition
from graph.model.track import Track
from graph.names import code


class EditionEntry(Entry, section="editions"):
    """An edition."""

    edition: EditionKey
    name: Annotated[Text | None, Field(description="the official name as printed")] = None
    ordinal: Annotated[int | None, Field(ge=1)] = None
    year: Annotated[int | None, Field(ge=1900, le=2100)] = None
    start: Day | None = None
    end: Day | None = None
    mode: Annotated[str, OneOf("mode")] | None = None
    place: PlaceForm | None = None
    predecessor: Annotated[EditionKey | None, Field(description="the edition that it follows")] = None
    co_located_with: Annotated[tuple[EditionKey, ...], Field(description="held at the same place and time")] = ()
    joint_with: Annotated[tuple[EditionKey, ...], Field(description="held as one event with this one")] = ()
    planned: bool | None = None
    awards_announced: Day | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.start and self.end and self.end < self.start:
            raise ValueError(f"the edition ends on {self.end}, before it starts on {self.start}; check the dates")
        return self

    def say(self, reading: CuratedReading) -> None:
        """Add what is said of the edition."""
        record = Edition(
            iri=reading.edition(self.edition),
            name_as_printed=self.name,
            ordinal=self.ordinal,
            year=self.year,
            start_date=self.start,
            end_date=self.end,
            mode=code("mode", self.mode) if self.mode else None,
            place=self.place.named(reading) if self.place else None,
            predecessor=reading.edition(self.predecessor) if self.predecessor else None,
            co_located_with=tuple(map(reading.edition, self.co_located_with)),
            joint_with=tuple(map(reading.edition, self.joint_with)),
            planned=self.planned,
            awards_announced=self.awards_announced,
        )
        reading.say(record, self.evidence)


class TrackEntry(Entry, section="tracks"):
    """A track."""

    track: TrackKey
    name: Text | None = None
    first_held: bool | None = None

    def say(self, reading: CuratedReading) -> None:
        """Add what is said of the track; its name as printed is one more label."""
        names = (self.name,) if self.name else ()
        track = reading.track(self.track)
        reading.say(Track(iri=track, alternatives=names, first_held=self.first_held), self.evidence)
