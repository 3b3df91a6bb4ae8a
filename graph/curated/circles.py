"""Things of a curated file that lead back to themselves, such as a part of itself or an edition that follows itself."""

from collections.abc import Iterator

from pyoxigraph import NamedNode

from graph.curated.reading import CuratedReading
from graph.terms import CVN, Term

DIRECTED = {CVN.partOf: "is part of", CVN.partOfPlace: "lies in", CVN.predecessor: "follows"}


def circles(reading: CuratedReading) -> Iterator[tuple[int, str]]:
    """Yield the line and a message for each entry whose thing leads back to itself along one property."""
    steps: dict[tuple[NamedNode, Term], list[Term]] = {}
    entries: dict[tuple[NamedNode, Term], int] = {}
    for line, record in reading.places:
        for triple in record.triples():
            if triple.predicate in DIRECTED:
                steps.setdefault((triple.predicate, triple.subject), []).append(triple.object)
                entries.setdefault((triple.predicate, triple.subject), line)
    for (prop, thing), line in entries.items():
        if thing in _reached(steps, prop, thing):
            name = reading.names.path(thing) if isinstance(thing, NamedNode) else str(thing)
            yield line, f"{name} {DIRECTED[prop]} itself, directly or through other entries; correct one of them"


def _reached(steps: dict[tuple[NamedNode, Term], list[Term]], prop: NamedNode, start: Term) -> set[Term]:
    found, waiting = set[Term](), [start]
    while waiting:
        for each in steps.get((prop, waiting.pop()), ()):
            if each not in found:
                found.add(each)
                waiting.append(each)
    return found
