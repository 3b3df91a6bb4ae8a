"""The document itself: title, date, headings, and private values that are withheld from the graph."""

from typing import Literal

from graph.curated.entry import Day, Entry, Text
from graph.curated.place import PlaceForm
from graph.curated.reading import CuratedReading
from graph.model.source import Source


class DocumentEntry(Entry, section="document"):
    """The document itself."""

    title: Text | None = None
    subtitle: Text | None = None
    document_type: Text | None = None
    issued: Day | None = None
    dateline: PlaceForm | None = None
    channel: Text | None = None
    youtube: Text | None = None

    def say(self, reading: CuratedReading) -> None:
        """Add what the document says of itself."""
        record = Source(
            iri=reading.source,
            title=self.title,
            subtitle=self.subtitle,
            document_type=self.document_type,
            issued=self.issued,
            dateline_place=self.dateline.named(reading) if self.dateline else None,
            channel=self.channel,
            youtube_id=self.youtube,
        )
        reading.say(record, self.evidence)


class HeadingEntry(Entry, section="headings"):
    """A heading of the document, or text that only its layout left there."""

    text: Text
    layout: bool = False

    def say(self, reading: CuratedReading) -> None:
        """Add the heading."""
        said = {"layout_text": self.text} if self.layout else {"headings": (self.text,)}
        reading.say(Source(iri=reading.source, **said), self.evidence)


class WithheldEntry(Entry, section="withheld"):
    """A private value of the document that is not carried over."""

    what: Literal["e-mail address", "telephone number"]

    def say(self, reading: CuratedReading) -> None:
        """Add that something is withheld, without the value."""
        reading.say(Source(iri=reading.source, withheld=self.what), self.evidence)
