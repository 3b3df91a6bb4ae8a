"""Which of the numbers that sources give for one cell is preferred, and why."""

from collections import defaultdict
from collections.abc import Iterator

from pyoxigraph import NamedNode

from graph.curated.curation import Curation, Preference
from graph.model.record import term
from graph.names import Names, code
from graph.resolution.resolve import Resolver, WeightedSource, trusted
from graph.terms import CVN, RDF, Term, Triple

DIMENSIONS = (CVN.of, CVN.about, CVN.measure, CVN.inMode, CVN.inTrack, CVN.inCountry, CVN.condition)
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
    ordered = sorted(observations, key=lambda each: (_voice(resolver, each).order, each.value))
    if decision:
        source = resolver.names.id("source", decision.source)
        for each in ordered:
            if _voice(resolver, each).iri == source:
                return each, f"Decided by a curator: {decision.because}"
    first, *others = ordered
    voice, rivals = _voice(resolver, first), [_voice(resolver, each) for each in others]
    if not others:
        return first, "It is the only source of this number."
    if len({next(iter(resolver.said[each][CVN.value])) for each in ordered}) == 1:
        return first, f"All {len(ordered)} sources give this number; the {voice.title} is named first."
    if {rival.iri for rival in rivals} == {voice.iri}:
        return first, f"It is the first of the different numbers that the {voice.title} gives."
    return first, trusted(voice, rivals)


def _voice(resolver: Resolver, observation: NamedNode) -> WeightedSource:
    return next(voices[0] for voices in resolver.said[observation][CVN.value].values())
