"""Long lists are kept with a version as they would be asked, and after a change they are what they would be anew."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, NamedNode
from test_reindexing import change
from test_renewal import changed_at_random

from graph.build import Graph
from graph.listing import renew_lists, write_lists
from graph.lists import FILE, Lists, list_query
from graph.store.embedded import EmbeddedStore
from graph.terms import CVN, RDF, RDFS, Term
from graph.versions import Home
from server.asking import rows_of

READ = (RDF.type, RDFS.label, CVN.edition, CVN.decision, CVN.trackKind, CVN.person, CVN.affiliation, CVN.paper)
EDITION = NamedNode("http://127.0.0.1:5000/id/edition/neurips-2024")
Told = dict[tuple[str, str, str], set[frozenset[tuple[str, str]]]]


def plain(rows: list[dict[str, Term]]) -> set[frozenset[tuple[str, str]]]:
    """Return rows without their order, and without that of the things that one names."""
    return {frozenset((name, " ".join(sorted(term.value.split()))) for name, term in row.items()) for row in rows}


def told(folder: Path) -> Told:
    with closing(sqlite3.connect(folder / FILE)) as database:
        keys = database.execute("SELECT name, entity, property FROM lists").fetchall()
    lists = Lists(folder / FILE)
    return {
        key: plain(lists.rows(key[0], NamedNode(key[1]), NamedNode(key[2]) if key[2] else None) or []) for key in keys
    }


def test_what_is_kept_is_what_would_be_asked(home: Home, store: EmbeddedStore) -> None:
    lists = Lists.of(home.needed().folder)
    assert lists
    for name, terms in (("pointing", {}), ("papers", {"property": CVN.edition})):
        asked = rows_of(store.query(list_query(name).bind(entity=EDITION, **terms))).rows
        kept = lists.rows(name, EDITION, terms.get("property"))
        assert kept is None if name == "papers" and len(asked) < 100 else plain(kept or []) == plain([*asked])
    assert lists.rows("pointing", NamedNode("urn:nothing")) is None


@pytest.mark.parametrize("seed", range(8))
def test_lists_that_are_renewed_are_those_made_anew(bundled: Graph, tmp_path: Path, seed: int) -> None:
    data = [quad for quad in bundled.quads() if isinstance(quad.graph_name, DefaultGraph)]
    gone, come = changed_at_random([quad for quad in data if quad.predicate in READ], seed)
    found = change(data, gone, come)
    old, new, renewed = (tmp_path / name for name in ("old", "new", "renewed"))
    for folder in (old, new, renewed):
        folder.mkdir()
    write_lists(found.before, old)
    write_lists(found.after, new)
    assert renew_lists(old, renewed, found)
    assert told(renewed) == told(new)
    assert told(new)


def test_there_is_nothing_to_renew_without_lists(bundled: Graph, tmp_path: Path) -> None:
    assert not renew_lists(tmp_path, tmp_path, change(list(bundled.quads())[:10], [], []))
    assert not list(tmp_path.iterdir())
