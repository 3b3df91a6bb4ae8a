"""Counts what a graph holds, once, when its version is built; what `/.well-known/void` says comes from there."""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Self

from msgspec.json import decode
from pyoxigraph import NamedNode

from graph.errors import DamageError
from graph.files import QUERIES, save
from graph.query import read_query
from graph.store import Store, select
from graph.terms import Term
from graph.versions.derived import STATISTICS, reading

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

    @classmethod
    def read(cls, folder: Path) -> Self | None:
        """Return the numbers kept in the folder of a version, or None if it has none that can be used."""
        with suppress(OSError, DamageError):
            if path := STATISTICS.path(folder):
                with reading(path):
                    return decode(path.read_bytes(), type=cls)
        return None

    def write(self, folder: Path) -> None:
        """Keep the numbers in the folder of a version; raise StoreError if the file cannot be written."""
        save(folder / FILE, json.dumps({**STATISTICS.head, **asdict(self)}) + "\n")


def source_count(store: Store) -> int:
    """Return how many sources the default graph has."""
    (row,) = _rows(store, "sources")
    return int(row["count"].value)


def _counts(store: Store, name: str) -> dict[str, int]:
    rows = (row for row in _rows(store, name) if isinstance(row.get("name"), NamedNode))
    return {row["name"].value: int(row["count"].value) for row in rows}


def _totals(store: Store) -> tuple[int, ...]:
    (row,) = _rows(store, "totals")
    return tuple(int(row[name].value) for name in ("triples", "subjects", "objects"))


def _rows(store: Store, name: str) -> Iterator[dict[str, Term]]:
    return select(store, read_query(QUERIES / "statistics" / f"{name}.rq").text, f"statistics/{name}.rq")
