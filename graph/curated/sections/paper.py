"""Papers and their authors in order."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, model_validator
from pyoxigraph import NamedNode

from graph.curated.entry import Declared, EditionKey, Entry, Form, Key, Lines, Text, TrackKey
from graph.curated.people import Mention
from graph.curated.reading import CuratedReading, MistakeError
from graph.model import Evidence
from graph.model.paper import Authorship, Paper


class AuthorsEntry(Form):
    """The authors of a paper, in order."""

    line: Lines
    names: Annotated[list[Mention], Field(min_length=1)]
    et_al: Annotated[bool, Field(description="true where the document leaves authors out")] = False

    @model_validator(mode="after")
    def _once(self) -> "AuthorsEntry":
        names = [each.name for each in self.names]
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"{twice[0]!r} is twice among the authors; remove one of them")
        return self


class PaperEntry(Entry, section="papers"):
    """A paper; the first entry of a paper has its title."""

    paper: Annotated[Key, Field(description="a short name, by which this file refers to the paper")]
    title: Text | None = None
    edition: Annotated[EditionKey | None, Field(description="where it was published, if the document says so")] = None
    filed_under: Annotated[EditionKey | None, Field(description="the edition in its IRI, if it is not printed")] = None
    track: TrackKey | None = None
    authors: AuthorsEntry | None = None
    short_names: tuple[Text, ...] = ()
    set_as: Annotated[Text | None, Field(description="how the title is set, such as heading of level 4")] = None
    openreview: Annotated[Text | None, Field(description="the id of its forum on OpenReview, as printed")] = None
    concurrent_with: Annotated[Key | None, Field(description="the key of a paper of the same time and idea")] = None

    def declare(self, reading: CuratedReading) -> Iterator[Declared]:
        """Yield the paper, where the entry has its title."""
        edition = self.filed_under or self.edition
        if self.title and not edition:
            raise MistakeError("a paper needs the edition that it was published in, or filed_under")
        if self.title and edition:
            iri = reading.names.paper(edition, self.title)
            yield "paper", self.paper, iri
            reading.name(Paper(iri=iri, label=self.title))

    def spans(self) -> tuple[str, ...]:
        """Return the lines of the paper and of its authors."""
        return (*self.line, *(self.authors.line if self.authors else ()))

    def say(self, reading: CuratedReading) -> None:
        """Add the paper and its authorships."""
        paper = reading.find("paper", self.paper)
        record = Paper(
            iri=paper,
            title=self.title,
            edition=reading.edition(self.edition) if self.edition else None,
            track=reading.track(self.track) if self.track else None,
            authors_left_out=True if self.authors and self.authors.et_al else None,
            short_names=tuple(self.short_names),
            title_set_as=self.set_as,
            openreview_id=self.openreview,
            concurrent_with=reading.find("paper", self.concurrent_with) if self.concurrent_with else None,
        )
        reading.say(record, self.evidence)
        if self.authors:
            evidence = Evidence(self.authors.line, None, self.evidence.time, self.evidence.at)
            for place, author in enumerate(self.authors.names, start=1):
                _author(reading, paper, author.position or place, author, evidence)


def _author(reading: CuratedReading, paper: NamedNode, place: int, author: Mention, evidence: Evidence) -> None:
    person = reading.person(author.name, evidence)
    reading.say(
        Authorship(
            iri=reading.names.between("authorship", paper, person),
            label=f"{reading.label(person)}, author {place} of {reading.label(paper)}",
            paper=paper,
            person=person,
            position=place,
            name_as_printed=author.name,
            affiliations=author.organizations(reading),
            affiliations_as_printed=author.affiliations_as_printed,
        ),
        evidence,
    )
