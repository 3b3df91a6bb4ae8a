"""Every error that Convocation raises on purpose; each message says what, where and what to do.

* ConvocationError
  + SettingError
  + QueryError
    - QuerySyntaxError
    - RefusedError
    - RemoteServiceError
  + PayloadError
  + FormError
  + StoreError
    - HomeError
      * SpaceError
    - VersionError
    - UnknownGraphError
  + SourceError
    - CuratedFileError
    - DocumentError
    - FetchError
    - ImportFileError
    - ShrinkError
  + ShapeError
  + UnsupportedShapeError
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


class ConvocationError(Exception):
    """Something a user can correct."""


class SettingError(ConvocationError):
    """A setting has a value that cannot be used."""


class QueryError(ConvocationError):
    """A query or its parameters cannot be used."""


class QuerySyntaxError(QueryError):
    """A query is not SPARQL 1.1; `line` and `column` count from 1."""

    def __init__(self, message: str, line: int | None = None, column: int | None = None) -> None:
        self.line, self.column = line, column
        super().__init__(message)


class RefusedError(QueryError):
    """A query asks another server that is not asked from here; the message names the setting."""


class RemoteServiceError(QueryError):
    """Another server that a query asks does not answer as it should; `limit` names the setting it passed, if any."""

    def __init__(self, message: str, limit: str = "", value: str = "") -> None:
        self.limit, self.value = limit, value
        super().__init__(message)


class PayloadError(ConvocationError):
    """A serialization of a graph is not well formed."""


class FormError(ConvocationError):
    """An answer cannot be written in the format that is asked for; the message names one that can hold it."""


class StoreError(ConvocationError):
    """The graph cannot be read or written."""


class HomeError(StoreError):
    """The home folder cannot be used."""


class SpaceError(HomeError):
    """There is no room left to write."""


class VersionError(StoreError):
    """There is no such version."""


class ReportError(VersionError):
    """A version has no report of the shapes."""


class DamageError(StoreError):
    """A file derived from a store cannot be read."""


class UnknownGraphError(StoreError):
    """There is no such named graph."""


class SourceError(ConvocationError):
    """A source cannot be read."""


@dataclass(frozen=True)
class Problem:
    """One mistake in a file: what is wrong and how to correct it, at a line counted from 1."""

    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path.name}:{self.line}: {self.message}"


class CuratedFileError(SourceError):
    """A curated file has mistakes; all of them are in `problems`."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(problems, key=lambda problem: (str(problem.path), problem.line, problem.message))
        super().__init__("\n".join(map(str, self.problems)))


class DocumentError(SourceError):
    """A source document is not the one its curated file was written from."""


class FetchError(SourceError):
    """A file of the web cannot be fetched."""


class ImportFileError(SourceError):
    """A file of a source cannot be read, or is not of that source."""


class ShrinkError(SourceError):
    """A file holds so much less than before that it may be broken."""


class ShapeError(ConvocationError):
    """The graph breaks a shape, so the version was not published; `report` says where, `findings` by parts."""

    def __init__(self, report: str, count: int, findings: Sequence[Mapping[str, str]] = ()) -> None:
        self.report, self.count, self.findings = report, count, findings
        plural = "" if count == 1 else "s"
        super().__init__(f"Nothing was published: the graph has {count} violation{plural}.\n{report}")


class UnsupportedShapeError(ConvocationError):
    """A shape has a part that cannot be checked, so that nothing is checked."""


LONGEST = 60


def quoted(text: str) -> str:
    """Return a text in quotation marks for a message, cut where it is long."""
    return repr(text if len(text) <= LONGEST else f"{text[:LONGEST]}...")
