"""Writes the facets of things, such as the series, year and topics of a paper, into the search index.

Each query of `queries/facets/` gives the values of one facet. To add a facet, add a file.
"""

import sqlite3

from pyoxigraph import NamedNode

from graph.files import QUERIES
from graph.indexes.lists import list_query
from graph.query import read_queries
from graph.store import Store, select
from graph.system.streams import batches
from graph.terms import Term

BATCH = 10_000  # rows

VALUE = "INSERT OR IGNORE INTO facets (facet, place, value, label) VALUES (?, ?, ?, ?)"
NUMBER = "SELECT id FROM facets WHERE facet = ? AND value = ?"
MARK = "INSERT OR IGNORE INTO marks SELECT ?, id FROM things WHERE iri = ?"


def write_facets(database: sqlite3.Connection, store: Store) -> None:
    """Write the facets of the things that are in an index already."""
    for query in read_queries(QUERIES / "facets"):
        facet, place = query.header["facet"], int(query.header["order"])
        for some in batches(select(store, query.text, f"facets/{query.name}.rq"), BATCH):
            labels = _labels(store, {row["value"] for row in some})
            database.executemany(VALUE, ((facet, place, value.value, label) for value, label in labels.items()))
            numbers = {each: database.execute(NUMBER, (facet, each.value)).fetchone()[0] for each in labels}
            database.executemany(MARK, ((numbers[row["value"]], row["thing"].value) for row in some))


def _labels(store: Store, values: set[Term]) -> dict[Term, str]:
    """Return the labels of values; a literal is its own."""
    things = [each for each in values if isinstance(each, NamedNode)]
    text = list_query("labels").bind(thing=things)
    named = {row["thing"]: row["label"].value for row in select(store, text)} if things else {}
    return {each: named.get(each, each.value) for each in sorted(values, key=str)}
