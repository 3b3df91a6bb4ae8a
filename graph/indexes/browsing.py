"""Lists the things of a kind by facets, from the search index: a page in an order, and the counts of other facets."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import NamedNode

from graph.indexes.search import wanted_words
from graph.indexes.search_writer import plain
from graph.terms import CVN
from graph.versions.derived import reading
from graph.vocabulary.ontology import superclasses

NAME, WEIGHT, YEAR = "name", "most", "latest"
ORDERS = {
    NAME: "label COLLATE NOCASE, iri",
    WEIGHT: "weight DESC, label COLLATE NOCASE, iri",
    YEAR: "year DESC, label COLLATE NOCASE, iri",
}
SHOWN = 15  # values of a facet, the most frequent
YEARS = 40
BLOCK = 500  # things whose facets are read at once
THINGS = """
SELECT id, iri, label, weight - 1, year FROM things
WHERE {} ORDER BY {} LIMIT ? OFFSET ?
"""
COUNT = """
SELECT count(*) FROM things
WHERE {}
"""
COUNTED = """
SELECT value, count(*) AS count FROM marks WHERE thing IN (
  SELECT id FROM things
  WHERE {})
GROUP BY value
"""
KEPT = """
SELECT value, sum(count) AS count FROM counts
WHERE {} GROUP BY value
"""
VALUES = """
SELECT facet, value, label, count FROM (
  SELECT facet, place, facets.value, label, count,
    row_number() OVER (PARTITION BY facet ORDER BY count DESC, label, facets.value) AS rank
  FROM ({}) AS counted JOIN facets ON facets.id = counted.value)
WHERE rank <= ? ORDER BY place, facet, rank
"""
MARKS = """
SELECT thing, facet, label FROM marks JOIN facets ON facets.id = marks.value
WHERE thing IN ({}) ORDER BY place, label
"""
LABEL = "SELECT label FROM facets WHERE facet = ? AND value = ?"


@dataclass(frozen=True)
class Selection:
    """The things of a kind that have some values of facets and some words in a name."""

    kind: NamedNode
    chosen: Mapping[str, str] = field(default_factory=dict)
    words: str = ""
    order: str = NAME


@dataclass(frozen=True)
class BrowsedThing:
    """A thing of a list: its weight, such as the number of its papers, its latest year, its values by facet."""

    thing: NamedNode
    label: str
    weight: int
    year: int | None
    marks: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class FacetValue:
    """A value of a facet and how many things of the selection have it."""

    value: str
    label: str
    count: int


@dataclass(frozen=True)
class BrowseIndex:
    """The search index of a version, read by facets; each method raises DamageError if it is damaged."""

    path: Path

    def count(self, selection: Selection) -> int:
        """Return how many things are selected."""
        with self._open() as database:
            condition, terms = _condition(database, selection)
            return int(database.execute(COUNT.format(condition), terms).fetchone()[0])

    def things(self, selection: Selection, size: int, start: int = 0) -> Iterator[BrowsedThing]:
        """Yield the things selected, in their order."""
        with self._open() as database:
            condition, terms = _condition(database, selection)
            text = THINGS.format(condition, ORDERS[selection.order])
            rows = database.execute(text, (*terms, size, start))
            while some := rows.fetchmany(BLOCK):
                marks = _marks(database, [row[0] for row in some])
                for number, iri, label, weight, year in some:
                    yield BrowsedThing(NamedNode(iri), label, weight, year, marks.get(number, {}))

    def facets(self, selection: Selection) -> dict[str, tuple[FacetValue, ...]]:
        """Return the values of each facet in the selection, years by number and all else by frequency."""
        with self._open() as database:
            if selection.chosen or selection.words:
                condition, terms = _condition(database, selection)
                text = COUNTED.format(condition)
            else:
                condition, terms = _kinds(database, selection.kind)
                text = KEPT.format(condition)
            found: dict[str, list[FacetValue]] = {}
            for facet, *value in database.execute(VALUES.format(text), (*terms, YEARS)):
                found.setdefault(facet, []).append(FacetValue(*value))
        years = sorted(found.get("year", ()), key=lambda each: each.value, reverse=True)
        return {facet: tuple(years if facet == "year" else values[:SHOWN]) for facet, values in found.items()}

    def label(self, facet: str, value: str) -> str:
        """Return the label of a value of a facet, or an empty string if no thing has it."""
        with self._open() as database:
            row = database.execute(LABEL, (facet, value)).fetchone()
            return str(row[0]) if row else ""

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        address = f"{self.path.absolute().as_uri()}?mode=ro&immutable=1"
        with reading(self.path), closing(sqlite3.connect(address, uri=True)) as database:
            yield database


def _kinds(database: sqlite3.Connection, kind: NamedNode) -> tuple[str, tuple[object, ...]]:
    """Return the condition that a thing is of a class or of one below it, with its terms."""
    rows = database.execute("SELECT id, iri FROM kinds").fetchall()
    numbers = tuple(number for number, iri in rows if kind in superclasses(NamedNode(iri)) and _is_own(kind, iri))
    return f"kind IN ({_places(numbers)})", numbers


def _is_own(kind: NamedNode, iri: str) -> bool:
    """Return whether things of a class are listed as those of another: papers are not, as submissions."""
    return kind != CVN.Submission or iri == kind.value


def _condition(database: sqlite3.Connection, selection: Selection) -> tuple[str, tuple[object, ...]]:
    condition, terms = _kinds(database, selection.kind)
    for facet, value in sorted(selection.chosen.items()):
        condition += (
            " AND id IN (SELECT thing FROM marks WHERE value = (SELECT id FROM facets WHERE facet = ? AND value = ?))"
        )
        terms += (facet, value)
    if words := plain(selection.words).split() if selection.words.strip() else []:
        condition += (
            " AND id IN (SELECT thing FROM names WHERE names.id IN (SELECT rowid FROM words WHERE words MATCH ?))"
        )
        terms += (wanted_words(words),)
    return condition, terms


def _marks(database: sqlite3.Connection, things: list[int]) -> dict[int, dict[str, tuple[str, ...]]]:
    found: dict[int, dict[str, tuple[str, ...]]] = {}
    for thing, facet, label in database.execute(MARKS.format(_places(things)), things):
        own = found.setdefault(thing, {})
        own[facet] = (*own.get(facet, ()), label)
    return found


def _places(terms: "tuple[int, ...] | list[int]") -> str:
    return ",".join("?" * len(terms))
