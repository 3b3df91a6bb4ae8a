"""Series: names, organizer, topics."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field

from graph.curated.entry import Declared, Entry, SeriesKey, Text
from graph.curated.reading import CuratedReading
from graph.model.series import NamePeriod, Series
from graph.names import slug


class SeriesEntry(Entry, section="series"):
    """A series; the acronym is its label."""

    series: SeriesKey
    acronym: Text | None = None
    full_name: Text | None = None
    former_name: Text | None = None
    name_as_printed: Text | None = None
    organized_by: Text | None = None
    predecessor: Annotated[SeriesKey | None, Field(description="the series that it continues")] = None
    topics: tuple[Text, ...] = ()

    def declare(self, reading: CuratedReading) -> Iterator[Declared]:
        """Yield the series."""
        iri = reading.names.id("series", self.series)
        yield "series", self.series, iri
        if self.acronym:
            reading.name(Series(iri=iri, label=self.acronym))

    def say(self, reading: CuratedReading) -> None:
        """Add what is said of the series, and its former name as a name period."""
        iri = reading.series(self.series)
        reading.label(iri)
        record = Series(
            iri=iri,
            acronym=self.acronym,
            full_name=self.full_name,
            name_as_printed=self.name_as_printed,
            organized_by=reading.organization(self.organized_by) if self.organized_by else None,
            predecessor=reading.series(self.predecessor) if self.predecessor else None,
            topics=tuple(map(reading.topic, self.topics)),
        )
        reading.say(record, self.evidence)
        for name, former in ((self.acronym, False), (self.former_name, True)):
            if name:
                period = reading.names.within(iri, "name", slug(name))
                label = f"{name}, {'former name' if former else 'name'} of {reading.label(iri)}"
                reading.say(NamePeriod(iri=period, label=label, series=iri, former=former, acronym=name), self.evidence)
