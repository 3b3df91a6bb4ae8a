"""Long lists are kept with a version as they would be asked, and after a change they are what they would be anew."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from msgspec import structs
from pyoxigraph import DefaultGraph, NamedNode
from test_reindexing import change
from test_renewal import changed_at_random

from graph.build import Graph
from graph.listing import renew_lists, write_lists
from graph.lists import FILE, POINTING, Lists
from graph.terms import CVN, RDF, RDFS
from graph.versions import Home

READ = (RDF.type, RDFS.label, CVN.edition, CVN.decision, CVN.trackKind, CVN.person, CVN.affiliation, CVN.paper)
EDITION = NamedNode("http://127.0.0.1:5000/id/edition/neurips-2024")
Told = dict[tuple[str, str, str], object]


def told(folder: Path) -> Told:
    """Return what the lists tell, without the order of what points to a thing."""
    with closing(sqlite3.connect(folder / FILE)) as database:
        keys = database.execute("SELECT name, entity, property FROM lists").fetchall()
    lists, found = Lists(folder / FILE), Told()
    for name, entity, prop in keys:
        if name == POINTING:
            pointing = lists.pointing(NamedNode(entity)) or ()
            found[name, entity, prop] = {structs.replace(each, things=tuple(sorted(each.things))) for each in pointing}
        else:
            found[name, entity, prop] = lists.entries(name, NamedNode(entity), NamedNode(prop))
    return found


def test_the_lists_of_the_bundled_graph_are_kept(home: Home) -> None:
    lists = Lists.of(home.needed().folder)
    assert lists
    found = {(each.property, each.kind): each for each in lists.pointing(EDITION) or ()}
    talks = found[CVN.edition.value, CVN.InvitedTalk.value]
    assert talks.count == len(talks.things) == 7
    assert lists.pointing(NamedNode("urn:nothing")) is None
    assert lists.entries("papers", EDITION, CVN.place) is None


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
