"""Reads a curated file into records, and refuses what it does not understand with file, line and hint."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError
from pyoxigraph import NamedNode

from graph.curated.circles import circles
from graph.curated.curation import Curation
from graph.curated.documents import Document
from graph.curated.entry import Declared, Entry, Form, Header
from graph.curated.form import entries, form
from graph.curated.marks import Marked, load
from graph.curated.mistakes import explain
from graph.curated.reading import CuratedReading, MistakeError
from graph.curated.sections.source import DocumentEntry
from graph.errors import CuratedFileError, DocumentError, Problem
from graph.model import Record, Said
from graph.model.source import Source
from graph.names import Names, code


@dataclass(frozen=True)
class CuratedSource:
    """A source and what it says; `places` gives each record with the line of the file where it stands."""

    header: Header
    iri: NamedNode
    said: tuple[Said, ...]
    path: Path
    places: tuple[tuple[int, Record], ...]


@dataclass(frozen=True)
class CuratedFile:
    """A curated file whose form is right; what its entries mean is not yet read."""

    marked: Marked
    content: Form

    @property
    def header(self) -> Header:
        """Which document the file was written from."""
        header: Header = getattr(self.content, "source")  # noqa: B009 - the form is made from a folder
        return header

    def entries(self) -> Iterator[tuple[int, str, Entry]]:
        """Yield the line, section and entry of each entry."""
        for section in entries():
            for index, entry in enumerate(getattr(self.content, section)):
                yield self.marked.line((section, index)), section, entry


def open_file(path: Path) -> CuratedFile:
    """Return a curated file with valid keys and values; raise CuratedFileError if it is not one."""
    marked = load(path)
    try:
        return CuratedFile(marked, form().model_validate(marked.tree))
    except ValidationError as error:
        raise CuratedFileError(explain(error, marked, form())) from error


def read(file: CuratedFile, names: Names, curation: Curation, document: Document | None = None) -> CuratedSource:
    """Return what a file says; raise CuratedFileError with all mistakes, DocumentError if the document is another."""
    header = file.header
    if document and document.sha256 != header.sha256:
        hint = f"{file.marked.path.name} was written from a text with another checksum; give that text"
        raise DocumentError(f"{document.path} is not the document of {header.key}: {hint}.")
    reading = CuratedReading(names, header, curation, document)
    problems = [*_outside(file), *_twice(file), *_declare(file, reading)]
    problems += [] if problems else _say(file, reading)
    if problems:
        raise CuratedFileError(problems)
    return CuratedSource(header, reading.source, tuple(reading.said), file.marked.path, tuple(reading.places))


def _outside(file: CuratedFile) -> Iterator[Problem]:
    for line, _, entry in file.entries():
        last = max(int(number) for span in entry.spans() for number in span.split("-"))
        if last > file.header.lines:
            hint = f"the document has {file.header.lines} lines; count again"
            yield Problem(file.marked.path, line, f"There is no line {last} in the document: {hint}.")


def _twice(file: CuratedFile) -> Iterator[Problem]:
    seen: dict[tuple[str, tuple[object, ...]], int] = {}
    for line, section, entry in file.entries():
        first = seen.setdefault((section, entry.identity()), line)
        if first != line:
            message = f"This entry of {section} is there twice (first in line {first}) and would give one thing twice"
            yield Problem(file.marked.path, line, f"{message}; remove one of them.")


def _declare(file: CuratedFile, reading: CuratedReading) -> Iterator[Problem]:
    """Declare the keys of all entries; a key may rest on another, so go round until nothing more is found."""
    waiting, left = [(line, entry) for line, _, entry in file.entries()], -1
    owners: dict[NamedNode, tuple[str, int]] = {}
    mistakes: list[tuple[int, Entry, Exception]] = []
    while waiting and len(waiting) != left:
        left, mistakes = len(waiting), []
        for line, entry in waiting:
            reading.line = line
            try:
                for declared in list(entry.declare(reading)):
                    yield from _owned(file, reading, owners, declared)
            except (MistakeError, ValueError) as error:
                mistakes.append((line, entry, error))
        waiting = [(line, entry) for line, entry, _ in mistakes]
    yield from (_problem(file, line, error) for line, _, error in mistakes)


def _owned(
    file: CuratedFile, reading: CuratedReading, owners: dict[NamedNode, tuple[str, int]], declared: Declared
) -> Iterator[Problem]:
    kind, key, iri = declared
    known = reading.keys.setdefault((kind, key), iri)
    owner, first = owners.setdefault(iri, (key, reading.line))
    hint = "give each thing one key and each key one thing"
    if owner != key:
        message = f"Duplicate IRI: {kind} {key!r} has the IRI of {owner!r} in line {first}"
        yield Problem(file.marked.path, reading.line, f"{message}; {hint}.")
    if known != iri:
        message = f"Duplicate key: the key {key!r} stands for another {kind} above"
        yield Problem(file.marked.path, reading.line, f"{message}; {hint}.")


def _problem(file: CuratedFile, line: int, error: Exception) -> Problem:
    words = str(error).rstrip(".")
    if isinstance(error, ValueError):  # as the engine says of an IRI, or Python of a number
        words = f"nothing can be named so or counted by this: {words}; write keys of letters, digits and hyphens"
    return Problem(file.marked.path, line, f"{words[0].upper()}{words[1:]}.")


def _say(file: CuratedFile, reading: CuratedReading) -> Iterator[Problem]:
    header, reading.line = file.header, file.marked.line(("source",))
    is_titled = any(isinstance(each, DocumentEntry) and each.title is not None for _, _, each in file.entries())
    try:
        reading.name(
            Source(
                iri=reading.source,
                label=header.title,
                title=None if is_titled else header.title,
                kind=code("source-kind", header.kind),
                trust=header.weight,
                line_count=header.lines,
                sha256=header.sha256,
                describes=tuple(reading.reference(each) for each in header.describes),
                gives_texts=reading.document is not None,
            )
        )
    except (MistakeError, ValueError) as error:
        yield _problem(file, file.marked.line(("source", "describes")), error)
    for line, _, entry in file.entries():
        reading.line = line
        try:
            entry.say(reading)
        except (MistakeError, ValueError) as error:
            yield _problem(file, line, error)
        except DocumentError as error:
            yield Problem(file.marked.path, line, str(error))
    yield from (_problem(file, line, MistakeError(words)) for line, words in circles(reading))
