"""Conference series and the names they had."""

from dataclasses import dataclass
from typing import Annotated

from pyoxigraph import NamedNode

from graph.model.record import Fact, Record, Says
from graph.terms import CVN


@dataclass(frozen=True, kw_only=True)
class Series(Record):
    """A recurring conference; its IRI stays when its name changes."""

    TYPE = CVN.ConferenceSeries

    acronym: Annotated[str | None, Says(CVN.acronym)] = None
    full_name: Annotated[str | None, Says(CVN.fullName)] = None
    name_as_printed: Annotated[str | None, Says(CVN.nameAsPrinted)] = None
    organized_by: Annotated[NamedNode | None, Says(CVN.organizedBy)] = None
    topics: Annotated[tuple[NamedNode, ...], Says(CVN.topic)] = ()
    predecessor: Annotated[NamedNode | None, Says(CVN.predecessor)] = None
    aim: Annotated[str | None, Says(CVN.aim)] = None


@dataclass(frozen=True, kw_only=True)
class NamePeriod(Fact):
    """A name of a series and the years in which it was used."""

    TYPE = CVN.NamePeriod

    series: Annotated[NamedNode, Says(CVN.nameOf)]
    former: Annotated[bool, Says(CVN.former)]
    acronym: Annotated[str | None, Says(CVN.acronym)] = None
    full_name: Annotated[str | None, Says(CVN.fullName)] = None
    valid_from: Annotated[int | None, Says(CVN.validFrom)] = None
    valid_until: Annotated[int | None, Says(CVN.validUntil)] = None
