"""What one source says, as triples: facts carry their lines themselves, other triples have statements that do."""

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode

from graph.curated.reader import CuratedSource
from graph.model import Evidence, Fact, Said
from graph.names import Names, digest
from graph.terms import CVN, RDF, RDFS, SKOS, XSD, Triple
from graph.vocabulary.ontology import superclasses

NAMING = {RDF.type, RDFS.label, SKOS.altLabel}


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
        yield from _evidence(said.record.iri, evidence)
        return
    triples = list(said.record.triples())
    for triple in [each for each in triples if each.predicate not in NAMING] or triples[-1:]:
        parts = (
            part.replace(names.base, "") for part in (triple.subject.value, triple.predicate.value, str(triple.object))
        )
        statement = names.id("statement", source.header.key, digest(*parts, length=12))
        yield Triple(statement, RDF.type, CVN.Statement)
        yield Triple(statement, RDF.subject, triple.subject)
        yield Triple(statement, RDF.predicate, triple.predicate)
        yield Triple(statement, RDF.object, triple.object)
        yield Triple(statement, CVN.source, source.iri)
        yield from _evidence(statement, evidence)


def _evidence(node: NamedNode, evidence: Evidence) -> Iterator[Triple]:
    yield from (Triple(node, CVN.sourceLine, Literal(line)) for line in evidence.lines)
    if evidence.printed:
        yield Triple(node, CVN.asPrinted, Literal(evidence.printed))
    if evidence.time:
        yield Triple(node, CVN.mediaTimeAsPrinted, Literal(evidence.time))
    if evidence.at:
        yield Triple(node, CVN.mediaTime, Literal(evidence.at, datatype=XSD.duration))
    if evidence.quote:
        yield Triple(node, CVN.quote, Literal(evidence.quote))
