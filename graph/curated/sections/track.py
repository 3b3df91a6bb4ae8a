"""Tracks: calls with submissions of their own."""

from typing import ClassVar

from graph.curated.entry import Entry, Text, TrackKey
from graph.curated.reading import CuratedReading
from graph.model.track import Track


class TrackEntry(Entry):
    """A track."""

    SECTION: ClassVar[str] = "tracks"

    track: TrackKey
    name: Text | None = None
    first_held: bool | None = None

    def say(self, reading: CuratedReading) -> None:
        """Add what is said of the track; its name as printed is one more label."""
        names = (self.name,) if self.name else ()
        track = reading.track(self.track)
        reading.say(Track(iri=track, alternatives=names, first_held=self.first_held), self.evidence)
