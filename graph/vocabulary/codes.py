"""The code lists of the ontology: what a mode, a role or a measure may be."""

from functools import cache

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from graph.files import CODES
from graph.terms import CODE, CVN, SKOS


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


@cache
def _said(scheme: str, prop: NamedNode) -> dict[str, tuple[str, ...]]:
    """Return the values of a property of the codes of a scheme, by notation; codes by their notations."""
    found: dict[str, tuple[str, ...]] = {}
    for triple in parse(path=CODES / f"{scheme}.ttl", format=RdfFormat.TURTLE):
        if triple.predicate == prop and isinstance(triple.subject, NamedNode):
            notation = triple.subject.value.rpartition("/")[2]
            assert isinstance(triple.object, NamedNode | Literal)  # noqa: S101 - code lists have no blank nodes
            found[notation] = (*found.get(notation, ()), triple.object.value.rpartition("/")[2])
    return found


def unit(measure: str) -> str:
    """Return the unit of a measure."""
    return _said("measure", CVN.unit)[measure][0]


def stages(measure: str) -> tuple[str, ...]:
    """Return the stages at which a measure counts papers; none for a measure of which it does not matter."""
    return _said("measure", CVN.atStage).get(measure, ())


def identifier_class(scheme: str) -> str:
    """Return the class of the identifiers of persons of a scheme: verified, assigned or name-derived; else nothing."""
    return _said("identifier-scheme", CVN.identifierClass).get(scheme, ("",))[0]


def label(code: NamedNode) -> str:
    """Return the label of a code."""
    scheme, _, notation = code.value.removeprefix(CODE.prefix).partition("/")
    return codes(scheme)[notation]
