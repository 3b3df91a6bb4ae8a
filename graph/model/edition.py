"""Editions: one year's conference of a series."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated

from pyoxigraph import NamedNode

from graph.model.record import Record, Says
from graph.terms import CVN


@dataclass(frozen=True, kw_only=True)
class Edition(Record):
    """One year's conference of a series."""

    TYPE = CVN.Edition

    series: Annotated[NamedNode | None, Says(CVN.series)] = None
    year: Annotated[int | None, Says(CVN.year)] = None
    ordinal: Annotated[int | None, Says(CVN.ordinal)] = None
    name_as_printed: Annotated[str | None, Says(CVN.nameAsPrinted)] = None
    start_date: Annotated[date | None, Says(CVN.startDate)] = None
    end_date: Annotated[date | None, Says(CVN.endDate)] = None
    mode: Annotated[NamedNode | None, Says(CVN.mode)] = None
    place: Annotated[NamedNode | None, Says(CVN.place)] = None
    predecessor: Annotated[NamedNode | None, Says(CVN.predecessor)] = None
    co_located_with: Annotated[tuple[NamedNode, ...], Says(CVN.coLocatedWith)] = ()
    joint_with: Annotated[tuple[NamedNode, ...], Says(CVN.jointWith)] = ()
    planned: Annotated[bool | None, Says(CVN.planned)] = None
    awards_announced: Annotated[date | None, Says(CVN.awardsAnnounced)] = None
