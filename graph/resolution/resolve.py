"""The resolved view: each fact once, differences between sources decided, with the reason of each decision.

A property whose shape allows one value keeps the value of the source that is trusted most; of two places the more
particular one; of the observations of one cell, one is preferred. Other values stay in the graph of their source.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from graph.curated.reader import CuratedSource
from graph.model import Evidence, Fact, Said
from graph.model.curation import Resolution
from graph.model.source import Citation
from graph.names import Names, digest
from graph.terms import CODE, CVN, DCTERMS, OWL, RDF, RDFS, SKOS, Term, Triple
from graph.vocabulary.identifiers import of_term
from graph.vocabulary.ontology import is_single, superclasses

CITING = {CVN.Citation, CVN.Statement}
CONTESTED = {CODE[f"claim-status/{status}"] for status in ("reported-allegation", "disputed", "speculation")}
NAMING = {RDF.type, RDFS.label, SKOS.altLabel}


@dataclass(frozen=True)
class WeightedSource:
    """A source as far as it matters for a decision."""

    iri: NamedNode
    title: str
    trust: int
    triples: frozenset[Triple]

    @property
    def order(self) -> tuple[int, str]:
        """The place of the source among others: the most trusted first."""
        return (-self.trust, self.iri.value)


class Resolver:
    """The sources of a graph, and what they say together."""

    def __init__(self, voices: Iterable[WeightedSource], names: Names) -> None:
        self.names = names
        self.voices = sorted(voices, key=lambda voice: voice.order)
        self.said: dict[NamedNode, dict[NamedNode, dict[Term, list[WeightedSource]]]] = defaultdict(dict)
        for voice in self.voices:
            for triple in voice.triples:
                values = self.said[triple.subject].setdefault(triple.predicate, {})
                values.setdefault(triple.object, []).append(voice)

    def triples(self) -> Iterator[Triple]:
        """Yield the resolved view, without shortcuts and preferences between numbers."""
        facts, cited = set[Triple](), dict[Term, None]()
        for subject, said in self.said.items():
            kinds = set(said[RDF.type])
            if kinds & CITING or CONTESTED & set(said.get(CVN.claimStatus, ())):
                continue
            cited |= dict.fromkeys(said.get(CVN.citedAt, ()))
            for prop, values in said.items():
                facts |= set(self._resolved(subject, prop, values, kinds))
        for subject, said in self.said.items():
            if CVN.Statement in said[RDF.type] and _stated(said) in facts:
                cited |= dict.fromkeys((subject, *said[CVN.citedAt]))
        yield from facts
        for each in cited:
            yield from self._whole(each)

    def _whole(self, subject: Term) -> Iterator[Triple]:
        assert isinstance(subject, NamedNode)  # noqa: S101 - nothing is said of literals
        return (Triple(subject, prop, value) for prop, values in self.said[subject].items() for value in values)

    def _resolved(
        self, subject: NamedNode, prop: NamedNode, values: dict[Term, list[WeightedSource]], kinds: set[Term]
    ) -> Iterator[Triple]:
        if len(values) > 1 and prop in {CVN.place, CVN.partOfPlace}:
            yield from (Triple(subject, prop, value) for value in self._most_particular(values))
        elif len(values) > 1 and is_single((kind for kind in kinds if isinstance(kind, NamedNode)), prop):
            (chosen, *rejected), because = self._by_trust(values)
            yield Triple(subject, prop, chosen)
            yield from self._resolution(subject, prop, (chosen, *rejected), because)
        else:
            yield from (Triple(subject, prop, value) for value in values)

    def _by_trust(self, values: dict[Term, list[WeightedSource]]) -> tuple[list[Term], str]:
        first, *others = sorted(values, key=lambda value: (values[value][0].order, -len(values[value]), str(value)))
        return [first, *others], trusted(values[first][0], [values[other][0] for other in others])

    def _most_particular(self, values: dict[Term, list[WeightedSource]]) -> list[Term]:
        """Return the places that lie around no other: a city and a venue in it are no difference, both are right."""
        around = {place for value in values for place in self._around(value)}
        return [value for value in values if value not in around]

    def _around(self, place: Term) -> Iterator[Term]:
        for whole in self.said.get(place, {}).get(CVN.partOfPlace, {}) if isinstance(place, NamedNode) else ():
            yield whole
            yield from self._around(whole)

    def _resolution(
        self, subject: NamedNode, prop: NamedNode, values: tuple[Term, ...], because: str
    ) -> Iterator[Triple]:
        if prop == RDFS.label:
            return
        name = next(iter(self.said[subject].get(RDFS.label, {Literal("thing"): []}))).value
        record = Resolution(
            iri=self.names.id("resolution", digest(subject.value.removeprefix(self.names.base), prop.value, length=12)),
            label=f"{name}: {prop.value.rpartition('#')[2]}",
            resolves=subject,
            on_property=prop,
            chosen=values[0],
            rejected=values[1:],
            because=because,
        )
        yield from record.triples()


def _stated(said: dict[NamedNode, dict[Term, list[WeightedSource]]]) -> tuple[Term, ...]:
    """Return the triple that a statement is about."""
    return tuple(next(iter(said[each])) for each in (RDF.subject, RDF.predicate, RDF.object))


def trusted(first: WeightedSource, others: list[WeightedSource]) -> str:
    """Return why a value of one source is preferred to those of others."""
    rivals = " and ".join(dict.fromkeys(each.title for each in others if each.iri != first.iri))
    if not rivals:
        return f"The {first.title} gives different values; the first by spelling was taken."
    if all(each.trust == first.trust for each in others):
        return f"The {first.title} and the {rivals} are trusted alike; the first by name was taken."
    return f"The {first.title} is trusted above the {rivals}."


def links(view: Iterable[Triple], names: Names) -> dict[NamedNode, frozenset[Triple]]:
    """Return `owl:sameAs` links by the identifiers of things, in graphs of their own that reasoners may leave out."""
    found: dict[NamedNode, set[Triple]] = defaultdict(set)
    for triple in view:
        if triple.predicate == DCTERMS.identifier and (known := of_term(triple.object)) and (entity := known.entity):
            found[names.graph("links", known.scheme.name)].add(Triple(triple.subject, OWL.sameAs, entity))
    return {name: frozenset(triples) for name, triples in found.items()}


def source_triples(source: CuratedSource, names: Names) -> Iterator[Triple]:
    """Yield the named graph of a source; a triple may come more than once."""
    for said in source.said:
        triples = list(said.record.triples())
        yield from triples
        subject = said.record.iri
        kind = triples[0].object
        assert isinstance(kind, NamedNode)  # noqa: S101 - a record's first triple is its class
        yield from (Triple(subject, RDF.type, each) for each in superclasses(kind))
        yield Triple(subject, CVN.source, source.iri)
        if said.evidence:
            yield from _where(said, said.evidence, source, names)


def _where(said: Said, evidence: Evidence, source: CuratedSource, names: Names) -> Iterator[Triple]:
    if isinstance(said.record, Fact):
        yield from _cited(said.record.iri, (said.record.iri,), evidence, source, names)
        return
    triples = list(said.record.triples())
    for triple in [each for each in triples if each.predicate not in NAMING] or triples[-1:]:
        statement = names.id(
            "statement", source.header.key, digest(*(_short(each, names) for each in triple), length=12)
        )
        yield Triple(statement, RDF.type, CVN.Statement)
        yield Triple(statement, RDF.subject, triple.subject)
        yield Triple(statement, RDF.predicate, triple.predicate)
        yield Triple(statement, RDF.object, triple.object)
        yield Triple(statement, CVN.source, source.iri)
        yield from _cited(statement, triple, evidence, source, names)


def _cited(
    fact: NamedNode, parts: tuple[Term, ...], evidence: Evidence, source: CuratedSource, names: Names
) -> Iterator[Triple]:
    """Yield a citation for each place that states a fact, so that no citation merges lines or words of two places."""
    for lines in evidence.lines:
        first, _, last = lines.partition("-")
        key = digest(*(_short(each, names) for each in parts), evidence.printed or "", evidence.time or "", length=8)
        citation = Citation(
            iri=names.id("citation", source.header.key, f"{lines}-{key}"),
            label=f"{source.header.title}, {'lines' if last else 'line'} {lines}",
            source=source.iri,
            lines=lines,
            first_line=int(first),
            last_line=int(last or first),
            printed=evidence.printed,
            time=evidence.time,
            at=evidence.at,
            quote=evidence.quote,
        )
        yield Triple(fact, CVN.citedAt, citation.iri)
        yield from citation.triples()


def _short(part: Term, names: Names) -> str:
    return str(part.value if isinstance(part, NamedNode) else part).replace(names.base, "")
