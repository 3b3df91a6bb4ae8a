"""Places in a curated file: venue, city, region and country, as far as they are known."""

from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, Field, model_validator
from pyoxigraph import NamedNode

from graph.curated.entry import Form, Like, Text
from graph.errors import quoted
from graph.model.place import Place
from graph.names import slug
from graph.terms import CVN
from graph.vocabulary.territories import countries

if TYPE_CHECKING:
    from graph.curated.reading import CuratedReading


def _country(value: str) -> str:
    if value not in countries():
        raise ValueError(f"{quoted(value)} is no ISO 3166 country code; write one such as US, CA or RW")
    return value


Country = Annotated[str, AfterValidator(_country), Field(description="ISO 3166-1 code: CA")]


class PlaceForm(Form):
    """A place, from the most particular part that is known to the country."""

    venue: Text | None = None
    city: Text | None = None
    region: (
        Annotated[str, Like(r".+ \([A-Z]{2}-[A-Z0-9]{1,3}\)", "region and code", "British Columbia (CA-BC)")] | None
    ) = None
    country: Country | None = None

    @model_validator(mode="after")
    def _whole(self) -> "PlaceForm":
        if not (self.venue or self.country):
            raise ValueError("a place needs its country, such as country: CA; a venue may stand alone")
        if (self.city or self.region) and not self.country:
            raise ValueError("a city or region needs its country; add it, such as country: CA")
        if self.region and not self.region.rpartition(" (")[2].startswith(f"{self.country}-"):
            raise ValueError(f"{quoted(self.region)} does not lie in {self.country}; check the code of one of them")
        return self

    def named(self, reading: "CuratedReading") -> NamedNode:
        """Name the place and all that it lies in; return the most particular one."""
        names, inner, around = reading.names, None, (self.country or "").lower()
        if self.country:
            label, iri = countries()[self.country], names.id("place", around)
            inner = reading.name(Place(iri=iri, type=CVN.Country, label=label, iso_code=self.country))
        if self.region:
            label, _, code = self.region.removesuffix(")").rpartition(" (")
            around = code.lower()
            iri = names.id("place", around)
            inner = reading.name(Place(iri=iri, type=CVN.Region, label=label, iso_code=code, part_of=inner))
        if self.city:
            iri = names.id("place", around, slug(self.city))
            inner = reading.name(Place(iri=iri, type=CVN.City, label=self.city, part_of=inner))
        if self.venue:
            iri = names.id("venue", slug(self.venue))
            inner = reading.name(Place(iri=iri, type=CVN.Venue, label=self.venue, part_of=inner))
        assert inner is not None  # noqa: S101 - the form holds a venue or a country
        return inner


class RoomForm(Form):
    """A room of a venue."""

    room: Text
    venue: Text
    level: Text | None = None

    def named(self, reading: "CuratedReading") -> NamedNode:
        """Name the room and its venue; return the room."""
        venue = PlaceForm(venue=self.venue).named(reading)
        iri = reading.names.within(venue, slug(self.room))
        return reading.name(Place(iri=iri, type=CVN.Room, label=self.room, level=self.level, part_of=venue))
