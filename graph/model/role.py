"""Who held which role, where."""

from dataclasses import dataclass
from typing import Annotated

from pyoxigraph import NamedNode

from graph.model.record import Fact, Says
from graph.terms import CVN


@dataclass(frozen=True, kw_only=True)
class RoleHolding(Fact):
    """One person in one role of an edition, track, committee or program item; without a person, the role alone."""

    TYPE = CVN.RoleHolding

    role: Annotated[NamedNode, Says(CVN.role)]
    where: Annotated[NamedNode, Says(CVN["in"])]
    person: Annotated[NamedNode | None, Says(CVN.person)] = None
    name_as_printed: Annotated[str | None, Says(CVN.nameAsPrinted)] = None
    affiliations: Annotated[tuple[NamedNode, ...], Says(CVN.affiliation)] = ()
    affiliations_as_printed: Annotated[tuple[str, ...], Says(CVN.affiliationAsPrinted)] = ()
