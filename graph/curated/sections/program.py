"""The program: its parts and sessions, talks, and presentations of papers."""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from graph.curated.entry import Declared, EditionKey, Entry, Key, Moment, OneOf, Reference, Text
from graph.curated.people import Mention
from graph.curated.place import RoomForm
from graph.curated.reading import CuratedReading
from graph.curated.sections.role import hold
from graph.model.program import Presentation, ProgramItem
from graph.names import code, slug
from graph.terms import CVN
from graph.vocabulary import codes

TALKS = {"invited-talk": (CVN.InvitedTalk, "invited-speaker"), "award-talk": (CVN.AwardTalk, "presenter")}
SESSIONS = {"oral": CVN.OralSession, "poster": CVN.PosterSession, "session": CVN.Session}
PRESENTATIONS = {"oral": CVN.OralPresentation, "poster": CVN.PosterPresentation, "spotlight": CVN.SpotlightPresentation}


class Slot(Entry):
    """When and where something is on the program."""

    edition: EditionKey
    start: Moment | None = None
    end: Moment | None = None
    day_as_printed: Text | None = None
    time_as_printed: Text | None = None
    room: RoomForm | None = None
    part_of: Annotated[Reference | None, Field(description="program:<edition>/<part> or session:<key>")] = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.start and self.end and self.end <= self.start:
            raise ValueError(f"it ends at {self.end}, not after its start at {self.start}; check the times")
        return self

    def slot(self, reading: CuratedReading) -> dict[str, Any]:
        """Return the fields of a program item that say when and where."""
        return {
            "start": _plain(self.start),
            "end": _plain(self.end),
            "day_as_printed": self.day_as_printed,
            "time_as_printed": self.time_as_printed,
            "part_of": reading.reference(self.part_of) if self.part_of else None,
            "room": self.room.named(reading) if self.room else None,
        }


def _plain(moment: datetime | None) -> datetime | None:
    return datetime.fromisoformat(moment.isoformat()) if moment else None


class PartEntry(Slot, section="program_parts"):
    """All items of one kind in the program of an edition, such as its invited talks."""

    part: Annotated[str, OneOf("item-kind")]
    streamed: bool | None = None
    former_name: Text | None = None

    def declare(self, reading: CuratedReading) -> Iterator[Declared]:
        """Yield the part, as program:<edition>/<part>."""
        edition, kind = reading.edition(self.edition), code("item-kind", self.part)
        iri = reading.names.within(edition, "program", self.part)
        yield "program", f"{self.edition}/{self.part}", iri
        label = f"{reading.label(edition)} {codes.codes('item-kind')[self.part]}"
        reading.name(ProgramItem(iri=iri, type=CVN.ProgramPart, label=label, edition=edition, item_kind=kind))

    def say(self, reading: CuratedReading) -> None:
        """Add the part of the program."""
        iri = reading.find("program", f"{self.edition}/{self.part}")
        record = ProgramItem(
            iri=iri,
            type=CVN.ProgramPart,
            streamed=self.streamed,
            former_name=self.former_name,
            **self.slot(reading),
        )
        reading.say(record, self.evidence)


class SessionEntry(Slot, section="sessions"):
    """A session with its slot."""

    session: Key
    kind: Literal["oral", "poster", "session"] = "session"
    name: Text
    number: Text | None = None
    theme: Text | None = None

    def declare(self, reading: CuratedReading) -> Iterator[Declared]:
        """Yield the session."""
        edition = reading.edition(self.edition)
        iri = reading.names.within(edition, "session", slug(self.session))
        yield "session", self.session, iri
        label = f"{reading.label(edition)} {self.name}"
        reading.name(ProgramItem(iri=iri, type=SESSIONS[self.kind], label=label, edition=edition))

    def say(self, reading: CuratedReading) -> None:
        """Add the session."""
        iri, kind = reading.find("session", self.session), SESSIONS[self.kind]
        slot = self.slot(reading)
        reading.say(
            ProgramItem(iri=iri, type=kind, name_as_printed=self.name, number=self.number, theme=self.theme, **slot),
            self.evidence,
        )


class TalkEntry(Slot, section="talks"):
    """An invited talk, or the talk of an award."""

    kind: Literal["invited-talk", "award-talk"] = "invited-talk"
    title: Text | None = None
    presents: Annotated[Key | None, Field(description="the key of the paper that is presented")] = None
    speakers: Annotated[list[Mention], Field(min_length=1)]

    @model_validator(mode="after")
    def _is_distinct(self) -> Self:
        if not (self.title or self.presents):
            raise ValueError("a talk needs its title, or in presents the key of its paper, to differ from others")
        return self

    def say(self, reading: CuratedReading) -> None:
        """Add the talk and its speakers."""
        edition = reading.edition(self.edition)
        paper = reading.find("paper", self.presents) if self.presents else None
        title = self.title or (f"award talk on {reading.label(paper)}" if paper else "")
        kind, role = TALKS[self.kind]
        iri = reading.names.within(edition, "talk", slug(title)[:48].rstrip("-"))
        reading.name(Presentation(iri=iri, type=kind, label=title[0].upper() + title[1:], edition=edition))
        reading.say(
            Presentation(iri=iri, type=kind, title=self.title, presents=paper, **self.slot(reading)), self.evidence
        )
        for speaker in self.speakers:
            hold(reading, role, iri, speaker, self.evidence)


class PresentationEntry(Slot, section="presentations"):
    """A paper presented in a session, as a poster or a talk."""

    paper: Key
    kind: Literal["oral", "poster", "spotlight"]
    session: Key
    number: Annotated[Text | None, Field(description="the board of a poster, without the sign")] = None

    def say(self, reading: CuratedReading) -> None:
        """Add the presentation."""
        edition, paper = reading.edition(self.edition), reading.find("paper", self.paper)
        session = reading.find("session", self.session)
        board = slug(self.number) if self.number else slug(self.paper)
        iri = reading.names.within(edition, self.kind, f"{board}-{slug(self.session)}")
        label = f"{reading.label(paper)} ({self.kind} at {reading.label(edition)})"
        kind = PRESENTATIONS[self.kind]
        reading.name(Presentation(iri=iri, type=kind, label=label, edition=edition))
        record = Presentation(
            iri=iri, type=kind, session=session, presents=paper, number=self.number, **self.slot(reading)
        )
        reading.say(record, self.evidence)
