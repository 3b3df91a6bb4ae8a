"""Organizations and affinity groups."""

from dataclasses import dataclass
from typing import Annotated

from pyoxigraph import NamedNode

from graph.model.record import Record, Says
from graph.terms import CVN


@dataclass(frozen=True, kw_only=True)
class Organization(Record):
    """An organization; its `type` says whether it is an affinity group."""

    TYPE = CVN.Organization

    legal_form: Annotated[str | None, Says(CVN.legalForm)] = None
    topics: Annotated[tuple[NamedNode, ...], Says(CVN.topic)] = ()
    purpose: Annotated[str | None, Says(CVN.purpose)] = None
    represented_at: Annotated[NamedNode | None, Says(CVN.representedAt)] = None
