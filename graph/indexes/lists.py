"""The long lists stored with a version: incoming links of heavily linked things, with sort keys and filters.

A list is the answer to a query of `queries/lists/`, for one thing and, but for `pointing`, one property. The queries
that say `of` which class of things they are give tables, kept as they are. Those of things to which less points are
asked when they are needed.
"""

import sqlite3
import zlib
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec.msgpack import Decoder
from pyoxigraph import NamedNode, QueryResultsFormat, QuerySolutions, parse_query_results

from graph.errors import DamageError
from graph.files import QUERIES
from graph.names import digest
from graph.query import Query, read_query
from graph.terms import Term
from graph.versions.derived import LISTS, reading

FILE = LISTS.name
POINTING = "pointing"
TABLE = QueryResultsFormat.TSV
FIND = "SELECT rows FROM lists WHERE name = ? AND entity = ? AND property = ?"
Row = dict[str, Term]
T = TypeVar("T")


@dataclass(frozen=True)
class Lists:
    """The lists of a version, which never change while it is there; what is damaged in them counts as not kept."""

    path: Path

    @classmethod
    def of(cls, folder: Path) -> "Lists | None":
        """Return the lists in the folder of a version, or None if it has none that can be used."""
        path = LISTS.path(folder)
        return cls(path) if path else None

    def entries(self, name: str, entity: NamedNode, prop: NamedNode) -> tuple["ListEntry", ...] | None:
        """Return the entries of a list in their order, or None where it is not kept."""
        return self._kept(name, entity, prop.value, _ENTRIES.decode)

    def pointing(self, entity: NamedNode) -> tuple["Pointed", ...] | None:
        """Return what points to a thing, or None where that is not kept."""
        return self._kept(POINTING, entity, "", _POINTED.decode)

    def table(self, query: Query, entity: NamedNode) -> QuerySolutions | None:
        """Return the rows of a table, or None where it is not kept, or was asked otherwise."""
        return self._kept(kept_as(query), entity, "", _table)

    def _kept(self, name: str, entity: NamedNode, prop: str, read: Callable[[bytes], T]) -> T | None:
        with suppress(DamageError), reading(self.path):
            with closing(sqlite3.connect(f"{self.path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
                found = database.execute(FIND, (name, entity.value, prop)).fetchone()
            return read(zlib.decompress(found[0])) if found else None
        return None


class ListEntry(msgspec.Struct, frozen=True, array_like=True):
    """A thing of a list: its IRI, its label, and the labels of its marks, such as its track and its decision."""

    thing: str
    label: str
    marks: tuple[str, ...]


class Pointed(msgspec.Struct, frozen=True, array_like=True):
    """How many things of a class point to a thing by a property, superclasses counted too, and which where few."""

    property: str
    kind: str
    count: int
    things: tuple[str, ...]


_ENTRIES, _POINTED = Decoder(tuple[ListEntry, ...]), Decoder(tuple[Pointed, ...])


def _table(content: bytes) -> QuerySolutions:
    table = parse_query_results(content, format=TABLE)
    if not isinstance(table, QuerySolutions):
        raise TypeError("it is no table")
    return table


@cache
def list_query(name: str) -> Query:
    """Return the query of a list."""
    return read_query(QUERIES / "lists" / f"{name}.rq")


def kept_as(query: Query) -> str:
    """Return the name of the tables of a query, which is another one when its text changes."""
    return f"{query.name} {digest(query.text)}"


def entries(rows: Iterable[Row], labels: Callable[[Iterable[Term]], Mapping[Term, str]]) -> tuple[ListEntry, ...]:
    """Return the entries in the rows of a list, by key; `labels` gives the labels of marks."""
    found: dict[str, tuple[str, str]] = {}
    marks: dict[str, dict[Term, None]] = {}
    for row in rows:
        thing = row["thing"].value
        found[thing] = (row["key"].value, row["label"].value)
        marks.setdefault(thing, {}).update({row["mark"]: None} if "mark" in row else {})
    names = labels({mark for each in marks.values() for mark in each})
    ordered = sorted(found, key=lambda thing: (found[thing][0], thing))
    return tuple(
        ListEntry(each, found[each][1], tuple(names.get(mark, mark.value) for mark in marks[each])) for each in ordered
    )


def pointed(rows: Iterable[Row], few: int) -> tuple[Pointed, ...]:
    """Return the incoming links in rows, with the things themselves if these are few."""
    ordered = sorted(rows, key=lambda row: (row["kind"].value, row["property"].value))
    return tuple(
        Pointed(
            row["property"].value,
            row["kind"].value,
            count := int(row["count"].value),
            tuple(row["things"].value.split()) if count <= few else (),
        )
        for row in ordered
    )


def written(content: tuple[ListEntry, ...] | tuple[Pointed, ...] | QuerySolutions) -> bytes:
    """Return entries, links or rows as they are stored."""
    table = content.serialize(format=TABLE) if isinstance(content, QuerySolutions) else None
    return zlib.compress(table or msgspec.msgpack.encode(content), 1)
