"""The JSON Schema of curated files lets an editor accept what the reader accepts and mark what it refuses."""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator, FormatChecker

from graph.curated.form import SCHEMA_ID, entries, schema, schema_text
from graph.files import CURATED_FILES, ROOT
from graph.vocabulary.codes import codes

FILES = ROOT / "tests" / "curated"
VALID = [*CURATED_FILES, FILES / "valid.yaml"]
MARKED = """checksum-malformed date-with-slashes edition-without-year empty-text key-with-spaces line-not-a-number
 line-zero lines-left-out list-for-file list-for-mapping list-for-text mapping-for-list mapping-for-text missing-line
 missing-title-of-source no-source person-spelled-as-committee reference-without-kind text-for-entry text-for-list
 text-for-number text-for-truth unknown-key unknown-measure unknown-mode unknown-role unknown-section"""


class PlainLoader(yaml.SafeLoader):
    """YAML as an editor reads it: a date stays a text (JSON has no dates)."""


PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@cache
def validator() -> Draft202012Validator:
    return Draft202012Validator(schema(), format_checker=FormatChecker())


def errors(path: Path) -> list[str]:
    content = yaml.load(path.read_bytes(), Loader=PlainLoader)  # noqa: S506 - a safe loader
    return [error.message for error in validator().iter_errors(content)]


def patterns(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, dict):
        if "examples" in part:
            yield part
        for value in part.values():
            yield from patterns(value)


def test_the_schema_is_a_json_schema() -> None:
    Draft202012Validator.check_schema(schema())
    assert (schema()["$id"], schema()["title"]) == (SCHEMA_ID, "Curated file of Convocation")


def test_the_schema_is_written_the_same_way_every_time() -> None:
    assert json.loads(schema_text()) == schema()
    assert schema_text().endswith("}\n")


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_a_right_file_is_right_in_an_editor(path: Path) -> None:
    assert errors(path) == []


@pytest.mark.parametrize("path", CURATED_FILES, ids=lambda path: path.stem)
def test_a_bundled_file_says_editors_its_schema(path: Path) -> None:
    first = path.read_text(encoding="utf-8").split("\n", 1)[0]
    assert first == "# yaml-language-server: $schema=curated.schema.json"


@pytest.mark.parametrize("name", MARKED.split())
def test_a_mistake_in_form_is_marked_in_an_editor(name: str) -> None:
    assert errors(FILES / f"{name}.yaml") != []


def test_every_section_is_described() -> None:
    properties = schema()["properties"]
    assert set(properties) == {"source", *entries()}
    assert all(properties[section]["description"].endswith(".") for section in entries())


def test_every_code_is_offered() -> None:
    kinds = schema()["$defs"]
    assert kinds["NumberEntry"]["properties"]["measure"]["enum"] == list(codes("measure"))
    assert kinds["Header"]["properties"]["kind"]["enum"] == list(codes("source-kind"))


def test_every_example_is_of_its_form() -> None:
    found = list(patterns(schema()))
    assert len(found) > 10
    for part in found:
        assert all(re.search(part["pattern"], example) for example in part["examples"])


def test_no_key_beyond_the_known_is_allowed() -> None:
    forms = [form for form in schema()["$defs"].values() if form.get("type") == "object"]
    assert len(forms) > len(entries())
    assert all(form["additionalProperties"] is False for form in forms)
