"""Describes the dataset of a version in VoID (https://www.w3.org/TR/void/) and DCAT (…/vocab-dcat-3/)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Triple

from graph.indexes.statistics import Statistics
from graph.linksets.publishing import numbered
from graph.names import Names
from graph.terms import DCTERMS, FOAF, PREFIXES, RDF, VOID, XSD, Namespace
from graph.versions.home import Version

DCAT = Namespace("http://www.w3.org/ns/dcat#")
MEDIA_TYPE = Namespace("https://www.iana.org/assignments/media-types/")
PROTOCOL = NamedNode("https://www.w3.org/TR/sparql11-protocol/")
TITLE = "Convocation: a knowledge graph of research conferences"
DESCRIPTION = (
    "Series, editions, papers, people, roles, awards and statistics of research conferences, in which every number "
    "says which document gives it, at which line. The default graph is the resolved view; a source has a named graph."
)
Facts = Mapping[NamedNode, Iterable[NamedNode | Literal]]


@dataclass(frozen=True)
class Description:
    """The description of the dataset of a version; without `numbers` if the version was not counted."""

    version: Version
    numbers: Statistics | None
    license: NamedNode
    formats: tuple[NamedNode, ...] = ()
    examples: tuple[NamedNode, ...] = ()
    publisher: str = ""

    @property
    def names(self) -> Names:
        """The IRIs of the version."""
        return Names(self.version.base)

    @property
    def dataset(self) -> NamedNode:
        """The IRI of the dataset."""
        return self.names.described("dataset")

    @property
    def endpoint(self) -> NamedNode:
        """The address of the SPARQL endpoint."""
        return self.names.document("sparql")

    def void(self) -> Iterator[Triple]:
        """Yield what VoID says: the dataset, its endpoint, its numbers, and a partition for each class and property."""
        document: Facts = {
            RDF.type: [VOID.DatasetDescription],
            DCTERMS.title: [Literal("Description of the dataset", language="en")],
            FOAF.primaryTopic: [self.dataset],
        }
        yield from _said(self.names.document("void"), document)
        yield from self.general()
        facts: Facts = {
            RDF.type: [VOID.Dataset],
            VOID.sparqlEndpoint: [self.endpoint],
            VOID.uriSpace: [Literal(f"{self.version.base}id/")],
            VOID.feature: self.formats,
            VOID.exampleResource: self.examples,
            FOAF.homepage: [NamedNode(self.version.base)],
        }
        yield from _said(self.dataset, facts)
        if self.numbers:
            yield from self._counted(self.numbers)
            yield from (Triple(*each) for each in numbered(dict(self.numbers.graphs), self.names))

    def general(self) -> Iterator[Triple]:
        """Yield what is said of the dataset wherever it is described: title, license, date."""
        facts: Facts = {
            DCTERMS.title: [Literal(TITLE, language="en")],
            DCTERMS.description: [Literal(DESCRIPTION, language="en")],
            DCTERMS.license: [self.license],
            DCTERMS.modified: [Literal(self.version.built, datatype=XSD.dateTime)],
        }
        yield from _said(self.dataset, facts)
        if self.publisher:
            agent = self.names.described("publisher")
            yield Triple(self.dataset, DCTERMS.publisher, agent)
            yield from _said(agent, {RDF.type: [FOAF.Agent], FOAF.name: [Literal(self.publisher)]})

    def _counted(self, numbers: Statistics) -> Iterator[Triple]:
        used = [*numbers.classes, *numbers.properties]
        facts: Facts = {
            VOID.triples: [Literal(numbers.triples)],
            VOID.distinctSubjects: [Literal(numbers.subjects)],
            VOID.distinctObjects: [Literal(numbers.objects)],
            VOID.classes: [Literal(len(numbers.classes))],
            VOID.properties: [Literal(len(numbers.properties))],
            VOID.vocabulary: [NamedNode(each) for each in PREFIXES.values() if any(i.startswith(each) for i in used)],
        }
        yield from _said(self.dataset, facts)
        for iri, count in sorted(numbers.classes.items()):
            yield from self._partition("class", iri, {VOID.entities: [Literal(count)]})
        for iri, count in sorted(numbers.properties.items()):
            yield from self._partition("property", iri, {VOID.triples: [Literal(count)]})

    def _partition(self, kind: str, iri: str, count: Facts) -> Iterator[Triple]:
        part = self.names.described(kind, iri)
        yield Triple(self.dataset, VOID[f"{kind}Partition"], part)
        yield from _said(part, {RDF.type: [VOID.Dataset], VOID[kind]: [NamedNode(iri)], **count})

    def dcat(self) -> Iterator[Triple]:
        """Yield what DCAT says: a catalog of this dataset, the service that answers for it, and what can be fetched."""
        catalog, service = self.names.document("dcat"), self.names.service()
        query = self.names.described("distribution", "sparql")
        yield from _said(catalog, self._catalog(service))
        yield from self.general()
        yield from _said(self.dataset, {RDF.type: [DCAT.Dataset], DCAT.distribution: [query]})
        yield from _said(service, self._service())
        facts: Facts = {
            RDF.type: [DCAT.Distribution],
            DCTERMS.title: [Literal("Answers to SPARQL queries", language="en")],
            DCTERMS.license: [self.license],
            DCAT.accessURL: [self.endpoint],
            DCAT.accessService: [service],
        }
        yield from _said(query, facts)
        graphs = self.numbers.graphs if self.numbers else ()
        for graph in sorted(each for each in graphs if each.startswith(f"{self.version.base}graph/")):
            yield from self._download(graph)

    def _catalog(self, service: NamedNode) -> Facts:
        return {
            RDF.type: [DCAT.Catalog],
            DCTERMS.title: [Literal(TITLE, language="en")],
            DCTERMS.description: [Literal("What this installation serves.", language="en")],
            DCTERMS.modified: [Literal(self.version.built, datatype=XSD.dateTime)],
            DCTERMS.publisher: [self.names.described("publisher")] if self.publisher else [],
            DCAT.dataset: [self.dataset],
            DCAT.service: [service],
        }

    def _service(self) -> Facts:
        return {
            RDF.type: [DCAT.DataService],
            DCTERMS.title: [Literal("SPARQL endpoint", language="en")],
            DCTERMS.conformsTo: [PROTOCOL],
            DCAT.endpointURL: [self.endpoint],
            DCAT.endpointDescription: [self.endpoint],
            DCAT.servesDataset: [self.dataset],
        }

    def _download(self, graph: str) -> Iterator[Triple]:
        part = self.names.described("distribution", graph)
        yield Triple(self.dataset, DCAT.distribution, part)
        facts: Facts = {
            RDF.type: [DCAT.Distribution],
            DCTERMS.title: [Literal(f"Named graph {graph}", language="en")],
            DCTERMS.license: [self.license],
            DCAT.accessURL: [NamedNode(graph)],
            DCAT.downloadURL: [NamedNode(f"{graph}?format=ttl")],
            DCAT.mediaType: [MEDIA_TYPE["text/turtle"]],
        }
        yield from _said(part, facts)


def _said(subject: NamedNode, facts: Facts) -> Iterator[Triple]:
    for prop, values in facts.items():
        for value in values:
            yield Triple(subject, prop, value)
