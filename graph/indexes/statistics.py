"""Counts what a graph holds, once, when its version is built; what `/.well-known/void` says comes from there."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Self

from msgspec.json import decode
from pyoxigraph import DefaultGraph, Literal, NamedNode, QuerySolutions

from graph.errors import DamageError, QueryError
from graph.files import QUERIES, save
from graph.query import read_query
from graph.store import Store
from graph.terms import RDF
from graph.versions.derived import STATISTICS, reading
from graph.versions.transition import Transition

FILE = STATISTICS.name


@dataclass(frozen=True)
class Statistics:
    """The default graph in numbers, with the things of each class and the triples of each property and named graph."""

    triples: int
    subjects: int
    objects: int
    classes: Mapping[str, int] = field(default_factory=dict)
    properties: Mapping[str, int] = field(default_factory=dict)
    graphs: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, store: Store) -> Self:
        """Return the numbers of a store, which is read whole."""
        triples, subjects, objects = _totals(store)
        classes, properties, graphs = (_counts(store, name) for name in ("classes", "properties", "graphs"))
        return cls(triples, subjects, objects, classes, properties, graphs)

    def after(self, change: Transition) -> Self:
        """Return the numbers after a change of a store that these are the numbers of."""
        quads = set(change.quads)
        come = {quad for quad in quads if change.after.holds(quad) and not change.before.holds(quad)}
        gone = {quad for quad in quads if change.before.holds(quad) and not change.after.holds(quad)}
        signed = [*((quad, 1) for quad in come), *((quad, -1) for quad in gone)]
        view = [(quad, sign) for quad, sign in signed if isinstance(quad.graph_name, DefaultGraph)]
        subjects, objects = {quad.subject for quad, _ in view}, {quad.object for quad, _ in view}
        return replace(
            self,
            triples=self.triples + sum(sign for _, sign in view),
            subjects=self.subjects + sum(_comes(change, {"subject": each}) for each in subjects),
            objects=self.objects + sum(_comes(change, {"value": each}) for each in objects),
            classes=_changed(self.classes, ((quad.object, sign) for quad, sign in view if quad.predicate == RDF.type)),
            properties=_changed(self.properties, ((quad.predicate, sign) for quad, sign in view)),
            graphs=_changed(self.graphs, ((quad.graph_name, sign) for quad, sign in signed)),
        )

    @classmethod
    def read(cls, folder: Path) -> Self | None:
        """Return the numbers kept in the folder of a version, or None if it has none that can be used."""
        with suppress(OSError, DamageError):
            if path := STATISTICS.path(folder):
                with reading(path):
                    return decode(path.read_bytes(), type=cls)
        return None

    def write(self, folder: Path) -> None:
        """Keep the numbers in the folder of a version.

        Raises:
            StoreError: the file cannot be written.
        """
        save(folder / FILE, json.dumps({**STATISTICS.head, **asdict(self)}) + "\n")


def _comes(change: Transition, term: Mapping[str, Any]) -> int:
    """Return 1 where a change brings a subject or an object into the view, -1 where it takes it out, else 0."""
    before, after = (any(store.stating_here(**term)) for store in (change.before, change.after))
    return int(after) - int(before)


def _changed(counts: Mapping[str, int], signed: Iterable[tuple[object, int]]) -> dict[str, int]:
    found = Counter(counts)
    for term, sign in signed:
        if isinstance(term, NamedNode):
            found[term.value] += sign
    return {name: count for name, count in found.items() if count}


def _counts(store: Store, name: str) -> dict[str, int]:
    counted = {}
    for solution in _solutions(store, name):
        if isinstance(solution["name"], NamedNode) and isinstance(solution["count"], Literal):
            counted[solution["name"].value] = int(solution["count"].value)
    return counted


def _totals(store: Store) -> tuple[int, ...]:
    (solution,) = _solutions(store, "totals")
    values = (solution[name] for name in ("triples", "subjects", "objects"))
    return tuple(int(value.value) for value in values if isinstance(value, Literal))


def _solutions(store: Store, name: str) -> QuerySolutions:
    results = store.query(read_query(QUERIES / "statistics" / f"{name}.rq").text)
    if not isinstance(results, QuerySolutions):
        raise QueryError(f"statistics/{name}.rq gives no rows; make it a SELECT query.")
    return results
