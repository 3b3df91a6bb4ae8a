"""Links as printed."""

from dataclasses import replace
from typing import Annotated, Self

from pydantic import Field, model_validator
from pyoxigraph import NamedNode

from graph.curated.entry import Entry, Like, OneOf, Reference, Text
from graph.curated.reading import CuratedReading
from graph.errors import quoted
from graph.model.link import Link
from graph.names import code, slug
from graph.vocabulary import codes


class LinkEntry(Entry, section="links"):
    """A link of something, with its words and, where the document prints it, its address."""

    of: Reference
    kind: Annotated[str, OneOf("link-kind")]
    words: Text | None = None
    url: Annotated[str, Like(r"https?://[^\s<>]+", "the address as printed", "https://example.org/")] | None = None
    broken: Annotated[bool, Field(description="true if the address cannot be right: it is kept as text")] = False

    @model_validator(mode="after")
    def _address(self) -> Self:
        try:
            NamedNode(self.url if self.url and not self.broken else "https://example.org/")
        except ValueError as error:
            words = f"{quoted(self.url or '')} is no address ({error}); correct it or add broken: true"
            raise ValueError(words) from error
        return self

    def say(self, reading: CuratedReading) -> None:
        """Add the link."""
        of = reading.reference(self.of)
        kind = codes.codes("link-kind")[self.kind]
        ends = [reading.names.path(of), self.kind, *([slug(self.words)] if self.words else [])]
        record = Link(
            iri=reading.names.id("link", *ends),
            label=f"{reading.label(of)}: {self.words or kind}",
            of=of,
            kind=code("link-kind", self.kind),
            url=NamedNode(self.url) if self.url and not self.broken else None,
            words=self.words,
        )
        reading.say(record, replace(self.evidence, printed=self.printed or self.url))
