"""Writes the long lists of a version next to its store."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from functools import cache
from pathlib import Path

from pyoxigraph import NamedNode

from graph.files import QUERIES, replacing
from graph.indexes.lists import FILE, POINTING, entries, kept_as, list_query, pointed, written
from graph.query import Query, read_queries
from graph.store import select, solutions
from graph.store.embedded import EmbeddedStore
from graph.terms import RDF, Term, expanded
from graph.versions.derived import LISTS
from graph.vocabulary.ontology import superclasses

HEAVY = "heavy"
MANY, MOST = 100, 20_000  # things of a list that is kept; as `heavy.rq` and `pointing.rq` say
FEW = 200  # things up to which `pointing` names them
SCHEMA = "CREATE TABLE lists (name TEXT, entity TEXT, property TEXT, rows BLOB, PRIMARY KEY (name, entity, property))"


@cache
def lists_by_kind() -> dict[NamedNode, str]:
    """Return the names of the lists, by the class of things that they list."""
    found = {}
    for query in read_queries(QUERIES / "lists"):
        if shown := query.header.get("shows"):
            found[expanded(shown)] = query.name
    return found


@cache
def tables_by_kind() -> dict[NamedNode, list[Query]]:
    """Return the queries that give tables, by the class of the things that they are of."""
    found: dict[NamedNode, list[Query]] = {}
    for query in read_queries(QUERIES / "lists"):
        for name in query.header.get("of", "").split():
            found.setdefault(expanded(name), []).append(query)
    return found


def write_lists(store: EmbeddedStore, folder: Path) -> None:
    """Write the lists of a store into a folder, replacing others; raise StoreError if that cannot be written."""
    with replacing(folder / FILE) as part, closing(sqlite3.connect(part)) as database:
        database.execute(SCHEMA)
        database.execute(f"PRAGMA user_version = {LISTS.number}")
        heavy = (row["entity"] for row in select(store, list_query(HEAVY).bind()))
        _put(database, store, [each for each in heavy if isinstance(each, NamedNode)])


def _put(database: sqlite3.Connection, store: EmbeddedStore, things: Iterable[NamedNode]) -> None:

    def labels(terms: Iterable[Term]) -> dict[Term, str]:
        codes = [each for each in terms if isinstance(each, NamedNode)]
        if not codes:  # without any, all labels of the graph would be read
            return {}
        return {row["thing"]: row["label"].value for row in select(store, list_query("labels").bind(thing=codes))}

    for thing in things:
        found = pointed(select(store, list_query(POINTING).bind(entity=thing)), FEW)
        _insert(database, POINTING, thing, "", written(found))
        for each in found:
            name = lists_by_kind().get(NamedNode(each.kind))
            if name and MANY <= each.count < MOST:
                text = list_query(name).bind(entity=thing, property=NamedNode(each.property))
                _insert(database, name, thing, each.property, written(entries(select(store, text), labels)))
        for query in _tables(store, thing):
            _insert(database, kept_as(query), thing, "", written(solutions(store, query.bind(entity=thing))))
    database.commit()


def _tables(store: EmbeddedStore, thing: NamedNode) -> list[Query]:
    own = (each.object for each in store.stating(thing, RDF.type, None))
    kinds = {kind for each in own if isinstance(each, NamedNode) for kind in superclasses(each)}
    return [query for kind in sorted(kinds, key=str) for query in tables_by_kind().get(kind, ())]


def _insert(database: sqlite3.Connection, name: str, thing: NamedNode, prop: str, rows: bytes) -> None:
    database.execute("INSERT OR REPLACE INTO lists VALUES (?, ?, ?, ?)", (name, thing.value, prop, rows))
