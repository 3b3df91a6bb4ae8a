"""Claims: statements of a source without a count."""

from dataclasses import dataclass
from typing import Annotated

from pyoxigraph import NamedNode

from graph.model.record import Fact, Says
from graph.terms import CVN


@dataclass(frozen=True, kw_only=True)
class Claim(Fact):
    """A statement of one source, in our words, kept attributed."""

    TYPE = CVN.Claim

    about: Annotated[NamedNode, Says(CVN.about)]
    status: Annotated[NamedNode, Says(CVN.claimStatus)]
    statement: Annotated[str, Says(CVN.statement)]
    largest_by: Annotated[tuple[NamedNode, ...], Says(CVN.largestBy)] = ()
