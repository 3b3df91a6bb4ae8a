"""Claims, in our words; the document's own words only come in with the document."""

from dataclasses import replace
from typing import Annotated, ClassVar

from pydantic import Field

from graph.curated.entry import Entry, Form, Key, OneOf, Reference, Text
from graph.curated.reading import CuratedReading
from graph.model.claim import Claim
from graph.names import code


class Words(Form):
    """Where a passage begins and ends in its lines, by its first and last few words."""

    start: Text | None = None
    end: Text | None = None


class ClaimEntry(Entry):
    """A statement without a count, in our words, attributed to its source."""

    SECTION: ClassVar[str] = "claims"

    claim: Annotated[Key, Field(description="a short name of the claim")]
    about: Reference
    status: Annotated[str, OneOf("claim-status")]
    statement: Annotated[Text, Field(description="what is claimed, in words of your own")]
    largest_by: Annotated[
        tuple[Annotated[str, OneOf("measure")], ...],
        Field(description="by which measures the claim calls the edition the largest of its series"),
    ] = ()
    quote: Annotated[Words | None, Field(description="the passage, to be read from the document")] = None

    def identity(self) -> tuple[object, ...]:
        """Return the key: it names the claim in its IRI."""
        return (self.claim,)

    def say(self, reading: CuratedReading) -> None:
        """Add the claim, with its words where the document was given."""
        where = self.evidence
        if self.quote and reading.document:
            quote = reading.document.passage(self.line, self.quote.start, self.quote.end)
            where = replace(where, quote=quote)
        reading.say(
            Claim(
                iri=reading.names.id("claim", reading.header.key, self.claim),
                label=self.statement,
                about=reading.reference(self.about),
                status=code("claim-status", self.status),
                statement=self.statement,
                largest_by=tuple(code("measure", each) for each in self.largest_by),
            ),
            where,
        )
