"""The report of the shapes on a version, kept beside its store: a line of JSON values for each result, the node first.

So a write copies the lines of the version before but for those of the nodes that were looked at again.
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode

from graph.errors import DamageError, ReportError
from graph.files import replacing
from graph.validate.check import Constraint, Result
from graph.validate.shapes import AnyTerm
from graph.versions.derived import REPORT, reading
from graph.versions.home import Version

if TYPE_CHECKING:  # it brings the parser of queries, 12 MB, which pages do not need
    from graph.validate.incremental import Revalidation

NAME = REPORT.name


def keep_report(folder: Path, results: Iterable[Result]) -> None:
    """Keep results as the report of a version whose folder this is."""
    with replacing(folder / NAME) as part:
        part.write_text("".join((f"{_json(REPORT.head)}\n", *map(_line, results))), encoding="utf-8")


def keep_changes(before: Path, folder: Path, found: "Revalidation") -> None:
    """Keep the report of the version before, if it has one, with what was found again in place of what is old."""
    if found.nodes is None:
        keep_report(folder, found.results)
    elif REPORT.path(before):
        again = {_json(_term(node)) for node in found.nodes}
        with (before / NAME).open(encoding="utf-8") as old, (folder / NAME).open("w", encoding="utf-8") as new:
            new.writelines(line for line in old if line.partition("\t")[0] not in again)
            new.writelines(map(_line, found.results))


def kept(version: Version) -> Iterator[Result]:
    """Yield the results of the report of a version; raise ReportError if it has none, or a foreign or damaged one."""
    path = REPORT.path(version.folder)
    if path is None:
        hint = "run: convocation check"
        raise ReportError(f"Version {version.number} has no report of the shapes that this program made; {hint}")
    try:
        with reading(path), path.open(encoding="utf-8") as file:
            file.readline()
            yield from (_result(*map(json.loads, line.split("\t"))) for line in file)
    except (OSError, DamageError) as error:
        raise ReportError(f"The report of the shapes on version {version.number} cannot be read: {error}") from error


def _line(result: Result) -> str:
    rule = result.constraint
    said = [_term(rule.shape), rule.component, rule.severity, rule.message, rule.path, result.message, result.path]
    return "\t".join(map(_json, (_term(result.focus), _term(result.value), *said))) + "\n"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _result(*said: object) -> Result:
    focus, value, shape, component, severity, words, rule_path, message, path = said
    rule = Constraint(_read(shape), str(component), str(severity), str(words), str(rule_path))  # type: ignore[arg-type]
    return Result(rule, _read(focus), str(path), _read(value) if value else None, str(message))


def _term(term: AnyTerm | None) -> list[str | None] | None:
    match term:
        case None:
            return None
        case NamedNode():
            return ["iri", term.value]
        case BlankNode():
            return ["blank", term.value]
    return ["literal", term.value, term.datatype.value, term.language]


def _read(said: object) -> AnyTerm:
    assert isinstance(said, list)  # noqa: S101 - as `_term` writes it
    match said:
        case ["iri", value]:
            return NamedNode(value)
        case ["blank", value]:
            return BlankNode(value)
    _, value, datatype, language = said
    return Literal(value, language=language) if language else Literal(value, datatype=NamedNode(datatype))
