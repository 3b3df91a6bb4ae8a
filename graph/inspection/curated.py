"""Inspects curated files: mistakes of form and what breaks a shape, all in one go, each with its line.

An entry with a mistake is left out, or read without a key that is not known, and the rest is read as if it were the
whole file. Errors that only follow from a left-out entry are not reported.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from pyoxigraph import Literal, NamedNode

from graph.build import Graph, graph_of
from graph.curated.curation import Curation, read_curation
from graph.curated.form import form
from graph.curated.marks import Marked, Place, Tree, load_all
from graph.curated.mistakes import explain
from graph.curated.reader import CuratedFile, CuratedSource, read
from graph.errors import CuratedFileError, Problem
from graph.files import CURATION
from graph.inspection.formats import Inspection, LocatedFinding
from graph.model import Record
from graph.names import Names
from graph.store.embedded import EmbeddedStore
from graph.terms import RDF, Term
from graph.validate.check import Result
from graph.validate.whole import results

START = re.compile(r"\S|  - ")  # of a section, of an entry
ENTRY = 2  # steps to an entry: its section and its number
MISSED = (
    re.compile(r"[Tt]here is no \w+ '(?P<key>[^']+)' in this file"),
    re.compile(r"[Nn]othing in this file names (?:\S*/)?(?P<key>[^/\s]+);"),
    re.compile(r"^'(?P<key>[^']+)' is an? \w+, not an? \w+;"),
)


@dataclass
class Readable:
    """A curated file, the lines of the entries that are left out, and the mistakes in them."""

    marked: Marked
    left_out: set[int] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    surplus: set[tuple[int, str | int]] = field(default_factory=set)  # keys of entries that are read without them
    missing: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))  # the entries that miss a key

    @classmethod
    def of(cls, path: Path) -> "Readable":
        """Return a file with the mistakes in its YAML; raise CuratedFileError if nothing of it can be read."""
        marked = load_all(path)
        found = cls(marked, problems=list(marked.problems))
        found.leave_out(each.line for each in marked.problems)
        return found

    def source(self, names: Names, curation: Curation) -> CuratedSource | None:
        """Return what can be read, or None; `problems` gets the rest."""
        while file := self._opened():
            try:
                return read(file, names, curation)
            except CuratedFileError as error:
                more = self.leave_out(each.line for each in error.problems)
                for each in error.problems:
                    self.missing[missed(each)].add(self._start(each.line))
                self.problems += [each for each in error.problems if not self._is_missed(each)]
                if not more:
                    return None
        return None

    def _opened(self) -> CuratedFile | None:
        left = self._left()
        try:
            return CuratedFile(left, form().model_validate(left.tree))
        except ValidationError as error:
            self.problems += explain(error, left, form())
            found = [each["loc"] for each in error.errors() if is_surplus(each)]
            new = {(self._start(left.line(loc)), loc[2]) for loc in found} - self.surplus
            self.surplus |= new
            wrong = [left.line(each["loc"][:2]) for each in error.errors() if not is_surplus(each)]
            return self._opened() if self.leave_out(wrong) or new else None

    def leave_out(self, lines: Iterable[int]) -> bool:
        """Leave out the entries and sections in which some lines stand; return whether there are some."""
        new = {self._start(line) for line in lines} - {0} - self.left_out
        self.left_out |= new
        return bool(new)

    def _start(self, line: int) -> int:
        """Return where the entry or section begins in which a line stands; 0 in the head of the file."""
        starts = (
            start
            for place, start in self.marked.lines.items()
            if place[:1] != ("source",) and (len(place) == 1 or (len(place) == ENTRY and isinstance(place[1], int)))
        )
        return max((start for start in starts if start <= line), default=0)

    def _left(self) -> Marked:
        tree, left = self.marked.tree, Marked(self.marked.path, {}, {})
        if not isinstance(tree, dict):
            return self.marked
        kept: dict[Place, Place] = {}
        parts: dict[str, Tree] = {}
        for section, value in tree.items():
            if self.marked.line((section,)) in self.left_out:
                continue
            kept[section,] = (section,)
            parts[section] = value
            if isinstance(value, list):
                stay = [at for at in range(len(value)) if self.marked.line((section, at)) not in self.left_out]
                kept |= {(section, at): (section, new) for new, at in enumerate(stay)}
                parts[section] = [self._without_surplus(value[at], self.marked.line((section, at))) for at in stay]
        for place, line in self.marked.lines.items():
            start = place[:ENTRY] if isinstance(tree.get(str(place[0])) if place else None, list) else place[:1]
            if start in kept:
                left.lines[kept[start] + place[len(start) :]] = line
        left.tree = parts
        return left

    def _without_surplus(self, entry: Tree, start: int) -> Tree:
        if not isinstance(entry, dict):
            return entry
        return {key: value for key, value in entry.items() if (start, key) not in self.surplus}

    def _is_missed(self, problem: Problem) -> bool:
        """Return whether something is only missed because an entry was left out that does not miss it itself."""
        key = missed(problem)
        return bool(key) and any(key in text for text in self._texts_left_out(self.missing[key]))

    def _texts_left_out(self, but: set[int]) -> Iterator[str]:
        tree = self.marked.tree if isinstance(self.marked.tree, dict) else {}
        for section, value in tree.items():
            for at, entry in enumerate(value) if isinstance(value, list) else ():
                start = self.marked.line((section, at))
                if {start, self.marked.line((section,))} & self.left_out and start not in but:
                    yield from texts(entry)


def is_surplus(detail: ErrorDetails) -> bool:
    """Return whether what pydantic found is a key of an entry that no entry of its section has."""
    return detail["type"] == "extra_forbidden" and len(detail["loc"]) == ENTRY + 1


def missed(problem: Problem) -> str:
    """Return the key of what a problem finds missing, if that is what it is about."""
    found = next(filter(None, (each.search(problem.message) for each in MISSED)), None)
    return found["key"] if found else ""


def texts(tree: Tree) -> Iterator[str]:
    """Yield the values in a tree."""
    if isinstance(tree, str):
        yield tree
    for each in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        yield from texts(each)


@dataclass(frozen=True)
class Places:
    """Where in the curated files something is said."""

    by_thing: dict[NamedNode, list[tuple[Path, int, Record]]]

    @classmethod
    def of(cls, sources: Iterable[CuratedSource]) -> "Places":
        """Return the places of what sources say."""
        found: dict[NamedNode, list[tuple[Path, int, Record]]] = {}
        for source in sources:
            for line, record in source.places:
                found.setdefault(record.iri, []).append((source.path, line, record))
        return cls(found)

    def find(self, thing: Term, path: str, value: object) -> tuple[Path | None, int]:
        """Return the file and line that say best what a result is about: the value, its property, or the thing."""

        def missing(place: tuple[Path, int, Record]) -> int:
            said = [each for each in place[2].triples() if str(each.predicate) == path]
            return 0 if any(each.object == value for each in said) else 1 if said else 2

        known = self.by_thing.get(thing, []) if isinstance(thing, NamedNode) else []
        best = min(known, key=missing, default=None)
        return (best[0], _within(best[0], best[1], value)) if best else (None, 0)


@cache
def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def _within(path: Path, start: int, value: object) -> int:
    """Return the line of an entry in which a value stands, or else where the entry begins."""
    text = value.value if isinstance(value, Literal) else ""
    for number, line in enumerate(_lines(path)[start - 1 :] if text else (), start):
        if number > start and START.match(line):
            break
        if text in line:
            return number
    return start


def inspect_curated(paths: Iterable[Path], names: Names) -> Inspection:
    """Inspect curated files together, as one build would read them."""
    located: list[LocatedFinding] = []
    paths, sources, curation = list(paths), [], read_curation(CURATION)
    for path in paths:
        try:
            readable = Readable.of(path)
            source = readable.source(names, curation)
            sources += [source] if source else []
            located += map(LocatedFinding.of_problem, readable.problems)
        except CuratedFileError as error:
            located += map(LocatedFinding.of_problem, error.problems)
    graph = graph_of(names, sources, curation)
    places = Places.of(sources)
    for result in results(EmbeddedStore.memory(graph.quads())):
        located.append(LocatedFinding.of_result(result, *_place(result, graph, places)))
    return Inspection.of(paths[0].name if len(paths) == 1 else f"{len(paths)} curated files", located)


def _place(result: Result, graph: Graph, places: Places) -> tuple[Path | None, int]:
    focus = result.focus
    if not isinstance(focus, NamedNode):
        return None, 0
    path, line = places.find(focus, result.path, result.value)
    if path:
        return path, line
    stated = next((each.object for each in graph.statements() if each[:2] == (focus, RDF.subject)), focus)
    if stated != focus:
        return places.find(stated, result.path, result.value)
    return _of_part(result, graph, places)


def _of_part(result: Result, graph: Graph, places: Places) -> tuple[Path | None, int]:
    """Return where the first thing is said that a derived node, such as a resolution, names."""
    named = sorted((each.object for each in graph.view if each.subject == result.focus), key=str)
    found = (places.find(each, result.path, result.value) for each in named)
    return next((place for place in found if place[0]), (None, 0))
