"""The program of an edition: its parts, sessions, presentations and talks."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pyoxigraph import NamedNode

from graph.model.record import Record, Says
from graph.terms import CVN, DCTERMS


@dataclass(frozen=True, kw_only=True)
class ProgramItem(Record):
    """A part of an edition's program; its `type` says which kind."""

    TYPE = CVN.ProgramItem

    edition: Annotated[NamedNode | None, Says(CVN.edition)] = None
    name_as_printed: Annotated[str | None, Says(CVN.nameAsPrinted)] = None
    part_of: Annotated[NamedNode | None, Says(CVN.partOf)] = None
    item_kind: Annotated[NamedNode | None, Says(CVN.itemKind)] = None
    number: Annotated[str | None, Says(CVN.number)] = None
    theme: Annotated[str | None, Says(CVN.theme)] = None
    start: Annotated[datetime | None, Says(CVN.startTime)] = None
    end: Annotated[datetime | None, Says(CVN.endTime)] = None
    day_as_printed: Annotated[str | None, Says(CVN.dayAsPrinted)] = None
    time_as_printed: Annotated[str | None, Says(CVN.timeAsPrinted)] = None
    room: Annotated[NamedNode | None, Says(CVN.room)] = None
    streamed: Annotated[bool | None, Says(CVN.streamed)] = None
    former_name: Annotated[str | None, Says(CVN.formerName)] = None
    description: Annotated[str | None, Says(CVN.description)] = None


@dataclass(frozen=True, kw_only=True)
class Presentation(ProgramItem):
    """One person or group presenting one thing in a slot."""

    TYPE = CVN.Presentation

    session: Annotated[NamedNode | None, Says(CVN.inSession)] = None
    presents: Annotated[NamedNode | None, Says(CVN.presents)] = None
    title: Annotated[str | None, Says(DCTERMS.title)] = None
