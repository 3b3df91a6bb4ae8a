"""Brings the search index of a version up to date with a change: what it reaches is taken out and put in again."""

import shutil
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from graph.files import QUERIES, replacing
from graph.indexes.search_writer import (
    FILE,
    GAP,
    SHORT,
    SPAN,
    TOP,
    beginnings,
    identifiers,
    kinds,
    pairs,
    plain,
    solutions,
    text_of,
)
from graph.query import read_query
from graph.store.embedded import EmbeddedStore
from graph.system.batches import batches
from graph.terms import Term
from graph.validate.affected import AffectedTerms
from graph.versions.derived import SEARCH
from graph.versions.transition import Transition

READ = ("called", "names", "weights", "identifiers")
BLOCK = 300  # things in one query: the engine joins many badly
LAST = "\U0010ffff"  # comes after every letter
Key = tuple[int, int, bytes, str]  # the order of names of a kind: by weight, the heaviest first, length, letters, IRI


@dataclass(frozen=True)
class Thing:
    """What the index says of a thing."""

    kind: int
    label: str
    weight: int
    names: frozenset[str]
    identifiers: frozenset[tuple[str, str]]


def renew_index(old: Path, folder: Path, change: Transition) -> bool:
    """Write the index of a store into a folder from the one before the change in another; return whether that is done.

    It is not where the change reaches too much, such as a class, or there is no index before, or no room for a name
    between two others.

    Raises:
        StoreError: the file cannot be written.
    """
    things = _reached(change)
    if things is None or SEARCH.path(old) is None or kinds(change.before) != kinds(change.after):
        return False
    with replacing(folder / FILE) as part:
        shutil.copyfile(old / FILE, part)
        with closing(sqlite3.connect(part)) as database:
            done = SearchUpdate(database).renew(change, things)
            database.commit()
        if not done:
            part.unlink()
    return done


def _reached(change: Transition) -> frozenset[Term] | None:
    """Return the things of which the index may say something else, or None for all."""
    found = frozenset[Term]()
    for name in READ:
        focus = AffectedTerms.of(read_query(QUERIES / "search" / f"{name}.rq"))
        some = focus.reached((change.before, change.after), change.quads) if focus else None
        if some is None:
            return None
        found |= some
    return found


@dataclass
class SearchUpdate:
    """An index that is brought up to date; `begun` has the weight of the heaviest new name by its first letters."""

    database: sqlite3.Connection
    begun: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def renew(self, change: Transition, things: Iterable[Term]) -> bool:
        """Say of things what a store has after a change; return whether there was room for all names."""
        self.database.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
        kinds = dict(self.database.execute("SELECT iri, id FROM kinds").fetchall())
        old, new = (described(store, things, kinds) for store in (change.before, change.after))
        for iri in old:
            if new.get(iri) != old[iri]:
                self._remove(iri, old[iri])
        ids = {iri: self._put(iri, thing) for iri, thing in new.items() if old.get(iri) != thing}
        self.database.executemany("DELETE FROM things WHERE iri = ?", ((iri,) for iri in old.keys() - new.keys()))
        wanted = defaultdict[int, list[tuple[Key, int, str]]](list)
        for iri, number in ids.items():
            thing = new[iri]
            for name in thing.names:
                wanted[thing.kind].append(((-thing.weight, len(name), name.encode(), iri), number, name))
        for kind, names in wanted.items():
            places = self._places(kind, sorted(names))
            if places is None:
                return False
            self._add(places)
        self._list()
        return True

    def _remove(self, iri: str, thing: Thing) -> None:
        """Take out the names and identifiers of a thing."""
        (number,) = self.database.execute("SELECT id FROM things WHERE iri = ?", (iri,)).fetchone()
        found = self.database.execute("SELECT id, plain FROM names WHERE thing = ?", (number,)).fetchall()
        self.database.executemany("INSERT INTO words (words, rowid, plain) VALUES ('delete', ?, ?)", found)
        self.database.execute("DELETE FROM names WHERE thing = ?", (number,))
        parts = list(beginnings((*row, thing.weight) for row in found))
        of_name = "DELETE FROM beginnings WHERE beginning = ? AND whole = ? AND name = ? AND weight = ?"
        self.database.executemany(of_name, parts)
        of_thing = "DELETE FROM identifiers WHERE scheme = ? AND identifier = ? AND thing = ?"
        self.database.executemany(of_thing, ((*each, number) for each in thing.identifiers))
        self._begin(parts, 0)

    def _put(self, iri: str, thing: Thing) -> int:
        said = {"iri": iri, "label": thing.label, "kind": thing.kind, "weight": thing.weight}
        ((number,),) = self.database.execute(text_of("put"), said).fetchall()
        rows = ((*each, number) for each in thing.identifiers)
        self.database.executemany("INSERT INTO identifiers VALUES (?, ?, ?)", rows)
        return int(number)

    def _places(self, kind: int, names: list[tuple[Key, int, str]]) -> list[tuple[int, int, str, int]] | None:
        """Return the number of each name between those there are, its thing and weight; None where there is no room."""
        between = defaultdict[int, list[tuple[Key, int, str]]](list)
        for each in names:
            between[self._above(kind, each[0])].append(each)
        found = []
        for above, some in between.items():
            below = self._below(kind, above)
            step = min(GAP, (above - below) // (len(some) + 1))
            if step == 0:
                return None
            found += [(below + step * at, thing, name, -key[0]) for at, (key, thing, name) in enumerate(some, 1)]
        return found

    def _above(self, kind: int, key: Key) -> int:
        """Return the number of the first name of a kind that comes after a place, or where the next kind begins."""
        first, last = kind * SPAN, (kind + 1) * SPAN
        query = text_of("next")
        while first < last:
            middle = (first + last) // 2
            row = self.database.execute(query, {"first": middle, "last": last}).fetchone()
            if row is None or (row[1], row[2], row[3].encode(), row[4]) > key:
                last = middle
            else:
                first = row[0] + 1
        row = self.database.execute(query, {"first": first, "last": (kind + 1) * SPAN}).fetchone()
        return row[0] if row else (kind + 1) * SPAN

    def _below(self, kind: int, above: int) -> int:
        bounds = (kind * SPAN, above)
        (found,) = self.database.execute("SELECT max(id) FROM names WHERE id >= ? AND id < ?", bounds).fetchone()
        return found or kind * SPAN

    def _add(self, places: list[tuple[int, int, str, int]]) -> None:
        rows = [(number, thing, name, plain(name)) for number, thing, name, _ in places]
        self.database.executemany("INSERT INTO names VALUES (?, ?, ?, ?)", rows)
        self.database.executemany("INSERT INTO words (rowid, plain) VALUES (?, ?)", ((row[0], row[3]) for row in rows))
        weights = {number: weight for number, _, _, weight in places}
        parts = list(beginnings((row[0], row[3], weights[row[0]]) for row in rows))
        self.database.executemany("INSERT INTO beginnings VALUES (?, ?, ?, ?)", parts)
        for part in parts:
            self._begin([part], part[3])

    def _begin(self, parts: Iterable[tuple[str, int, int, int]], weight: int) -> None:
        for text, *_ in parts:
            for letters in range(1, min(SHORT, len(text)) + 1):
                self.begun[text[:letters]] = max(self.begun[text[:letters]], weight)

    def _list(self) -> None:
        """List the weightiest names by first letters anew, where a name left the list or a new one may come into it."""
        for letters, heaviest in self.begun.items():
            weights = [row[0] for row in self.database.execute(text_of("listed"), {"letters": letters})]
            if None in weights or len(weights) < TOP or heaviest >= min(weights):
                self.database.execute("DELETE FROM short WHERE beginning = ?", (letters,))
                self.database.execute(text_of("top"), {"letters": letters, "last": letters + LAST, "top": TOP})


def described(store: EmbeddedStore, things: Iterable[Term], kinds: Mapping[str, int]) -> dict[str, Thing]:
    """Return what an index says of things, by IRI; `kinds` numbers the classes, the most particular first."""
    found: dict[str, Thing] = {}
    for some in batches(things, BLOCK):
        called = defaultdict[str, set[tuple[int, str]]](set)
        for row in solutions(store, "called", thing=some):
            if row["kind"].value in kinds:
                called[row["thing"].value].add((kinds[row["kind"].value], row["name"].value))
        weights, names = defaultdict[str, int](int), defaultdict[str, set[str]](set)
        ids = defaultdict[str, set[tuple[str, str]]](set)
        for thing, weight in pairs(store, "weights", thing=some):
            weights[thing.value] += int(weight)
        for thing, name in pairs(store, "names", thing=some):
            names[thing.value].add(name)
        for scheme, value, iri in identifiers(store, thing=some):
            ids[iri].add((scheme, value))
        for iri, each in called.items():
            kind, label = min(each)
            found[iri] = Thing(kind, label, 1 + weights[iri], frozenset({label} | names[iri]), frozenset(ids[iri]))
    return found
