"""Long lists are kept with a version as they would be asked, and after a change they are what they would be again."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from msgspec import structs
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions

from graph.indexes.list_writer import write_lists
from graph.indexes.lists import FILE, POINTING, Lists, list_query
from graph.names import Names, code
from graph.store.embedded import EmbeddedStore
from graph.terms import CVN, RDF, RDFS, Term
from graph.versions.home import Home
from graph.vocabulary import ontology

READ = (RDF.type, RDFS.label, CVN.edition, CVN.decision, CVN.trackKind, CVN.person, CVN.affiliation, CVN.paper)
EDITION = NamedNode("http://127.0.0.1:5000/id/edition/neurips-2024")
TABLES = ("edition-topics", "person-timeline", "topic-beside", "topic-people")
TERMS = [Quad(*each) for each in ontology.terms()]
MANY = 110  # papers of one person on one topic
Content = dict[tuple[str, str, str], object]


def reported(folder: Path) -> Content:
    """Return the content of the lists, without the order of incoming links."""
    with closing(sqlite3.connect(folder / FILE)) as database:
        keys = database.execute("SELECT name, entity, property FROM lists").fetchall()
    lists, found = Lists(folder / FILE), Content()
    for name, entity, prop in keys:
        if name == POINTING:
            pointing = lists.pointing(NamedNode(entity)) or ()
            found[name, entity, prop] = {structs.replace(each, things=tuple(sorted(each.things))) for each in pointing}
        elif (query := name.partition(" ")[0]) in TABLES:
            rows = lists.table(list_query(query), NamedNode(entity)) or ()
            found[query, entity, prop] = sorted(str(row) for row in rows)
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


def career() -> list[Quad]:
    """Return one person with many papers on one topic, most in one of three editions, with roles and awards."""
    names, quads = Names("https://kg.example.org/"), list[Quad]()

    def say(thing: NamedNode, kind: NamedNode, **values: Term) -> NamedNode:
        quads.append(Quad(thing, RDF.type, kind))
        quads.extend(Quad(thing, CVN[name], value) for name, value in values.items())
        return thing

    topics = [say(names.topic(name), CVN.Topic) for name in ("gears", "springs", "levers")]
    people = [say(names.person(name), CVN.Person) for name in ("Ada Gear", "Bo Wheel")]
    years = (Literal(year) for year in (2030, 2031, 2032))
    editions = [say(names.id("edition", year.value), CVN.Edition, year=year) for year in years]
    for number in range(MANY):
        edition = editions[number % 3 if number > 100 else 0]
        paper = say(names.paper(str(number), f"Paper {number}"), CVN.Paper, edition=edition, author=people[0])
        quads += [Quad(paper, CVN.topic, each) for each in (topics[0], topics[1 + number % 2])]
        quads += [Quad(paper, CVN.author, people[1])] if number % 5 == 0 else []
        as_printed = Literal("Works of Cogs" if number % 2 else "University of Cogs")
        authorship = names.id("authorship", str(number))
        say(authorship, CVN.Authorship, person=people[0], paper=paper, affiliationAsPrinted=as_printed)
    for number, edition in enumerate(editions):
        track = say(names.id("track", str(number)), CVN.Track, edition=edition)
        role = names.id("role", str(number))
        say(role, CVN.RoleHolding, person=people[0], role=code("role", "program-chair"), **{"in": track})
        conferral = names.id("conferral", str(number))
        say(conferral, CVN.AwardConferral, person=people[0], edition=edition, awardName=Literal("Gear of the Year"))
    return quads


def test_tables_of_a_long_career_are_kept_as_they_are_asked(tmp_path: Path) -> None:
    store = EmbeddedStore.memory([*career(), *TERMS])
    write_lists(store, tmp_path)
    kept = {(name, entity): rows for (name, entity, _), rows in reported(tmp_path).items() if name in TABLES}
    assert {name for name, _ in kept} == set(TABLES)
    for (name, entity), rows in kept.items():
        asked = store.query(list_query(name).bind(entity=NamedNode(entity)))
        assert isinstance(asked, QuerySolutions)
        assert rows == sorted(str(row) for row in asked)
        assert rows


def test_a_table_that_was_asked_otherwise_is_not_taken(tmp_path: Path) -> None:
    write_lists(EmbeddedStore.memory([*career(), *TERMS]), tmp_path)
    lists, person = Lists(tmp_path / FILE), Names("https://kg.example.org/").person("Ada Gear")
    query = list_query("person-timeline")
    assert lists.table(query, person)
    assert not lists.table(replace(query, text=f"{query.text} "), person)
