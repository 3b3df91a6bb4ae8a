"""Links as printed."""

from typing import Annotated, ClassVar

from pydantic import Field
from pyoxigraph import NamedNode

from graph import codes
from graph.curated.entry import Entry, OneOf, Reference, Text
from graph.curated.reading import Reading
from graph.model.link import Link
from graph.names import code, slug


class LinkEntry(Entry):
    """A link of something, with its words and, where the document prints it, its address."""

    SECTION: ClassVar[str] = "links"

    of: Reference
    kind: Annotated[str, OneOf("link-kind")]
    words: Text | None = None
    url: Annotated[
        str | None,
        Field(
            pattern=r"^https?://[^\s<>\"{}|^`]+$", description="the address; leave it out where the document lost it"
        ),
    ] = None
    broken: Annotated[bool, Field(description="true where the address cannot be right: it is kept as text only")] = (
        False
    )

    def say(self, reading: Reading) -> None:
        """Add the link."""
        of = reading.reference(self.of)
        kind = codes.codes("link-kind")[self.kind]
        ends = [reading.names.path(of), self.kind, *([slug(self.words)] if self.words else [])]
        printed = self.printed or (self.url or None)
        reading.say(
            Link(
                iri=reading.names.id("link", *ends),
                label=f"{reading.label(of)}: {self.words or kind}",
                of=of,
                kind=code("link-kind", self.kind),
                url=NamedNode(self.url) if self.url and not self.broken else None,
                words=self.words,
            ),
            self.evidence
            if printed is None
            else self.evidence.__class__(self.line, printed, self.evidence.time, self.evidence.at),
        )
