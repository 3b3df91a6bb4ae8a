"""Texts that stay in the document: the file says where they are, and a build that is given the document reads them."""

from collections.abc import Callable
from typing import Annotated, ClassVar, Literal

from pydantic import Field
from pyoxigraph import NamedNode

from graph.curated.entry import Entry, Reference, Text
from graph.curated.reading import CuratedReading, MistakeError
from graph.model import Record
from graph.model.award import AwardConferral
from graph.model.organization import Organization
from graph.model.paper import Paper
from graph.model.program import ProgramItem
from graph.model.series import Series
from graph.model.track import Track
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
