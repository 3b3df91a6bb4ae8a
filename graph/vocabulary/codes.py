"""The code lists of the ontology: what a mode, a role or a measure may be."""

from functools import cache

from pyoxigraph import NamedNode, RdfFormat, parse

from graph.files import CODES
from graph.terms import CODE, SKOS


@cache
def codes(scheme: str) -> dict[str, str]:
    """Return the label of every code of a scheme, by its notation, in the order of the file."""
    triples = parse(path=CODES / f"{scheme}.ttl", format=RdfFormat.TURTLE)
    start = f"{CODE.prefix}{scheme}/"
    return {
        triple.subject.value.removeprefix(start): triple.object.value
        for triple in triples
        if triple.predicate == SKOS.prefLabel
        and isinstance(triple.subject, NamedNode)
        and triple.subject.value.startswith(start)
    }


def label(code: NamedNode) -> str:
    """Return the label of a code."""
    scheme, _, notation = code.value.removeprefix(CODE.prefix).partition("/")
    return codes(scheme)[notation]
