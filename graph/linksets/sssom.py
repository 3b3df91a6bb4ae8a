"""Mapping sets in SSSOM/TSV (https://mapping-commons.github.io/sssom/): a header of YAML comments, then a table.

The `sssom` package reads the same with pandas and linkml, a hundred times the size of this module.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import yaml

from graph.errors import CuratedFileError, Problem, quoted

ENDING = ".sssom.tsv"
OWN = "id"  # the prefix of the things of this graph, whatever its base is
NOT = "Not"
JUSTIFICATIONS = {
    "semapv:CompositeMatching",
    "semapv:InstanceBasedMatching",
    "semapv:LexicalMatching",
    "semapv:ManualMappingCuration",
    "semapv:MappingChaining",
    "semapv:MappingReview",
    "semapv:UnspecifiedMatching",
}
HEADER = ("curie_map", "mapping_set_id", "mapping_set_title", "license", "subject_source", "object_source")
LICENSE = "https://creativecommons.org/publicdomain/zero/1.0/"


@dataclass(frozen=True, order=True)
class Mapping:
    """One row: a thing of ours, a thing of others, how they relate, how sure that is, and why."""

    subject_id: str
    predicate_id: str
    object_id: str
    mapping_justification: str
    subject_label: str = ""
    predicate_modifier: str = ""
    object_label: str = ""
    reviewer_id: str = ""
    mapping_tool: str = ""
    mapping_date: str = ""
    confidence: float | None = None
    comment: str = ""
    line: int = field(default=0, compare=False)

    @property
    def is_rejected(self) -> bool:
        """Whether the row says that the two are not related so."""
        return self.predicate_modifier == NOT

    @property
    def ends(self) -> tuple[str, str]:
        """The two things of the row."""
        return self.subject_id, self.object_id

    def cells(self) -> list[str]:
        """Return the row as it is written."""
        return [_cell(getattr(self, name)) for name in COLUMNS]


COLUMNS = (  # in the order of the specification
    "subject_id",
    "subject_label",
    "predicate_id",
    "predicate_modifier",
    "object_id",
    "object_label",
    "mapping_justification",
    "reviewer_id",
    "mapping_tool",
    "mapping_date",
    "confidence",
    "comment",
)
KNOWN = {each.name for each in fields(Mapping)} - {"line"}


@dataclass(frozen=True)
class MappingSet:
    """A mapping set: the file, its header, its rows."""

    path: Path
    header: dict[str, Any]
    mappings: tuple[Mapping, ...] = ()

    @property
    def name(self) -> str:
        """The scheme of the identifiers that it links to, as the name of the file gives it."""
        return self.path.name.removesuffix(ENDING)

    @property
    def prefixes(self) -> dict[str, str]:
        """The start of the IRIs that each prefix of its CURIEs stands for."""
        return dict(self.header["curie_map"])

    def expanded(self, curie: str) -> str:
        """Return the IRI of a CURIE; the text itself if its prefix is not in the header."""
        prefix, _, rest = curie.partition(":")
        return f"{self.prefixes[prefix]}{rest}" if prefix in self.prefixes else curie

    def with_mappings(self, mappings: Iterable[Mapping]) -> "MappingSet":
        """Return the set with other rows, in order."""
        return replace(self, mappings=tuple(sorted(mappings, key=lambda each: (*each.ends, each.predicate_modifier))))

    def problem(self, mapping: Mapping, message: str) -> Problem:
        """Return a mistake of one of its rows."""
        return Problem(self.path, mapping.line, message)


def read(path: Path) -> MappingSet:
    """Return a mapping set; raise CuratedFileError with every mistake of form in it, each with its line."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    except (OSError, UnicodeError) as error:
        raise CuratedFileError(
            [Problem(path, 1, f"The file cannot be read ({error}); give a file in UTF-8.")]
        ) from error
    head = [line for line in lines if line.startswith("#")]
    mapping_set = MappingSet(path, _header(path, head))
    problems: list[Problem] = []
    mappings = tuple(_rows(path, lines[len(head) :], len(head), problems))
    problems += [Problem(path, each.line, words) for each in mappings for words in _mistakes(each)]
    if problems:
        raise CuratedFileError(problems)
    return replace(mapping_set, mappings=mappings)


def text(mapping_set: MappingSet) -> str:
    """Return a mapping set as the text of its file."""
    header = {name: mapping_set.header[name] for name in (*HEADER, *mapping_set.header) if name in mapping_set.header}
    lines = yaml.safe_dump(header, sort_keys=False, allow_unicode=True, width=1000).splitlines()
    table = io.StringIO()
    writer = csv.writer(table, delimiter="\t", lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(each.cells() for each in mapping_set.mappings)
    return "".join(f"#{line}\n" for line in lines) + table.getvalue()


def _header(path: Path, head: list[str]) -> dict[str, Any]:
    try:
        found = yaml.safe_load("".join(line[1:] for line in head)) or {}
    except yaml.YAMLError as error:
        raise CuratedFileError(
            [Problem(path, 1, f"The header is not YAML: {' '.join(str(error).split())}; correct it.")]
        ) from error
    missing = [
        name
        for name in ("curie_map", "mapping_set_id", "license")
        if not isinstance(found, dict) or not found.get(name)
    ]
    if missing or not isinstance(found["curie_map"], dict):
        hint = "write it as those in graph/data/links/ have it"
        raise CuratedFileError(
            [Problem(path, 1, f"The header does not give {', '.join(missing) or 'a curie_map'}; {hint}.")]
        )
    return found


def _rows(path: Path, lines: list[str], before: int, problems: list[Problem]) -> Iterator[Mapping]:
    reader = csv.reader(lines, delimiter="\t")
    columns = next(reader, [])
    if unknown := [name for name in columns if name not in KNOWN]:
        hint = f"the columns are {', '.join(COLUMNS)}"
        problems.append(Problem(path, before + 1, f"The column {quoted(unknown[0])} is not known here; {hint}."))
        return
    for cells in reader:
        line = before + reader.line_num
        if len(cells) != len(columns):
            words = f"The row has {len(cells)} cells where the table has {len(columns)} columns"
            problems.append(Problem(path, line, f"{words}; separate them by tabs."))
            continue
        row: dict[str, Any] = {"subject_id": "", "predicate_id": "", "object_id": "", "mapping_justification": ""}
        row |= dict(zip(columns, cells, strict=True))
        try:
            row["confidence"] = float(row["confidence"]) if row.get("confidence") else None
        except ValueError:
            problems.append(
                Problem(path, line, f"The confidence is {quoted(row['confidence'])}; give a number from 0 to 1.")
            )
            continue
        yield Mapping(**row, line=line)


def _mistakes(mapping: Mapping) -> Iterator[str]:
    for name in ("subject_id", "predicate_id", "object_id", "mapping_justification"):
        if not getattr(mapping, name):
            yield f"The row has no {name}; give one."
    if mapping.mapping_justification not in {"", *JUSTIFICATIONS}:
        yield f"The justification is {quoted(mapping.mapping_justification)}; give {', '.join(sorted(JUSTIFICATIONS))}."
    if mapping.predicate_modifier not in {"", NOT}:
        yield f"The modifier is {quoted(mapping.predicate_modifier)}; give {NOT} or leave it empty."
    if mapping.confidence is not None and not 0 <= mapping.confidence <= 1:
        yield f"The confidence is {mapping.confidence:g}; give a number from 0 to 1."


def _cell(value: str | float | None) -> str:
    return value if isinstance(value, str) else "" if value is None else f"{value:g}"
