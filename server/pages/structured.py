"""A thing in terms of schema.org, as JSON-LD in its page, by the queries of `queries/schema/`."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache

from pyoxigraph import Literal, NamedNode, Triple

from graph.query import Query, read_queries
from graph.terms import RDF, Namespace, expanded
from graph.vocabulary.identifiers import of_term
from server.display.asking import QUERIES, triples
from server.display.words import whole_number

SCHEMA = Namespace("https://schema.org/")
AS_TEXT = {"sameAs", "url"}  # search engines read these as text
DEEPEST = 4

Json = str | list["Json"] | dict[str, "Json"]


@cache
def questions() -> tuple[Query, ...]:
    """Return the queries, by name."""
    return tuple(read_queries(QUERIES / "schema"))


def structured(iri: NamedNode, kinds: Iterable[NamedNode]) -> Json | None:
    """Return a thing as JSON-LD, or None if no query is for its classes."""
    suited = [each for each in questions() if {*map(expanded, each.header["of"].split())} & {*kinds}]
    if not suited:
        return None
    found = triples(f"schema/{suited[0].name}", entity=iri)
    said: dict[str, dict[str, list[NamedNode | Literal]]] = defaultdict(lambda: defaultdict(list))
    for each in dict.fromkeys(found):
        _add(said, each)
    node = _node(iri, said, DEEPEST)
    return {"@context": {"@vocab": SCHEMA.prefix}, **node} if isinstance(node, dict) else None


def _add(said: dict[str, dict[str, list[NamedNode | Literal]]], triple: Triple) -> None:
    if isinstance(triple.subject, NamedNode) and isinstance(triple.object, NamedNode | Literal):
        name = "@type" if triple.predicate == RDF.type else triple.predicate.value.removeprefix(SCHEMA.prefix)
        said[triple.subject.value][name].append(triple.object)


def _node(iri: NamedNode, said: Mapping[str, Mapping[str, list[NamedNode | Literal]]], deep: int) -> Json:
    own = said.get(iri.value)
    if not own or not deep:
        return {"@id": iri.value}
    node: dict[str, Json] = {"@id": iri.value}
    for name in sorted(own.keys() - {"position"}):
        ordered = sorted(own[name], key=lambda value: _place(value, said))
        values = [_value(name, value, said, deep) for value in ordered]
        node[name] = values[0] if len(values) == 1 else values
    return node


def _place(value: NamedNode | Literal, said: Mapping[str, Mapping[str, list[NamedNode | Literal]]]) -> tuple[int, str]:
    """Return the sorting key of a value: authors keep their order in a list."""
    positions = said.get(value.value, {}).get("position", [])
    return (min((whole_number(each.value) or 0 for each in positions), default=0), value.value)


def _value(
    name: str, value: NamedNode | Literal, said: Mapping[str, Mapping[str, list[NamedNode | Literal]]], deep: int
) -> Json:
    if isinstance(value, Literal):
        found = of_term(value)
        return (
            {"@type": "PropertyValue", "propertyID": found.scheme.label, "value": found.value} if found else value.value
        )
    if name in ("@type", *AS_TEXT) or value.value.startswith(SCHEMA.prefix):
        return value.value.removeprefix(SCHEMA.prefix) if name == "@type" else value.value
    return _node(value, said, deep - 1)
