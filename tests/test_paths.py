"""The engine differs from SPARQL in two kinds of paths; no answer of ours depends on them.

Other engines (CONVOCATION_STORE) do as SPARQL says, so a query that depends on one would answer differently there.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import QueryBoolean, QuerySolutions, Store
from rdflib import BNode, Variable
from rdflib.paths import AlternativePath, InvPath, MulPath, SequencePath
from rdflib.plugins.sparql.algebra import translateQuery
from rdflib.plugins.sparql.parser import parseQuery
from rdflib.plugins.sparql.parserutils import CompValue

from graph.files import ROOT

GRAPH = "INSERT DATA { <x:a> <x:p> <x:b> ; <x:q> <x:b> }"
FILES = [path for folder in ("graph", "server", "shapes", "ontology") for path in (ROOT / folder).rglob("*.rq")]
SETS = ("Distinct", "Reduced", "Builtin_EXISTS", "Builtin_NOTEXISTS", "ConstructQuery", "AskQuery", "DescribeQuery")
ONCE = ("Aggregate_Min", "Aggregate_Max", "Aggregate_Sample")
LEAVES = ("triples", "_vars", "PV")
BINDING = ("Extend", "values", "ToMultiSet")
Triple = tuple[Any, Any, Any]


def rows(query: str) -> int:
    """Return how many rows the engine gives."""
    store = Store()
    store.update(GRAPH)
    results = store.query(query)
    assert isinstance(results, QuerySolutions)
    return len(list(results))


@pytest.mark.parametrize("path", ["<x:p>*", "<x:p>?", "^<x:p>*", "(<x:p>|<x:q>)?"])
def test_the_engine_finds_no_path_of_length_zero_from_an_unknown_term(path: str) -> None:
    """SPARQL 1.1, 9.3: there is one solution, the term itself. Once this fails, let the README name it no more."""
    assert rows(f"SELECT ?o {{ <x:unknown> {path} ?o }}") == 0
    assert rows(f"SELECT ?s {{ ?s {path} <x:unknown> }}") == 0
    assert rows(f"SELECT ?o {{ <x:a> {path.replace('^', '')} ?o }}") >= 1
    answer = Store().query(f"ASK {{ <x:unknown> {path} <x:unknown> }}")
    assert isinstance(answer, QueryBoolean)
    assert not answer


@pytest.mark.parametrize("path", ["<x:p>|<x:q>", "<x:p>|<x:p>", "(<x:p>|<x:q>)", "<x:q>|^<x:none>|<x:p>"])
def test_the_engine_drops_duplicates_of_an_alternative(path: str) -> None:
    """SPARQL 1.1, 18.2.2.4: it is a union, of two solutions. Once this fails, let the README name it no more."""
    assert rows(f"SELECT ?o {{ <x:a> {path} ?o }}") == 1
    assert rows("SELECT ?o { { <x:a> <x:p> ?o } UNION { <x:a> <x:q> ?o } }") == 2


@pytest.mark.parametrize("file", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_query_of_ours_depends_on_it(file: Path) -> None:
    algebra = translateQuery(parseQuery(file.read_text(encoding="utf-8"))).algebra
    assert not list(counted(algebra, is_set=False)), "an alternative path whose duplicates may show: SELECT DISTINCT"
    assert not list(unknown(algebra)), "a path of length zero from a term that may be unknown"


def test_what_depends_on_it_is_found() -> None:
    head, found = "PREFIX : <x:> ", []
    for text in (
        "SELECT * { ?s :p|:q ?o }",
        "SELECT (COUNT(*) AS ?n) { ?s :p|:q ?o }",
        "SELECT ?s (COUNT(?o) AS ?n) { { SELECT ?s ?o { ?s :p/(:p|:q) ?o } } } GROUP BY ?s",
        "SELECT * { :a :p* ?o }",
        "SELECT * { ?_a :p? ?o . ?_a :q ?x }",
        "SELECT * { VALUES ?s { :a } ?s (:p|:q)* ?o }",
        "SELECT * { BIND (:a AS ?s) ?s :p?/:q* ?o }",
    ):
        algebra = translateQuery(parseQuery(head + text)).algebra
        found.append((bool(list(counted(algebra, is_set=False))), bool(list(unknown(algebra)))))
    assert found == [(True, False)] * 3 + [(False, True)] * 4


def test_what_does_not_depend_on_it_is_not_found() -> None:
    for text in (
        "SELECT DISTINCT * { ?s :p|:q ?o }",
        "SELECT ?s (COUNT(DISTINCT ?o) AS ?n) { ?s :p|:q ?o } GROUP BY ?s",
        "SELECT * { ?s :p ?o FILTER EXISTS { ?s :p|:q ?o } }",
        "SELECT * { ?s (:p|:q)+ ?o }",
        "SELECT * { ?s :p ?o . ?o :q? ?x }",
        "SELECT * { :a :p/:q? ?o }",
    ):
        algebra = translateQuery(parseQuery("PREFIX : <x:> " + text)).algebra
        assert not [*counted(algebra, is_set=False), *unknown(algebra)], text


def counted(node: Any, *, is_set: bool) -> Iterator[Triple]:
    """Yield the patterns with an alternative path whose duplicates reach the answer."""
    if isinstance(node, CompValue):
        is_set = is_set or node.name in SETS or (node.name == "AggregateJoin" and all(map(once, node.A)))
        if not is_set and node.name == "BGP":
            yield from (each for each in node.triples if branches(each[1]))
        for name, value in node.items():
            if name not in LEAVES:
                yield from counted(value, is_set=is_set)
    elif isinstance(node, list | tuple):
        for each in node:
            yield from counted(each, is_set=is_set)


def once(aggregate: CompValue) -> bool:
    """Return whether an aggregate takes each value once."""
    return aggregate.name in ONCE or bool(aggregate.get("distinct"))


def branches(path: Any) -> bool:
    """Return whether there are two ways through a path; one that is repeated gives each end once."""
    if isinstance(path, AlternativePath):
        return True
    if isinstance(path, SequencePath):
        return any(map(branches, path.args))
    return isinstance(path, InvPath) and branches(path.arg)


def unknown(node: Any) -> Iterator[Triple]:
    """Yield the patterns with a path that may be of length zero and ends in a term that may not be in the graph."""
    patterns = list(triples(node))
    known = {end for each in patterns if not empty(each[1]) for end in (each[0], each[2])}
    bound = set(assigned(node))
    for each in patterns:
        if empty(each[1]) and any(may_be_unknown(end, known, bound) for end in (each[0], each[2])):
            yield each


def may_be_unknown(end: Any, known: set[Any], bound: set[Any]) -> bool:
    if isinstance(end, Variable):
        return end.startswith("_") or (end in bound and end not in known)
    return not isinstance(end, BNode)


def empty(path: Any) -> bool:
    """Return whether a path may be of length zero."""
    if isinstance(path, MulPath):
        return bool(path.zero) or empty(path.path)
    if isinstance(path, SequencePath):
        return all(map(empty, path.args))
    if isinstance(path, AlternativePath):
        return any(map(empty, path.args))
    return isinstance(path, InvPath) and empty(path.arg)


def parts(node: Any) -> Iterator[CompValue]:
    """Yield all parts of an algebra."""
    if isinstance(node, CompValue):
        yield node
        for name, value in node.items():
            if name not in LEAVES:
                yield from parts(value)
    elif isinstance(node, list | tuple):
        for each in node:
            yield from parts(each)


def triples(node: Any) -> Iterator[Triple]:
    """Yield all patterns."""
    for each in parts(node):
        if each.name == "BGP":
            yield from each.triples


def assigned(node: Any) -> Iterator[Any]:
    """Yield the variables that BIND and VALUES give values to."""
    for each in parts(node):
        if each.name == "Extend":
            yield each["var"]
        if each.name in BINDING:
            for row in each.get("res") or ():
                yield from row
