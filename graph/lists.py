"""The long lists kept with a version: what points to a thing that much points to, with what orders and finds it.

A list is the answer to a query of `queries/lists/`, for one thing and, but for `pointing`, one property. Those of
things to which less points are asked when they are needed.
"""

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import msgspec
from pyoxigraph import Literal, NamedNode

from graph.files import QUERIES
from graph.query import Query, read_query
from graph.terms import Term

FILE = "lists.sqlite"
FIND = "SELECT rows FROM lists WHERE name = ? AND entity = ? AND property = ?"
Row = dict[str, Term]
Written = list[dict[str, tuple[str, str]]]  # of each term its value, and the datatype or language of a literal


@dataclass(frozen=True)
class Lists:
    """The lists of a version, which never change while it is there."""

    path: Path

    @classmethod
    def of(cls, folder: Path) -> "Lists | None":
        """Return the lists in the folder of a version, or None where it has none."""
        path = folder / FILE
        return cls(path) if path.is_file() else None

    def rows(self, name: str, entity: NamedNode, prop: NamedNode | None = None) -> list[Row] | None:
        """Return the rows of a list, or None where it is not kept."""
        with closing(sqlite3.connect(f"file:{self.path}?mode=ro&immutable=1", uri=True)) as database:
            found = database.execute(FIND, (name, entity.value, prop.value if prop else "")).fetchone()
        return _read(found[0]) if found else None


@cache
def list_query(name: str) -> Query:
    """Return the query of a list."""
    return read_query(QUERIES / "lists" / f"{name}.rq")


def written(rows: list[Row]) -> bytes:
    """Return the rows of a list as they are kept."""
    return msgspec.msgpack.encode([{name: _parts(term) for name, term in row.items()} for row in rows])


def _parts(term: Term) -> tuple[str, str]:
    if isinstance(term, NamedNode):
        return term.value, ""
    return term.value, f"@{term.language}" if term.language else term.datatype.value


def _read(data: bytes) -> list[Row]:
    rows = msgspec.msgpack.decode(data, type=Written)
    return [{name: _term(*parts) for name, parts in row.items()} for row in rows]


def _term(value: str, kind: str) -> Term:
    if not kind:
        return NamedNode(value)
    if kind.startswith("@"):
        return Literal(value, language=kind[1:])
    return Literal(value, datatype=NamedNode(kind))
