"""Places, from countries down to rooms."""

from dataclasses import dataclass
from typing import Annotated

from pyoxigraph import NamedNode

from graph.model.record import Record, Says
from graph.terms import CVN


@dataclass(frozen=True, kw_only=True)
class Place(Record):
    """A place; its `type` says whether it is a country, region, city, venue or room."""

    TYPE = CVN.Place

    part_of: Annotated[NamedNode | None, Says(CVN.partOfPlace)] = None
    iso_code: Annotated[str | None, Says(CVN.isoCode)] = None
    level: Annotated[str | None, Says(CVN.level)] = None
