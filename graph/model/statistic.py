"""Numbers: each as one source gives it, and those that are calculated."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated

from pyoxigraph import NamedNode

from graph.model.record import Fact, Record, Says
from graph.terms import CVN


@dataclass(frozen=True, kw_only=True)
class Observation(Fact):
    """One number of one source, with every dimension; "total" is a code of its own (RDF Data Cube, IC-11)."""

    TYPE = CVN.Observation

    measure: Annotated[NamedNode, Says(CVN.measure)]
    mode: Annotated[NamedNode, Says(CVN.inMode)]
    track: Annotated[NamedNode, Says(CVN.inTrack)]
    country: Annotated[NamedNode, Says(CVN.inCountry)]
    stage: Annotated[NamedNode, Says(CVN.stage)]
    denominator: Annotated[NamedNode, Says(CVN.denominator)]
    as_of: Annotated[date | None, Says(CVN.asOf)] = None
    condition: Annotated[str | None, Says(CVN.condition)] = None
    country_as_printed: Annotated[str | None, Says(CVN.countryAsPrinted)] = None
    value: Annotated[Decimal | int, Says(CVN.value)]
    edition: Annotated[NamedNode | None, Says(CVN.of)] = None
    about: Annotated[NamedNode | None, Says(CVN.about)] = None
    qualifier: Annotated[NamedNode | None, Says(CVN.qualifier)] = None


@dataclass(frozen=True, kw_only=True)
class DerivedObservation(Record):
    """One number that the build calculates, with the numbers it was calculated from."""

    TYPE = CVN.DerivedObservation

    measure: Annotated[NamedNode, Says(CVN.measure)]
    mode: Annotated[NamedNode, Says(CVN.inMode)]
    track: Annotated[NamedNode, Says(CVN.inTrack)]
    country: Annotated[NamedNode, Says(CVN.inCountry)]
    denominator: Annotated[NamedNode | None, Says(CVN.denominator)] = None
    value: Annotated[Decimal | int, Says(CVN.value)]
    edition: Annotated[NamedNode, Says(CVN.of)]
    formula: Annotated[str, Says(CVN.derivedBy)]
    inputs: Annotated[tuple[NamedNode, ...], Says(CVN.derivedFrom)]
