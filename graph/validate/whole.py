"""Runs checks on a whole store: its resolved view, the statements of its sources, and the decisions of curators."""

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from functools import cache, lru_cache
from itertools import chain

from pyoxigraph import DefaultGraph, NamedNode, Quad, QuerySolution

from graph.errors import ShapeError
from graph.store import Store, construct, solutions
from graph.store.embedded import EmbeddedStore
from graph.terms import CVN, RDF, Triple, has_blank
from graph.validate.check import (
    PATTERN,
    CompiledCheck,
    Result,
    ShapeFinding,
    blocks,
    findings,
    merged,
    template,
    these,
)
from graph.validate.compile import compile_shapes
from graph.validate.conditions import Conditions
from graph.validate.constraints import QueryCheck
from graph.validate.shapes import AnyTerm, Shapes, read_shapes
from graph.validate.vocabulary import wrong_anywhere
from graph.vocabulary import ontology
from graph.vocabulary.ontology import terms

Below = frozenset[tuple[NamedNode, frozenset[NamedNode]]]  # pairs, so that it can be the key of a cache
AnyCheck = CompiledCheck | QueryCheck
THREADS = 2


def results(store: Store, shapes: Shapes | None = None) -> list[Result]:
    """Return what the shapes find in a store, each once; raise UnsupportedShapeError if one cannot be checked.

    Decisions, and statements of values that the view does not have, are in named graphs only; they are judged by what
    the default graph says of the things they name. Given shapes only find what they look for; without them, terms and
    identifiers are looked at, too.
    """
    checks = checks_of(shapes or read_shapes(), classes_below(store))
    stated = (row["this"] for row in solutions(store, template("stated")))
    view = store.view() if isinstance(store, EmbeddedStore) else store
    found = run(view, checks) + at_statements(store, checks, stated)
    return found if shapes else [*found, *wrong_anywhere(store)]


@lru_cache(maxsize=8)
def checks_of(shapes: Shapes, below: Below) -> tuple[AnyCheck, ...]:
    """Return the checks of shapes; `below` gives the classes below each class."""
    return tuple(compile_shapes(Conditions(shapes, dict(below), instances())))


def classes_below(store: Store) -> Below:
    """Return the classes below each class, as the ontology says and the store does, which need not hold it."""
    found = dict(_known_below())
    for above, below in subclasses(store).items():
        found[above] = found.get(above, frozenset()) | below
    return frozenset(found.items())


@cache
def _known_below() -> dict[NamedNode, frozenset[NamedNode]]:
    return subclasses(EmbeddedStore.memory(Quad(*triple) for triple in ontology.terms()))


@cache
def instances() -> dict[NamedNode, list[NamedNode]]:
    """Return the codes of the ontology by their class."""
    found: dict[NamedNode, list[NamedNode]] = {}
    for triple in sorted(ontology.terms(), key=str):
        if triple.predicate == RDF.type and isinstance(triple.object, NamedNode) and triple.object.value in CVN:
            found.setdefault(triple.object, []).append(triple.subject)
    return found


def at_statements(store: Store, checks: Iterable[AnyCheck], stated: Iterable[AnyTerm]) -> list[Result]:
    """Return what checks find at statements and decisions."""
    nodes = set(stated)
    aside = EmbeddedStore.memory(
        Quad(each.subject, each.predicate, each.object)
        for block in blocks(nodes)
        for each in construct(store, template("statements").replace(PATTERN, these(block)))
    )
    return [each for each in run(aside, checks) if each.focus in nodes] if nodes else []


def subclasses(store: Store) -> dict[NamedNode, frozenset[NamedNode]]:
    """Return the classes below each class of the ontology that a store holds."""
    found: dict[NamedNode, set[NamedNode]] = {}
    for row in solutions(store, template("subclasses")):
        if row["class"] != row["above"]:
            found.setdefault(row["above"], set()).add(row["class"])
    return {above: frozenset(below) for above, below in found.items()}


def run(store: Store, checks: Iterable[AnyCheck]) -> list[Result]:
    """Return what checks find in the whole store, each result once; the engine answers two of them at once."""
    queries = [each for each in checks if isinstance(each, QueryCheck)]
    whole: Sequence[AnyCheck] = [*merged(each for each in checks if isinstance(each, CompiledCheck)), *queries]
    with ThreadPoolExecutor(THREADS) as threads:
        found = threads.map(lambda check: list(check.results(solutions(store, check.text()))), whole)
        return list(dict.fromkeys(chain.from_iterable(found)))


def run_at(store: Store, checks: Sequence[AnyCheck], nodes: Iterable[AnyTerm]) -> Iterator[Result]:
    """Yield what the checks of one target find at some of its nodes."""
    for block in blocks(nodes):
        for check in checks:
            yield from check.results(solutions(store, check.text(block)))


def check(triples: Iterable[Triple]) -> list[ShapeFinding]:
    """Return what the shapes find in a graph and the code lists; raise UnsupportedShapeError if one is unknown."""
    store = EmbeddedStore.memory(Quad(*each, DefaultGraph()) for each in (*triples, *terms()))
    return findings(results(store))


def refuse(found: Iterable[ShapeFinding]) -> None:
    """Raise ShapeError with all violations among some findings, if there are any."""
    broken = [each for each in found if each.severity == "Violation"]
    if broken:
        raise ShapeError("\n".join(map(str, broken)), len(broken), [asdict(each) for each in broken])


def judged(store: Store) -> list[Result]:
    """Return what the shapes find in a whole store; raise ShapeError if a shape is broken, or there is a blank node."""
    for row in solutions(store, template("blank")):
        if has_blank(row["subject"], row["object"]):
            raise ShapeError(_nameless(row), 1)
    found = results(store)
    refuse(findings(found))
    return found


def _nameless(row: QuerySolution) -> str:
    if row["stated"] is not None and has_blank(row["subject"]):
        hint = "name its reifier, as in: <s> <p> <o> ~ <https://…> {| … |}"
        return f"the annotation of {row['stated']} has a blank node for its name; {hint}"
    return f"{row['subject']} {row['predicate']} {row['object']} has a blank node; name it with an IRI"
