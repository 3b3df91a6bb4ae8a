"""Decisions: how names were identified and how differences between sources were resolved."""

from dataclasses import dataclass
from typing import Annotated

from pyoxigraph import NamedNode

from graph.model.record import Record, Says
from graph.terms import CVN, Term


@dataclass(frozen=True, kw_only=True)
class IdentityDecision(Record):
    """A reviewed decision that a printed name is this person or organization."""

    TYPE = CVN.IdentityDecision

    name_as_printed: Annotated[str, Says(CVN.nameAsPrinted)]
    source: Annotated[NamedNode, Says(CVN.source)]
    identified_as: Annotated[NamedNode, Says(CVN.identifiedAs)]
    because: Annotated[str, Says(CVN.because)]


@dataclass(frozen=True, kw_only=True)
class Resolution(Record):
    """A choice of the build between differing sources: the chosen values, the others, and the reason."""

    TYPE = CVN.Resolution

    resolves: Annotated[NamedNode, Says(CVN.resolves)]
    on_property: Annotated[NamedNode, Says(CVN.onProperty)]
    chosen: Annotated[Term, Says(CVN.chosen)]
    rejected: Annotated[tuple[Term, ...], Says(CVN.rejected)]
    because: Annotated[str, Says(CVN.preferredBecause)]
