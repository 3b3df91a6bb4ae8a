"""Claims, in our words; the document's own words only come in with the document."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from graph.curated.entry import Entry, Form, Key, OneOf, Reference, Text
from graph.curated.reading import CuratedReading, MistakeError
from graph.model import Record
from graph.model.award import AwardConferral
from graph.model.claim import Claim
from graph.model.organization import Organization
from graph.model.paper import Paper
from graph.model.program import ProgramItem
from graph.model.series import Series
from graph.model.track import Track
from graph.names import code
from graph.terms import CVN

# The model that has a text as a field, by the kind of thing and the kind of text
TEXTS: dict[tuple[str, str], Callable[..., Record]] = {
    ("paper", "abstract"): Paper,
    ("paper", "highlight"): Paper,
    ("conferral", "rationale"): AwardConferral,
    ("series", "aim"): Series,
    ("organization", "purpose"): Organization,
    ("track", "purpose"): Track,
    ("track", "theme"): Track,
    ("program", "description"): partial(ProgramItem, type=CVN.ProgramPart),
}


class Words(Form):
    """Where a passage begins and ends in its lines, by its first and last few words."""

    start: Text | None = None
    end: Text | None = None


class Passage(Entry):
    """What one passage of the document says, which has a beginning and an end."""

    @model_validator(mode="after")
    def _at_one_place(self) -> Self:
        if len(self.line) > 1:
            raise ValueError("a passage stands at one place; write an entry for each line, or one range of lines")
        return self


class ClaimEntry(Passage, section="claims"):
    """A statement without a count, in our words, attributed to its source."""

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
        record = Claim(
            iri=reading.names.id("claim", reading.header.key, self.claim),
            label=self.statement,
            about=reading.reference(self.about),
            status=code("claim-status", self.status),
            statement=self.statement,
            largest_by=tuple(code("measure", each) for each in self.largest_by),
        )
        reading.say(record, where)


class TextEntry(Passage, section="texts"):
    """The place of a text in the document, and the property of a thing that it gives."""

    of: Annotated[Reference, Field(description="paper:VAR, conferral:VAR, series:neurips, ...")]
    kind: Literal["abstract", "highlight", "rationale", "aim", "purpose", "theme", "description"]
    start: Annotated[Text | None, Field(description="its first few words, where it does not begin the line")] = None
    end: Annotated[Text | None, Field(description="its last few words, where it does not end the line")] = None

    def say(self, reading: CuratedReading) -> None:
        """Add the text, where the document was given."""
        thing, kind = reading.reference(self.of), self.of.partition(":")[0]
        if (kind, self.kind) not in TEXTS:
            known = ", ".join(f"{what} of a {of}" for of, what in TEXTS)
            raise MistakeError(f"there is no {self.kind} of a {kind}; there are {known}")
        if reading.document:
            text = reading.document.passage(self.line, self.start, self.end)
            reading.say(TEXTS[kind, self.kind](iri=thing, **{self.kind: text}), self.evidence)
