"""Links to other graphs: `owl:sameAs` to the IRI that an identifier stands for, in `graph/links/<scheme>`.

Only identifiers that a source gives, of schemes that name things, are followed; they are in graphs of their own,
so that who reasons can leave them out.
"""

from collections import defaultdict
from collections.abc import Iterable

from pyoxigraph import NamedNode

from graph.names import Names
from graph.terms import DCTERMS, OWL, Triple
from graph.vocabulary.identifiers import of_term


def links(view: Iterable[Triple], names: Names) -> dict[NamedNode, frozenset[Triple]]:
    """Return the named graphs of links to other graphs, by the identifiers in the resolved view."""
    found: dict[NamedNode, set[Triple]] = defaultdict(set)
    for triple in view:
        if triple.predicate == DCTERMS.identifier and (known := of_term(triple.object)) and (entity := known.entity):
            found[names.graph("links", known.scheme.name)].add(Triple(triple.subject, OWL.sameAs, entity))
    return {name: frozenset(triples) for name, triples in found.items()}
