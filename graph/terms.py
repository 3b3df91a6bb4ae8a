"""The namespaces in use: `CVN.Edition` is the IRI of that term."""

from typing import NamedTuple, Self

import pyoxigraph
from pyoxigraph import BlankNode, Literal, NamedNode

Term = NamedNode | Literal


class Triple(NamedTuple):
    """A triple without blank nodes, which Convocation's data does not have."""

    subject: NamedNode
    predicate: NamedNode
    object: Term

    @classmethod
    def of(cls, triple: pyoxigraph.Triple | pyoxigraph.Quad) -> Self:
        """Return a triple of the engine; raise ValueError if it has a blank node or a quoted triple."""
        if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode | Literal):
            return cls(triple.subject, triple.predicate, triple.object)
        raise ValueError(f"{triple} has a blank node; name it with an IRI")


class Namespace:
    """IRIs that begin alike; an attribute or a key is the rest."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix

    def __getattr__(self, name: str) -> NamedNode:
        return self[name]

    def __getitem__(self, name: str) -> NamedNode:
        return NamedNode(self.prefix + name)

    def __contains__(self, iri: str) -> bool:
        return iri.startswith(self.prefix)


CVN = Namespace("https://w3id.org/convocation/ontology#")
CODE = Namespace("https://w3id.org/convocation/code/")
SHAPE = Namespace("https://w3id.org/convocation/shapes#")
RDF = Namespace("http://www.w3.org/1999/02/22-rdf-syntax-ns#")
RDFS = Namespace("http://www.w3.org/2000/01/rdf-schema#")
XSD = Namespace("http://www.w3.org/2001/XMLSchema#")
SKOS = Namespace("http://www.w3.org/2004/02/skos/core#")
DCTERMS = Namespace("http://purl.org/dc/terms/")
FOAF = Namespace("http://xmlns.com/foaf/0.1/")
OWL = Namespace("http://www.w3.org/2002/07/owl#")
VOID = Namespace("http://rdfs.org/ns/void#")

PREFIXES = {
    "code": CODE.prefix,
    "cvn": CVN.prefix,
    "dcterms": DCTERMS.prefix,
    "foaf": FOAF.prefix,
    "owl": OWL.prefix,
    "prov": "http://www.w3.org/ns/prov#",
    "qb": "http://purl.org/linked-data/cube#",
    "rdf": RDF.prefix,
    "rdfs": RDFS.prefix,
    "schema": "https://schema.org/",
    "sh": "http://www.w3.org/ns/shacl#",
    "shape": SHAPE.prefix,
    "skos": SKOS.prefix,
    "xsd": XSD.prefix,
}


def expanded(name: str) -> NamedNode:
    """Return the IRI of a prefixed name, as the headers of queries write it."""
    prefix, _, rest = name.partition(":")
    return NamedNode(PREFIXES[prefix] + rest)


def has_blank(*terms: NamedNode | BlankNode | Literal | pyoxigraph.Triple | None) -> bool:
    """Return whether there is a blank node among some terms, or in a triple term among them."""
    return any(
        has_blank(term.subject, term.object) if isinstance(term, pyoxigraph.Triple) else isinstance(term, BlankNode)
        for term in terms
    )
