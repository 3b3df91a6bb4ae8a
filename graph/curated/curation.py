"""Reviewed decisions of curators: who a printed name is, and which value to prefer; `graph/data/curation.yaml`."""

from functools import cached_property
from pathlib import Path
from typing import Annotated

from pydantic import ValidationError, model_validator

from graph.curated.entry import EditionKey, Form, Key, OneOf, Text
from graph.curated.marks import load
from graph.curated.mistakes import explain
from graph.errors import CuratedFileError


class Identity(Form):
    """A printed name of one source is this person or organization."""

    source: Key
    printed: Text
    person: Text | None = None
    organization: Text | None = None
    because: Text

    @model_validator(mode="after")
    def _names_one(self) -> "Identity":
        if (self.person is None) == (self.organization is None):
            raise ValueError("name either the person or the organization that the printed name is")
        return self

    @property
    def name(self) -> str:
        """The name of the person or organization."""
        return self.person or self.organization or ""


class Preference(Form):
    """One number is preferred in the words of one source, with the reason."""

    edition: EditionKey
    measure: Annotated[str, OneOf("measure")]
    source: Key
    because: Text
    mode: Annotated[str, OneOf("mode")] = "total"
    track: Annotated[str, OneOf("track-kind")] = "total"


class Curation(Form):
    """The file of decisions."""

    identities: tuple[Identity, ...] = ()
    preferences: tuple[Preference, ...] = ()

    @cached_property
    def _identities(self) -> dict[tuple[str, str], Identity]:
        return {(each.source, each.printed): each for each in self.identities}

    def identity(self, source: str, printed: str) -> Identity | None:
        """Return the decision about a name as a source prints it, or None where the name stands for itself."""
        return self._identities.get((source, printed))


def read_curation(path: Path) -> Curation:
    """Return the decisions of a file; raise CuratedFileError if the file has mistakes."""
    marked = load(path)
    try:
        return Curation.model_validate(marked.tree)
    except ValidationError as error:
        raise CuratedFileError(explain(error, marked, Curation)) from error
