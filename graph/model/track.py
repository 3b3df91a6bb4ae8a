"""Tracks: calls with submissions and decisions of their own."""

from dataclasses import dataclass
from typing import Annotated

from pyoxigraph import NamedNode

from graph.model.record import Record, Says
from graph.terms import CVN


@dataclass(frozen=True, kw_only=True)
class Track(Record):
    """A call of one edition with submissions and decisions of its own."""

    TYPE = CVN.Track

    edition: Annotated[NamedNode | None, Says(CVN.edition)] = None
    track_kind: Annotated[NamedNode | None, Says(CVN.trackKind)] = None
    first_held: Annotated[bool | None, Says(CVN.firstHeld)] = None
    theme: Annotated[str | None, Says(CVN.onTheme)] = None
    purpose: Annotated[str | None, Says(CVN.purpose)] = None
