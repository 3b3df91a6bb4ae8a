"""The links of the graph: identifiers and matches in the view, a named graph for each link set, and their evidence.

The graph of a link set, `…/graph/links/<scheme>`, has its links alone, so that a program may leave them out or count
them; those of a comparison are apart, in `…/graph/links/<scheme>/closeMatch`. `…/graph/mappings` describes the sets
(VoID, https://www.w3.org/TR/void/#linkset) and gives the evidence of each link, as SSSOM writes it in RDF.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from graph.linksets.policy import CLOSE, EXACT, PREDICATES, SAME, Link, checked
from graph.linksets.sssom import LICENSE, read
from graph.names import Names, digest
from graph.terms import DCTERMS, FOAF, OWL, RDF, RDFS, VOID, XSD, Namespace, Triple
from graph.vocabulary.identifiers import Scheme, schemes

SSSOM = Namespace("https://w3id.org/sssom/")
SEMAPV = Namespace("https://w3id.org/semapv/vocab/")
APART = (EXACT, CLOSE)
Graphs = dict[NamedNode, frozenset[Triple]]


@dataclass(frozen=True)
class Links:
    """The links of things of a graph, and what was left out because the graph does not have the thing."""

    names: Names
    links: tuple[Link, ...] = ()
    strange: int = 0

    @classmethod
    def read(cls, paths: Iterable[Path], has: Callable[[NamedNode], bool], names: Names) -> "Links":
        """Return the links of files to the things that a graph has; raise CuratedFileError if a file has mistakes."""
        found = checked(map(read, paths))
        known = tuple(each for each in found if has(each.iri(names)))
        return cls(names, known, len(found) - len(known))

    def resolved(self, view: frozenset[Triple]) -> frozenset[Triple]:
        """Return a view with the identifiers and matches of the links, without those that are rejected."""
        wrong = {triple for each in self.links if each.mapping.is_rejected for triple in self._rejected(each)}
        return (view - wrong) | {self._said(each) for each in self.links if each.is_published}

    def graphs(self) -> Graphs:
        """Return the links that do not follow from an identifier by themselves, and the evidence of all."""
        found: dict[NamedNode, set[Triple]] = defaultdict(set)
        for each in (each for each in self.links if each.is_published):
            link = Triple(each.iri(self.names), each.predicate, each.target)
            found[graph_of_links(self.names, each.identifier.scheme, each.mapping.predicate_id)].add(link)
        if self.links:
            described = (triple for graph in found for triple in linkset(graph, self.names))
            evidence = (triple for each in self.links for triple in self._evidence(each))
            found[self.names.graph("mappings")] = {*described, *evidence}
        return {name: frozenset(triples) for name, triples in found.items()}

    def quads(self) -> tuple[set[Quad], set[Quad]]:
        """Return the quads that go from a store that does not have the links yet, and those that come."""
        rejected = [each for each in self.links if each.mapping.is_rejected]
        gone = {Quad(*triple, DefaultGraph()) for each in rejected for triple in self._rejected(each)}
        for each in rejected:
            name = graph_of_links(self.names, each.identifier.scheme, SAME)
            gone.add(Quad(each.iri(self.names), OWL.sameAs, each.target, name))
        come = {Quad(*self._said(each), DefaultGraph()) for each in self.links if each.is_published}
        come |= {Quad(*triple, name) for name, triples in self.graphs().items() for triple in triples}
        return gone, come

    def _identified(self, link: Link) -> Triple:
        return Triple(link.iri(self.names), DCTERMS.identifier, link.identifier.literal)

    def _rejected(self, link: Link) -> tuple[Triple, Triple]:
        """Return what no view may say: the identifier, and the page elsewhere that a source prints with it."""
        return self._identified(link), Triple(link.iri(self.names), FOAF.page, link.target)

    def _said(self, link: Link) -> Triple:
        if link.is_identity:
            return self._identified(link)
        return Triple(link.iri(self.names), link.predicate, link.target)

    def _evidence(self, link: Link) -> Iterator[Triple]:
        row = link.mapping
        me = self.names.id("mapping", link.identifier.scheme.name, digest(*row.ends, row.predicate_modifier, length=12))
        yield Triple(me, RDF.type, OWL.Axiom)
        yield Triple(me, OWL.annotatedSource, link.iri(self.names))
        yield Triple(me, OWL.annotatedProperty, link.predicate)
        yield Triple(me, OWL.annotatedTarget, link.target)
        yield Triple(me, SSSOM.mapping_justification, SEMAPV[row.mapping_justification.partition(":")[2]])
        if row.is_rejected:
            yield Triple(me, SSSOM.predicate_modifier, Literal(row.predicate_modifier))
        if row.confidence is not None:
            yield Triple(me, SSSOM.confidence, Literal(f"{row.confidence:g}", datatype=XSD.decimal))
        if row.mapping_date:
            yield Triple(me, SSSOM.mapping_date, Literal(row.mapping_date, datatype=XSD.date))
        for prop, words in ((SSSOM.mapping_tool, row.mapping_tool), (RDFS.comment, row.comment)):
            if words:
                yield Triple(me, prop, Literal(words))
        for each in filter(None, row.reviewer_id.split("|")):
            yield Triple(me, SSSOM.reviewer_id, NamedNode(link.mapping_set.expanded(each)))


def graph_of_links(names: Names, scheme: Scheme, predicate: str) -> NamedNode:
    """Return the name of the graph of links by a predicate to the things of a scheme."""
    apart = (predicate.partition(":")[2],) if predicate in APART else ()
    return names.graph("links", scheme.name, *apart)


def linkset(graph: NamedNode, names: Names) -> Iterator[Triple]:
    """Yield what VoID says of the graph of a link set, but for its number of links; nothing of other graphs."""
    name, _, apart = graph.value.removeprefix(names.graph("links", "").value).partition("/")
    scheme = schemes().get(name)
    if scheme is None:
        return
    predicate = PREDICATES[f"skos:{apart}"] if apart else OWL.sameAs if scheme.entity else FOAF.page
    target = names.described("target", scheme.name)
    yield Triple(graph, RDF.type, VOID.Linkset)
    title = f"Links to {scheme.label}{', found by comparison' if apart else ''}"
    yield Triple(graph, DCTERMS.title, Literal(title, language="en"))
    yield Triple(graph, DCTERMS.license, NamedNode(LICENSE))
    yield Triple(graph, VOID.subjectsTarget, names.described("dataset"))
    yield Triple(graph, VOID.objectsTarget, target)
    yield Triple(graph, VOID.linkPredicate, predicate)
    yield Triple(target, RDF.type, VOID.Dataset)
    yield Triple(target, DCTERMS.title, Literal(scheme.label, language="en"))
    yield Triple(target, VOID.uriSpace, Literal((scheme.entity or scheme.page).partition("{id}")[0]))


def numbered(graphs: dict[str, int], names: Names) -> Iterator[Triple]:
    """Yield what VoID says of all link sets of a version, with the number of links of each."""
    for name, count in sorted(graphs.items()):
        graph = NamedNode(name)
        described = list(linkset(graph, names)) if name.startswith(names.graph("links", "").value) else []
        yield from described
        if described:
            yield Triple(names.described("dataset"), VOID.subset, graph)
            yield Triple(graph, VOID.triples, Literal(count))
