"""The head of a curated file: which document it was written from."""

from typing import Annotated

from pydantic import Field

from graph.curated.entry import Form, Key, Like, OneOf, Reference, Text

TRUST = {"fact-sheet": 30, "press-release": 20, "data-file": 10, "video-notes": 5}


class Header(Form):
    """The document that a curated file was written from."""

    key: Annotated[Key, Field(description="names the source in IRIs and on the command line")]
    kind: Annotated[str, OneOf("source-kind")]
    title: Text
    lines: Annotated[int, Field(ge=1, description="how many lines the document has")]
    sha256: Annotated[str, Like("[0-9a-f]{64}", "the 64 digits that sha256sum prints for the document", "0" * 64)]
    describes: Annotated[
        tuple[Reference, ...], Field(description="what it is about: edition:neurips-2024, series:neurips")
    ] = ()
    trust: Annotated[int | None, Field(description="the higher is preferred where sources differ")] = None

    @property
    def weight(self) -> int:
        """How much the source is trusted, by its kind where the file does not say."""
        return TRUST[self.kind] if self.trust is None else self.trust
