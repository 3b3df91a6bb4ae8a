"""Awards: a round is the award in one edition, under the name printed there, and the papers that received it."""

from collections.abc import Iterator
from typing import Annotated, Any, Self

from pydantic import Field, model_validator
from pyoxigraph import NamedNode

from graph.curated.entry import AwardKey, Declared, EditionKey, Entry, Key, OneOf, Text
from graph.curated.reading import CuratedReading
from graph.model.award import Award, AwardConferral, AwardRound
from graph.names import code, slug
from graph.vocabulary import codes

SMALL = {"of", "the", "for", "in", "and"}


class AwardEntry(Entry, section="awards"):
    """An award as given in an edition, under the name printed there; its first entry says which award and edition."""

    round: Annotated[Key, Field(description="a short name, by which this file refers to the award in this edition")]
    award: AwardKey | None = None
    edition: EditionKey | None = None
    name: Annotated[Text | None, Field(description="the name as printed")] = None
    rank: Annotated[str, OneOf("rank")] | None = None
    track: Annotated[str, OneOf("track-kind")] | None = None
    category: Text | None = None
    inaugural: bool | None = None
    frequency: Text | None = None
    decided_by: Annotated[Key | None, Field(description="the key of the committee")] = None

    @model_validator(mode="after")
    def _both_or_none(self) -> Self:
        if (self.award is None) != (self.edition is None):
            raise ValueError("give both the award and the edition, or neither where an entry above has them")
        return self

    def declare(self, reading: CuratedReading) -> Iterator[Declared]:
        """Yield the award, as award:<series>/<award>, and the round."""
        reading.rounds.setdefault(self.round, {}).update(self.model_dump(exclude_none=True))
        if self.award and self.edition:
            yield "award", self.award, reading.names.id("award", self.award.replace("/", "-"))
            yield "round", self.round, reading.names.within(reading.edition(self.edition), "award", slug(self.round))

    def say(self, reading: CuratedReading) -> None:
        """Add the award and its round."""
        iri = reading.find("round", self.round)
        award, edition = _award(reading, self.round), reading.edition(reading.rounds[self.round]["edition"])
        if iri not in reading.labels:
            category = reading.rounds[self.round].get("category")
            label = f"{reading.label(edition)} {self.name or title(self.round)}{f', {category}' if category else ''}"
            reading.name(AwardRound(iri=iri, label=label, award=award, edition=edition))
        if self.frequency:
            reading.say(Award(iri=award, frequency=self.frequency), self.evidence)
        record = AwardRound(
            iri=iri, award_name=self.name, inaugural=self.inaugural, **_terms(reading, self.model_dump())
        )
        reading.say(record, self.evidence)


class ConferralEntry(Entry, section="conferrals"):
    """A paper that received an award; what the round says holds for it too."""

    round: Annotated[Key, Field(description="the key of the award in this edition")]
    paper: Key
    name: Annotated[Text | None, Field(description="the name of the award as printed, if not that of the round")] = None
    rank: Annotated[str, OneOf("rank")] | None = None
    category: Text | None = None
    decided_by: Annotated[Key | None, Field(description="the key of the committee")] = None

    def declare(self, reading: CuratedReading) -> Iterator[Declared]:
        """Yield the conferral, by the key of its paper."""
        reading.find("round", self.round)
        edition = reading.rounds[self.round]["edition"]
        path = reading.names.path(reading.find("paper", self.paper))
        yield "conferral", self.paper, reading.names.id("conferral", edition, path)

    def say(self, reading: CuratedReading) -> None:
        """Add the conferral."""
        said = reading.rounds[self.round] | self.model_dump(exclude_none=True)
        award, edition = _award(reading, self.round), reading.edition(said["edition"])
        paper, rank = reading.find("paper", self.paper), said.setdefault("rank", "winner")
        place = "" if rank == "winner" else f" ({codes.codes('rank')[rank]})"
        record = AwardConferral(
            iri=reading.find("conferral", self.paper),
            label=f"{reading.label(award)}{place}, {reading.label(edition)}: {reading.label(paper)}",
            award=award,
            round=reading.find("round", self.round),
            edition=edition,
            paper=paper,
            award_name=said.get("name"),
            **_terms(reading, said),
        )
        reading.say(record, self.evidence)


def _terms(reading: CuratedReading, said: dict[str, Any]) -> dict[str, Any]:
    rank, track, committee = said.get("rank"), said.get("track"), said.get("decided_by")
    return {
        "rank": code("rank", rank) if rank else None,
        "track_kind": code("track-kind", track) if track else None,
        "category": said.get("category"),
        "decided_by": reading.find("committee", committee) if committee else None,
    }


def _award(reading: CuratedReading, round_: str) -> NamedNode:
    series, _, award = reading.rounds[round_]["award"].partition("/")
    whole = reading.series(series)
    iri = reading.names.id("award", f"{series}-{award}")
    return reading.name(Award(iri=iri, label=f"{reading.label(whole)} {title(award)} Award", awarded_by=whole))


def title(key: str) -> str:
    """Return a key as a title: test-of-time is Test of Time."""
    words = key.split("-")
    return " ".join(word if index and word in SMALL else word.capitalize() for index, word in enumerate(words))
