"""Finds things by name in the search index of a version: what is called so, what begins so, what has an identifier."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode
from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import ratio
from rapidfuzz.process import extract

from graph.indexes.search_writer import LONGEST, SHORT, SPAN, named, plain
from graph.versions.derived import SEARCH, reading

NEAR = 50  # names of each kind that share a word, of which those most like the text are taken
TELLING = 4  # words of a text, the longest, that are looked at
CLOSE, LIKE = 4, 0.6  # words of the index for one of a text, and how alike they are at least
LAST = "\U0010ffff"  # comes after every letter
FOUND = """
SELECT names.id, things.iri, things.label, kinds.label, name, plain, weight FROM names
JOIN things ON things.id = names.thing JOIN kinds ON kinds.id = things.kind WHERE names.id IN ({})
"""
MATCHING = "SELECT rowid FROM words WHERE words MATCH ? AND rowid BETWEEN ? AND ? LIMIT ? OFFSET ?"
KINDS = f"SELECT rowid / {SPAN}, count(*) FROM words WHERE words MATCH ? GROUP BY 1"  # noqa: S608 - a number
BEGINNING = """
SELECT name FROM beginnings WHERE beginning >= ? AND beginning < ?
ORDER BY (whole AND beginning = ?) DESC, weight DESC, name LIMIT ?
"""


TERMS = "SELECT term FROM terms WHERE term >= ? AND term < ? AND length(term) BETWEEN ? AND ?"
IDENTIFIED = """
SELECT min(names.id) FROM identifiers JOIN things ON things.id = identifiers.thing
JOIN names ON names.thing = things.id AND names.name = things.label
WHERE identifier = ? AND scheme = ? GROUP BY identifiers.thing
"""


@dataclass(frozen=True)
class Hit:
    """A thing that was found: its label and kind, the name that matched, its weight."""

    thing: NamedNode
    label: str
    kind: str
    name: str
    plain: str
    weight: int


@dataclass(frozen=True)
class ResultGroup:
    """Hits of one kind, and how many names of that kind there are in all."""

    kind: str
    count: int
    hits: tuple[Hit, ...]


@dataclass(frozen=True)
class SearchIndex:
    """The index of a version, which never changes while it is there.

    Each method raises DamageError if it is damaged.
    """

    path: Path

    @classmethod
    def of(cls, folder: Path) -> "SearchIndex | None":
        """Return the index in the folder of a version, or None if it has none that can be used."""
        path = SEARCH.path(folder)
        return cls(path) if path else None

    def groups(self, text: str, size: int, kind: str = "", page: int = 1) -> list[ResultGroup]:
        """Return what has the words of a text in a name, by kind, the most exact kind first.

        At most `size` hits of each kind are given, or one page of a `kind`, if given.
        """
        words = plain(text).split() if text.strip() else []
        if not words:
            return []
        wanted = wanted_words(words)
        with self._open() as database:
            labels = dict(database.execute("SELECT id, label FROM kinds").fetchall())
            counts = database.execute(KINDS, (wanted,)).fetchall()
            exact = self._exact(database, " ".join(words))
            found = []
            for number, count in counts:
                if kind in ("", labels[number]):
                    place = min(page, -(-count // size))  # a page that is not there is the last one
                    names = self._names(database, wanted, number, (size, place))
                    first = [name for name in exact if name // SPAN == number and place == 1]
                    hits = tuple(self._hits(database, [*first, *names]))[:size]
                    found.append(ResultGroup(labels[number], count, hits))
            return sorted(found, key=lambda group: (group.hits[0].plain != " ".join(words), -group.hits[0].weight))

    def suggestions(self, text: str, size: int) -> list[Hit]:
        """Return the things with a name in which a word begins with a text, the weightiest first."""
        begun = plain(text)[:LONGEST] if text.strip() else ""
        if not begun:
            return []
        with self._open() as database:
            if len(begun) <= SHORT:
                rows = database.execute("SELECT name FROM short WHERE beginning = ? ORDER BY rank", (begun,))
                names = [*self._exact(database, begun), *(row[0] for row in rows)]
            else:
                bounds = (begun, begun + LAST, begun, size * 4)
                names = [row[0] for row in database.execute(BEGINNING, bounds)]
            if len(names) < size:
                rows = database.execute(MATCHING, (wanted_words(begun.split()), 0, 1 << 62, size * 2, 0))
                names += [row[0] for row in rows]
            return list(self._hits(database, names))[:size]

    def near(self, text: str, size: int) -> list[Hit]:
        """Return the things whose names have words like those of a text, those most like it first."""
        begun = plain(text)
        longest = sorted(set(begun.split()), key=len, reverse=True)[:TELLING]
        with self._open() as database:
            like = [each for word in longest if (each := self._like(database, word))]
            hits = self._joined(database, " AND ", like) or self._joined(database, " OR ", like)
            return sorted(hits, key=lambda hit: -ratio(hit.plain, begun))[:size]

    def _like(self, database: sqlite3.Connection, word: str) -> str:
        """Return the expression of the words of the index that are most like a word and begin with its letter."""
        sizes = (max(1, len(word) - 2), len(word) + 2)
        terms = [row[0] for row in database.execute(TERMS, (word[:1], word[:1] + LAST, *sizes))]
        found = extract(word, terms, scorer=OSA.normalized_similarity, limit=CLOSE, score_cutoff=LIKE)
        return " OR ".join(f'"{term}"' for term, _, _ in found)

    def _joined(self, database: sqlite3.Connection, word: str, like: list[str]) -> list[Hit]:
        wanted = word.join(f"({each})" for each in like)
        kinds = database.execute("SELECT id FROM kinds").fetchall() if like else []
        names = [name for (kind,) in kinds for name in self._names(database, wanted, kind, (NEAR, 1))]
        return list(self._hits(database, names))

    def identified(self, text: str) -> list[Hit]:
        """Return the things that have an identifier, given as it is or as the address of its page."""
        with self._open() as database:
            names = []
            for each in named(text):
                rows = database.execute(IDENTIFIED, (each.value, each.scheme.name))
                names += [row[0] for row in rows]
            return list(self._hits(database, names))

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        address = f"{self.path.absolute().as_uri()}?mode=ro&immutable=1"
        with reading(self.path), closing(sqlite3.connect(address, uri=True)) as database:
            yield database

    def _exact(self, database: sqlite3.Connection, text: str) -> list[int]:
        return [row[0] for row in database.execute("SELECT id FROM names WHERE plain = ? ORDER BY id", (text,))]

    def _names(self, database: sqlite3.Connection, wanted: str, kind: int, page: tuple[int, int]) -> list[int]:
        size, number = page
        bounds = (wanted, kind * SPAN, (kind + 1) * SPAN - 1, size * 2, (number - 1) * size)
        return [row[0] for row in database.execute(MATCHING, bounds)]

    def _hits(self, database: sqlite3.Connection, names: list[int]) -> Iterator[Hit]:
        """Yield what has some names, each thing once, in the order of the names."""
        order = list(dict.fromkeys(names))
        rows = database.execute(FOUND.format(",".join("?" * len(order))), order)
        found = {row[0]: Hit(NamedNode(row[1]), *row[2:]) for row in rows}
        seen: set[NamedNode] = set()
        for hit in (found[name] for name in order if name in found):
            if hit.thing not in seen:
                seen.add(hit.thing)
                yield hit


def wanted_words(words: list[str]) -> str:
    """Return the expression of words that are all to be there, as they are or, if they are not short, as beginnings."""
    return " ".join(f'"{word}"*' if len(word) > SHORT else f'"{word}"' for word in words)
