"""Claims, in our words; the document's own words only come in with the document."""

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, ClassVar, Literal

from pydantic import Field
from pyoxigraph import NamedNode

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

Make = Callable[[NamedNode, str], Record]
TEXTS: dict[tuple[str, str], Make] = {
    ("paper", "abstract"): lambda iri, text: Paper(iri=iri, abstract=text),
    ("paper", "highlight"): lambda iri, text: Paper(iri=iri, highlight=text),
    ("conferral", "rationale"): lambda iri, text: AwardConferral(iri=iri, rationale=text),
    ("series", "aim"): lambda iri, text: Series(iri=iri, aim=text),
    ("organization", "purpose"): lambda iri, text: Organization(iri=iri, purpose=text),
    ("track", "purpose"): lambda iri, text: Track(iri=iri, purpose=text),
    ("track", "theme"): lambda iri, text: Track(iri=iri, theme=text),
    ("program", "description"): lambda iri, text: ProgramItem(iri=iri, type=CVN.ProgramPart, description=text),
}


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


class TextEntry(Entry):
    """The place of a text in the document, and the property of a thing that it gives."""

    SECTION: ClassVar[str] = "texts"

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
            reading.say(TEXTS[kind, self.kind](thing, text), self.evidence)
