"""Awards, as recurring things, as given in one edition, and as conferred."""

from dataclasses import dataclass
from typing import Annotated

from pyoxigraph import NamedNode

from graph.model.record import Fact, Record, Says
from graph.terms import CVN


@dataclass(frozen=True, kw_only=True)
class Award(Record):
    """An award across editions, whatever its name in each."""

    TYPE = CVN.Award

    awarded_by: Annotated[NamedNode | None, Says(CVN.awardedBy)] = None
    frequency: Annotated[str | None, Says(CVN.frequency)] = None


@dataclass(frozen=True, kw_only=True)
class AwardRound(Record):
    """An award as given in one edition, under the name printed there."""

    TYPE = CVN.AwardRound

    award: Annotated[NamedNode | None, Says(CVN.award)] = None
    edition: Annotated[NamedNode | None, Says(CVN.edition)] = None
    award_name: Annotated[str | None, Says(CVN.awardName)] = None
    rank: Annotated[NamedNode | None, Says(CVN.rank)] = None
    track_kind: Annotated[NamedNode | None, Says(CVN.trackKind)] = None
    category: Annotated[str | None, Says(CVN.category)] = None
    inaugural: Annotated[bool | None, Says(CVN.inaugural)] = None
    decided_by: Annotated[NamedNode | None, Says(CVN.decidedBy)] = None


@dataclass(frozen=True, kw_only=True)
class AwardConferral(Fact):
    """One award given in one edition to one paper."""

    TYPE = CVN.AwardConferral

    award: Annotated[NamedNode | None, Says(CVN.award)] = None
    round: Annotated[NamedNode | None, Says(CVN.round)] = None
    edition: Annotated[NamedNode | None, Says(CVN.edition)] = None
    paper: Annotated[NamedNode | None, Says(CVN.paper)] = None
    award_name: Annotated[str | None, Says(CVN.awardName)] = None
    rank: Annotated[NamedNode | None, Says(CVN.rank)] = None
    track_kind: Annotated[NamedNode | None, Says(CVN.trackKind)] = None
    category: Annotated[str | None, Says(CVN.category)] = None
    decided_by: Annotated[NamedNode | None, Says(CVN.decidedBy)] = None
    rationale: Annotated[str | None, Says(CVN.rationale)] = None
