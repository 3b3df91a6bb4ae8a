"""Committees; their members are role holdings."""

from dataclasses import dataclass
from typing import Annotated

from pyoxigraph import NamedNode

from graph.model.record import Record, Says
from graph.terms import CVN


@dataclass(frozen=True, kw_only=True)
class Committee(Record):
    """A committee of one edition."""

    TYPE = CVN.Committee

    edition: Annotated[NamedNode | None, Says(CVN.edition)] = None
    track: Annotated[NamedNode | None, Says(CVN.track)] = None
    name_as_printed: Annotated[str | None, Says(CVN.nameAsPrinted)] = None
    also_called: Annotated[str | None, Says(CVN.alsoCalled)] = None
    nominated_by: Annotated[tuple[NamedNode, ...], Says(CVN.nominatedBy)] = ()
    approved_by: Annotated[tuple[NamedNode, ...], Says(CVN.approvedBy)] = ()
