"""Writes the search index of a version: names by their words, beginnings of names, identifiers, in one SQLite file.

The number of a name says its kind and its rank there (`kind * SPAN + rank`), so that what matches comes in order,
the weightiest first, without being sorted: a word that a third of all titles has is as quick as a rare one.
"""

import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from pyoxigraph import NamedNode

from graph.files import QUERIES, replacing
from graph.indexes.facet_writer import write_facets
from graph.names import slug
from graph.query import Terms, read_query
from graph.store import Store, select
from graph.system.streams import batches
from graph.terms import Term
from graph.versions.derived import SEARCH
from graph.vocabulary.identifiers import IdentifierForm, candidates, of_term

FILE = SEARCH.name
SPAN = 1_000_000_000  # numbers for the names of a kind
LONGEST = 80  # letters of the beginning of a name
TITLE = 6  # words; of a longer name only the whole begins a suggestion, of others each word does
SHORT, TOP = 2, 20  # beginnings of at most SHORT letters have a list of TOP names
Row = tuple[NamedNode, str]


def write_index(store: Store, folder: Path) -> Path:
    """Write the index of a store into a folder and return its file; raise StoreError if it cannot be written."""
    with replacing(folder / FILE) as part, closing(sqlite3.connect(part)) as database:
        _fill(database, store)
    return folder / FILE


def plain(text: str) -> str:
    """Return the words of a text in small Latin letters and digits, with one space between."""
    return slug(text).replace("-", " ")


def named(text: str) -> list[IdentifierForm]:
    """Return the identifiers that a text may be; a mere word in small letters is none, though an id may look so."""
    is_word = re.fullmatch(r"[a-z-]+", text.strip()) is not None
    return [] if is_word or re.search(r"\s", text.strip()) else list(candidates(text))


def _fill(database: sqlite3.Connection, store: Store) -> None:
    database.executescript(text_of("schema"))
    database.execute(f"PRAGMA user_version = {SEARCH.number}")
    database.create_function("plain", 1, plain, deterministic=True)
    _things(database, store)
    weights = ((int(weight), thing.value) for thing, weight in pairs(store, "weights"))
    database.executemany("UPDATE things SET weight = weight + ? WHERE iri = ?", weights)
    names = ((name, thing.value) for thing, name in pairs(store, "names"))
    database.executemany("INSERT OR IGNORE INTO printed SELECT id, ? FROM things WHERE iri = ?", names)
    database.executemany("INSERT INTO identifiers SELECT ?, ?, id FROM things WHERE iri = ?", identifiers(store))
    database.execute(text_of("names"), {"span": SPAN})
    database.executescript(text_of("words"))
    _beginnings(database)
    write_facets(database, store)
    database.executescript(text_of("facets"))
    database.executescript(text_of("finish"))
    database.commit()


def kinds(store: Store) -> list[tuple[Term, str]]:
    """Return the classes of things that are searched with their labels, the most particular first."""
    found = sorted(solutions(store, "kinds"), key=lambda row: (-int(row["depth"].value), row["kind"].value))
    return [(row["kind"], row["label"].value) for row in found]


def _things(database: sqlite3.Connection, store: Store) -> None:
    """Write the things with their labels, each of the most particular kind that it has."""
    insert = "INSERT OR IGNORE INTO things (iri, label, kind) VALUES (?, ?, ?)"
    for number, (kind, name) in enumerate(kinds(store), 1):
        database.execute("INSERT INTO kinds VALUES (?, ?, ?)", (number, kind.value, name))
        labels = ((thing.value, name, number) for thing, name in pairs(store, "labels", kind=kind))
        database.executemany(insert, labels)
    database.execute("INSERT INTO printed SELECT id, label FROM things")


def _beginnings(database: sqlite3.Connection) -> None:
    rows = database.execute("SELECT names.id, plain, weight FROM names JOIN things ON things.id = thing")
    for some in batches(rows, 10_000):
        database.executemany("INSERT INTO beginnings VALUES (?, ?, ?, ?)", beginnings(some))
    for letters in range(1, SHORT + 1):
        database.execute(text_of("tops"), {"letters": letters, "top": TOP})


def beginnings(names: Iterable[tuple[int, str, int]]) -> Iterator[tuple[str, int, int, int]]:
    """Yield the beginnings of names, given by number, words and weight: the text, and whether it begins the name."""
    for number, text, weight in names:
        words = text.split()
        for place in range(len(words) if len(words) <= TITLE else 1):
            yield " ".join(words[place:])[:LONGEST], int(place == 0), number, weight


def text_of(name: str) -> str:
    """Return a script of the index."""
    return (QUERIES / "index" / f"{name}.sql").read_text(encoding="utf-8")


def identifiers(store: Store, **terms: Terms) -> Iterator[tuple[str, str, str]]:
    """Yield the identifiers of things, all or some: the scheme, the identifier, the IRI."""
    for row in solutions(store, "identifiers", **terms):
        if found := of_term(row["identifier"]):
            yield found.scheme.name, found.value, row["thing"].value


def pairs(store: Store, name: str, **terms: Terms) -> Iterator[Row]:
    """Yield the things that a query finds, each with a text, as the store finds them; `terms` bind its parameters."""
    for row in solutions(store, name, **terms):
        first, second = row.values()
        if isinstance(first, NamedNode):
            yield first, second.value


def solutions(store: Store, name: str, **terms: Terms) -> Iterator[dict[str, Term]]:
    """Yield the rows that a query finds; `terms` bind its parameters."""
    return select(store, read_query(QUERIES / "search" / f"{name}.rq").bind(**terms), f"search/{name}.rq")
