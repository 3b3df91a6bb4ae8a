"""Papers and who wrote them, in order."""

from dataclasses import dataclass
from typing import Annotated

from pyoxigraph import NamedNode

from graph.model.record import Fact, Record, Says
from graph.terms import CVN, DCTERMS


@dataclass(frozen=True, kw_only=True)
class Paper(Record):
    """A work that a track of an edition accepted or published."""

    TYPE = CVN.Paper

    title: Annotated[str | None, Says(DCTERMS.title)] = None
    edition: Annotated[NamedNode | None, Says(CVN.edition)] = None
    track: Annotated[NamedNode | None, Says(CVN.track)] = None
    short_names: Annotated[tuple[str, ...], Says(CVN.shortName)] = ()
    openreview_id: Annotated[str | None, Says(CVN.openreviewId)] = None
    title_set_as: Annotated[str | None, Says(CVN.titleSetAs)] = None
    authors_left_out: Annotated[bool | None, Says(CVN.authorsLeftOut)] = None
    concurrent_with: Annotated[NamedNode | None, Says(CVN.concurrentWith)] = None
    abstract: Annotated[str | None, Says(DCTERMS.abstract)] = None
    highlight: Annotated[str | None, Says(CVN.highlight)] = None


@dataclass(frozen=True, kw_only=True)
class Authorship(Fact):
    """One person as one author of one paper, with the position in the list and the affiliation at the time."""

    TYPE = CVN.Authorship

    paper: Annotated[NamedNode, Says(CVN.paper)]
    person: Annotated[NamedNode, Says(CVN.person)]
    position: Annotated[int, Says(CVN.position)]
    name_as_printed: Annotated[str, Says(CVN.nameAsPrinted)]
    family_name: Annotated[str | None, Says(CVN.familyName)] = None
    given_name: Annotated[str | None, Says(CVN.givenName)] = None
    name_particle: Annotated[str | None, Says(CVN.nameParticle)] = None
    name_suffix: Annotated[str | None, Says(CVN.nameSuffix)] = None
    name_undivided: Annotated[bool | None, Says(CVN.nameUndivided)] = None
    affiliations: Annotated[tuple[NamedNode, ...], Says(CVN.affiliation)] = ()
    affiliations_as_printed: Annotated[tuple[str, ...], Says(CVN.affiliationAsPrinted)] = ()
