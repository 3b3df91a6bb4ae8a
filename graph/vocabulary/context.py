"""The JSON-LD context of the ontology (https://www.w3.org/TR/json-ld11/), made from its terms when it is served."""

from functools import cache

from graph.terms import CVN, DCTERMS, FOAF, OWL, RDF, RDFS, SKOS, XSD
from graph.vocabulary.ontology import terms

Entry = str | float | dict[str, str]
NAMESPACES = {"cvn": CVN, "dcterms": DCTERMS, "foaf": FOAF, "rdf": RDF, "rdfs": RDFS, "skos": SKOS, "xsd": XSD}
OTHERS: dict[str, Entry] = {  # keywords, and properties of other vocabularies
    "id": "@id",
    "type": "@type",
    "label": "rdfs:label",
    "altLabel": "skos:altLabel",
    "title": "dcterms:title",
    "abstract": "dcterms:abstract",
    "issued": {"@id": "dcterms:issued", "@type": "xsd:date"},
    "page": {"@id": "foaf:page", "@type": "@id"},
}


@cache
def context() -> dict[str, dict[str, Entry]]:
    """Return the context: objects of object properties are IRIs, literals have the datatype of the range."""
    own = [each for each in terms() if each.subject.value.startswith(CVN.prefix)]
    ranges = {each.subject: each.object.value for each in own if each.predicate == RDFS.range}
    found: dict[str, Entry] = {}
    for subject, _, kind in (each for each in own if each.predicate == RDF.type):
        local = subject.value.removeprefix(CVN.prefix)
        if kind in (OWL.Class, RDF.Property):
            found[local] = f"cvn:{local}"
        elif kind == OWL.ObjectProperty:
            found[local] = {"@id": f"cvn:{local}", "@type": "@id"}
        elif kind == OWL.DatatypeProperty:
            found[local] = {"@id": f"cvn:{local}", "@type": ranges[subject].replace(XSD.prefix, "xsd:")}
    names: dict[str, Entry] = {name: namespace.prefix for name, namespace in NAMESPACES.items()}
    return {"@context": {"@version": 1.1, **names, **OTHERS, **dict(sorted(found.items()))}}
