"""Runs the shapes over triples that are not in a store yet."""

from collections.abc import Iterable
from dataclasses import asdict

from pyoxigraph import DefaultGraph, Quad, QuerySolution

from graph.errors import ShapeError
from graph.store.embedded import EmbeddedStore
from graph.terms import Triple, has_blank
from graph.validate.check import Queryable, Result, template
from graph.validate.findings import ShapeFinding, findings
from graph.validate.run import rows
from graph.validate.whole import results
from graph.vocabulary.ontology import terms


def check(triples: Iterable[Triple]) -> list[ShapeFinding]:
    """Return what the shapes find in a graph, the most severe first; the code lists are known to them.

    Raises:
        UnsupportedShapeError: a shape has a part that cannot be checked.
    """
    store = EmbeddedStore.memory(Quad(*each, DefaultGraph()) for each in (*triples, *terms()))
    return findings(results(store))


def refuse(found: Iterable[ShapeFinding]) -> None:
    """Refuse a graph whose findings have violations.

    Raises:
        ShapeError: there is one; it holds them all.
    """
    broken = [each for each in found if each.severity == "Violation"]
    if broken:
        raise ShapeError("\n".join(map(str, broken)), len(broken), [asdict(each) for each in broken])


def judged(store: Queryable) -> list[Result]:
    """Return what the shapes find in a whole store; raise ShapeError if a shape is broken, or there is a blank node."""
    for row in rows(store, template("blank")):
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
