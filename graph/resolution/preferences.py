"""Which of the numbers that sources give for one cell is preferred, and why."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from pyoxigraph import NamedNode

from graph.curated.curation import Curation, Preference
from graph.model.record import term
from graph.names import Names, code
from graph.resolution.resolve import Resolver, WeightedSource, trusted
from graph.terms import CVN, RDF, Term, Triple

DIMENSIONS = (CVN.of, CVN.about, CVN.measure, CVN.inMode, CVN.inTrack, CVN.inCountry, CVN.condition)
COUNTED = (CVN.stage, CVN.denominator, CVN.asOf)
EARLIEST = ("submitted", "unstated", "after-desk-rejection", "reviewed", "accepted", "camera-ready")
Cell = tuple[Term | None, ...]


def preferences(resolver: Resolver, curation: Curation) -> Iterator[Triple]:
    """Yield for each observation whether it is preferred, and for the preferred one the reason."""
    cells: dict[Cell, list[NamedNode]] = defaultdict(list)
    for subject, said in resolver.said.items():
        if CVN.Observation in said[RDF.type]:
            cells[tuple(next(iter(said.get(each, ())), None) for each in DIMENSIONS)].append(subject)
    decided = {_decided_cell(each, resolver.names): each for each in curation.preferences}
    for cell, observations in cells.items():
        chosen, because = _choose(resolver, observations, decided.get(cell))
        for each in observations:
            yield Triple(each, CVN.preferred, term(each == chosen))
        yield Triple(chosen, CVN.preferredBecause, term(because))


def _decided_cell(each: Preference, names: Names) -> Cell:
    dimensions = (code("measure", each.measure), code("mode", each.mode), code("track-kind", each.track))
    return (names.id("edition", each.edition), None, *dimensions, code("country", "total"), None)


def _choose(resolver: Resolver, observations: list[NamedNode], decision: Preference | None) -> tuple[NamedNode, str]:
    ordered = sorted(observations, key=lambda each: (_rank(resolver, each), _voice(resolver, each).order, each.value))
    if decision:
        source = resolver.names.id("source", decision.source)
        for each in ordered:
            if _voice(resolver, each).iri == source:
                return each, f"Decided by a curator: {decision.because}"
    first, *others = ordered
    voice, rivals = _voice(resolver, first), [_voice(resolver, each) for each in others]
    if not others:
        return first, "It is the only source of this number."
    if len({_counted(resolver, each) for each in ordered}) > 1:
        return (
            first,
            "Others are of other stages, denominators or days; the earliest stage and the latest day come first.",
        )
    if len({next(iter(resolver.said[each][CVN.value])) for each in ordered}) == 1:
        return first, f"All {len(ordered)} sources give this number; the {voice.title} is named first."
    if {rival.iri for rival in rivals} == {voice.iri}:
        return first, f"It is the first of the different numbers that the {voice.title} gives."
    return first, trusted(voice, rivals)


def _counted(resolver: Resolver, observation: NamedNode) -> tuple[Term | None, ...]:
    """Return the stage, denominator and day of an observation; numbers that differ in them do not contradict."""
    said = resolver.said[observation]
    return tuple(next(iter(said.get(prop, ())), None) for prop in COUNTED)


def _rank(resolver: Resolver, observation: NamedNode) -> tuple[int, ...]:
    """Return the place of an observation by what it counts: the earliest stage first, and the latest day."""
    stage, denominator, day = _counted(resolver, observation)
    ranks = [EARLIEST.index(each.value.rpartition("/")[2]) if each else 0 for each in (stage, denominator)]
    return (*ranks, -date.fromisoformat(day.value).toordinal() if day else 0)


def _voice(resolver: Resolver, observation: NamedNode) -> WeightedSource:
    return next(voices[0] for voices in resolver.said[observation][CVN.value].values())
