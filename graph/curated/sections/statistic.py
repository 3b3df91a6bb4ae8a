"""Numbers: one entry is one number of the document."""

import re
from decimal import Decimal
from itertools import chain, count
from typing import Annotated, Self

from pydantic import Field, model_validator
from pyoxigraph import NamedNode

from graph.curated.entry import Day, EditionKey, Entry, OneOf, Printed, Reference, Text
from graph.curated.place import Country
from graph.curated.reading import CuratedReading
from graph.errors import quoted
from graph.model.place import Place
from graph.model.statistic import Observation
from graph.names import code
from graph.terms import CVN
from graph.vocabulary import codes
from graph.vocabulary.territories import countries

PLAIN = re.compile(r"(?P<digits>([0-9]{1,3}(,[0-9]{3})+|[0-9]+)(\.[0-9]+)?)(?P<percent> ?%)?")
LIMIT = Decimal("1e15")


class NumberEntry(Entry, section="numbers"):
    """One number of the document: what is counted, of what, and the value as printed."""

    edition: EditionKey | None = None
    about: Annotated[Reference | None, Field(description="what it counts, if it is not an edition: paper:VAR")] = None
    measure: Annotated[str, OneOf("measure")]
    mode: Annotated[str, OneOf("mode")] = "total"
    track: Annotated[str, OneOf("track-kind")] = "total"
    country: Country | None = None
    stage: Annotated[str, OneOf("stage")] = "unstated"
    denominator: Annotated[str, OneOf("stage"), Field(description="the papers of which a share is given")] = "unstated"
    as_of: Annotated[Day | None, Field(description="the day for which the document gives the number")] = None
    condition: Annotated[Text | None, Field(description="what it holds for, such as a data set")] = None
    country_printed: Annotated[Text | None, Field(description="the name of the country as printed")] = None
    printed: Printed
    value: Annotated[Decimal | None, Field(decimal_places=9, description="the number, if not printed plainly")] = None
    qualifier: Annotated[str, OneOf("qualifier")] | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.edition is None) == (self.about is None):
            raise ValueError("a number is of an edition or about something else: give either edition or about")
        if self.value is None and not PLAIN.fullmatch(self.printed):
            raise ValueError(f"{quoted(self.printed)} is not a plain number; add value: with the number it means")
        if self.value is not None and self._plain not in {None, self.value}:
            raise ValueError(
                f"{quoted(self.printed)} is printed and value: is {self.value}; correct one, or leave value: out"
            )
        if self.denominator != "unstated" and codes.unit(self.measure) != "ratio":
            raise ValueError(f"{self.measure} is no share, so it has no denominator; leave denominator: out")
        stages = codes.stages(self.measure)
        if self.stage != "unstated" and stages and self.stage not in stages:
            raise ValueError(f"{self.measure} is not counted at the stage {self.stage}; write {' or '.join(stages)}")
        if not -LIMIT < self.number < LIMIT:
            raise ValueError(f"the graph keeps only numbers below {LIMIT:,f}; check the digits of this one")
        return self

    @property
    def number(self) -> Decimal:
        """The value; a percentage is a share of 1."""
        found = self._plain if self.value is None else self.value
        assert found is not None  # noqa: S101 - checked when the entry was made
        return found

    @property
    def _plain(self) -> Decimal | None:
        found = PLAIN.fullmatch(self.printed)
        if not found:
            return None
        number = Decimal(found["digits"].replace(",", ""))
        return number / 100 if found["percent"] else number

    def say(self, reading: CuratedReading) -> None:
        """Add the observation; two values of one cell in one document stay two observations."""
        of = reading.edition(self.edition) if self.edition else reading.reference(self.about or "")
        country = self._country(reading)
        record = Observation(
            iri=self._iri(reading, of),
            label=self._label(reading, of),
            edition=of if self.edition else None,
            about=None if self.edition else of,
            measure=code("measure", self.measure),
            mode=code("mode", self.mode),
            track=code("track-kind", self.track),
            country=country,
            stage=code("stage", self.stage),
            denominator=code("stage", self.denominator),
            as_of=self.as_of,
            condition=self.condition,
            country_as_printed=self.country_printed,
            value=int(self.number) if self.number == int(self.number) else self.number,
            qualifier=code("qualifier", self.qualifier) if self.qualifier else None,
        )
        reading.say(record, self.evidence)

    def _country(self, reading: CuratedReading) -> NamedNode:
        if not self.country:
            return code("country", "total")
        iri = reading.names.id("place", self.country.lower())
        return reading.name(Place(iri=iri, type=CVN.Country, label=countries()[self.country], iso_code=self.country))

    def _iri(self, reading: CuratedReading, of: NamedNode) -> NamedNode:
        names = reading.names
        parts = [names.path(of), self.measure, "" if self.mode == "total" else self.mode]
        parts += ["" if self.track == "total" else f"track-{self.track}"]
        parts += [f"country-{self.country.lower()}" if self.country else ""]
        parts += ["" if self.stage == "unstated" else f"stage-{self.stage}"]
        parts += ["" if self.denominator == "unstated" else f"of-{self.denominator}"]
        parts += [f"as-of-{self.as_of}" if self.as_of else "", reading.header.key]
        iri = names.id("stat", *filter(None, parts))
        at = f"line-{self.line[0]}"
        further = (names.within(iri, at if number == 1 else f"{at}-{number}") for number in count(1))
        mine = (self.number, self.condition)
        return next(each for each in chain([iri], further) if reading.numbers.setdefault(each, mine) == mine)

    def _label(self, reading: CuratedReading, of: NamedNode) -> str:
        parts = [codes.codes("measure")[self.measure]]
        parts += [] if self.track == "total" else [codes.codes("track-kind")[self.track]]
        parts += [] if self.mode == "total" else [codes.codes("mode")[self.mode]]
        parts += [countries()[self.country]] if self.country else []
        parts += [] if self.stage == "unstated" else [codes.codes("stage")[self.stage]]
        parts += [] if self.denominator == "unstated" else [f"of {codes.codes('stage')[self.denominator]}"]
        parts += [f"as of {self.as_of}"] if self.as_of else []
        return f"{reading.label(of)}, {', '.join(parts)}: {self.printed} ({reading.header.title})"
