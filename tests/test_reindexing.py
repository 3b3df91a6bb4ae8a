"""After a change, the index and the numbers of a version that are brought up to date equal those that are made anew."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad
from test_renewal import changed_at_random

from graph.build import Graph
from graph.indexes.search_update import renew_index
from graph.indexes.search_writer import FILE, write_index
from graph.indexes.statistics import Statistics
from graph.store.embedded import EmbeddedStore
from graph.terms import CVN, DCTERMS, RDF, RDFS, SKOS
from graph.versions.transition import Transition

READ = (
    RDF.type,
    RDFS.label,
    SKOS.altLabel,
    DCTERMS.identifier,
    CVN.author,
    CVN.edition,
    CVN.affiliation,
    CVN.acronym,
    CVN.topic,
)
SAID = """
SELECT things.kind, names.name, plain, things.iri, label, weight FROM names JOIN things ON things.id = thing
ORDER BY names.id
"""
BEGUN = """
SELECT beginning, whole, weight, names.name FROM beginnings JOIN names ON names.id = beginnings.name ORDER BY 1, 2, 3, 4
"""
LISTED = """
SELECT beginning, rank, things.weight FROM short JOIN names ON names.id = short.name
JOIN things ON things.id = thing ORDER BY 1, 2
"""
IDENTIFIED = "SELECT scheme, identifier, iri FROM identifiers JOIN things ON things.id = thing ORDER BY 1, 2, 3"
THINGS = "SELECT iri, label, kind, weight FROM things ORDER BY iri"
FOUND = "SELECT count(*) FROM words WHERE words MATCH ?"


def told(path: Path) -> dict[str, list[object]]:
    """Return what an index tells, without its numbers of names and things."""
    with closing(sqlite3.connect(path)) as database:
        answers = {query: database.execute(query).fetchall() for query in (SAID, BEGUN, LISTED, IDENTIFIED, THINGS)}
        words = {word for row in answers[SAID] for word in str(row[2]).split()}
        found = [(word, database.execute(FOUND, (f'"{word}"',)).fetchone()[0]) for word in sorted(words)]
        return answers | {FOUND: found}


def changed(bundled: Graph, seed: int) -> Transition:
    data = [quad for quad in bundled.quads() if isinstance(quad.graph_name, DefaultGraph)]
    some = [quad for quad in data if quad.predicate in READ and not str(quad.subject).startswith(f"<{CVN.prefix}")]
    gone, come = changed_at_random(some, seed)
    there = set(data)
    come = [quad for quad in come if quad not in there]
    return change(data, gone, come)


def change(data: list[Quad], gone: list[Quad], come: list[Quad]) -> Transition:
    rest = [quad for quad in data if quad not in set(gone)]
    return Transition(EmbeddedStore.memory(data), EmbeddedStore.memory([*rest, *come]), [*gone, *come])


@pytest.mark.parametrize("seed", range(12))
def test_an_index_that_is_renewed_is_one_that_is_made_anew(bundled: Graph, tmp_path: Path, seed: int) -> None:
    old, new, renewed = (tmp_path / name for name in ("old", "new", "renewed"))
    for folder in (old, new, renewed):
        folder.mkdir()
    found = changed(bundled, seed)
    write_index(found.before, old)
    write_index(found.after, new)
    assert renew_index(old, renewed, found)
    assert told(renewed / FILE) == told(new / FILE)


def test_a_class_that_is_called_otherwise_has_the_index_made_anew(bundled: Graph, tmp_path: Path) -> None:
    data = [quad for quad in bundled.quads() if isinstance(quad.graph_name, DefaultGraph)]
    [label] = [quad for quad in data if (quad.subject, quad.predicate) == (CVN.Paper, RDFS.label)]
    found = change(data, [label], [Quad(label.subject, label.predicate, Literal("article"))])
    write_index(found.before, tmp_path)
    assert not renew_index(tmp_path, tmp_path, found)


def test_more_names_than_there_is_room_for_have_the_index_made_anew(bundled: Graph, tmp_path: Path) -> None:
    data = [quad for quad in bundled.quads() if isinstance(quad.graph_name, DefaultGraph)]
    person = next(quad.subject for quad in data if quad.predicate == RDF.type and quad.object == CVN.Person)
    come = [Quad(person, SKOS.altLabel, Literal(f"Abc {number:04}")) for number in range(1001)]
    found = change(data, [], come)
    write_index(found.before, tmp_path)
    before = (tmp_path / FILE).read_bytes()
    assert not renew_index(tmp_path, tmp_path, found)
    assert (tmp_path / FILE).read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == [FILE]


def test_there_is_nothing_to_renew_without_an_index(bundled: Graph, tmp_path: Path) -> None:
    assert not renew_index(tmp_path, tmp_path, changed(bundled, 1))


@pytest.mark.parametrize("seed", range(8))
def test_numbers_after_a_change_are_those_that_are_counted(bundled: Graph, seed: int) -> None:
    data = list(bundled.quads())
    gone, come = changed_at_random(data, seed)
    come.append(Quad(NamedNode("urn:new"), RDFS.label, Literal("new"), NamedNode("urn:graph")))
    found = change(data, gone, come)
    assert Statistics.of(found.before).after(found) == Statistics.of(found.after)
