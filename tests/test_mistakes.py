"""Every mistake in a curated file is reported once, with its line and a hint, and none ends in a traceback."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from graph.curated.curation import Curation
from graph.curated.form import entries
from graph.curated.reader import CuratedSource, open_file, read
from graph.errors import CuratedFileError
from graph.files import ROOT
from graph.names import Names

FILES = ROOT / "tests" / "curated"
VALID = FILES / "valid.yaml"
MISTAKES = sorted(path for path in FILES.glob("*.yaml") if path != VALID)
NUISANCES = [[], {}, "", "x", "9" * 5000, ["x"], {"x": "y"}, "2031-07-06"]


def opened(path: Path) -> CuratedSource:
    return read(open_file(path), Names("https://kg.example.org/"), Curation())


def expected(path: Path) -> dict[str, str]:
    head = path.read_text(encoding="latin-1").splitlines()[:3]
    return dict(line.removeprefix("#+ ").split(": ", 1) for line in head)


def places(tree: Any, place: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the place of every value in a tree."""
    for step, value in tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ():
        yield (*place, step)
        yield from places(value, (*place, step))


def changed(place: tuple[str | int, ...], value: object) -> str:
    """Return the valid file with another value at one place."""
    tree = part = yaml.load(VALID.read_bytes(), Loader=yaml.CBaseLoader)  # noqa: S506 - it only reads texts
    for step in place[:-1]:
        part = part[step]
    part[place[-1]] = value
    return yaml.dump(tree, Dumper=yaml.CSafeDumper, allow_unicode=True)


def test_the_valid_file_is_accepted() -> None:
    assert opened(VALID).said


def test_the_valid_file_shows_every_section() -> None:
    tree = yaml.load(VALID.read_bytes(), Loader=yaml.CBaseLoader)  # noqa: S506 - it only reads texts
    missing = {"source", *entries()} ^ set(tree)
    assert not missing, f"add an entry of each of {sorted(missing)} to tests/curated/valid.yaml"


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda path: path.stem)
def test_a_mistake_is_reported_with_its_line_and_a_hint(mistake: Path) -> None:
    with pytest.raises(CuratedFileError) as error:
        opened(mistake)
    [problem] = error.value.problems
    assert problem.line == int(expected(mistake)["line"])
    assert expected(mistake)["says"] in problem.message
    assert expected(mistake)["hint"] in problem.message


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda path: path.stem)
def test_a_message_is_one_sentence_that_can_be_read(mistake: Path) -> None:
    with pytest.raises(CuratedFileError) as error:
        opened(mistake)
    words = str(error.value)
    assert words.startswith(f"{mistake.name}:{expected(mistake)['line']}: ")
    assert words.endswith((".", "?"))
    assert "\n" not in words
    assert not {"Traceback", "NamedNode", "ScalarNode", "pydantic", "None"} & set(words.replace("(", " ").split())


def test_the_mistakes_of_all_entries_are_reported_at_once(write: Callable[..., Path]) -> None:
    path = write("headings:\n  - {line: x, text: a}\n  - {line: 2}\n  - {line: 3, text: a, extra: b}\n")
    with pytest.raises(CuratedFileError) as error:
        opened(path)
    assert [problem.line for problem in error.value.problems] == [10, 11, 12]


def test_the_mistakes_in_meaning_are_reported_at_once(write: Callable[..., Path]) -> None:
    path = write("editions:\n  - {line: 1, edition: gears-2031}\n  - {line: 2, edition: wheels-2031}\n")
    with pytest.raises(CuratedFileError) as error:
        opened(path)
    assert [problem.line for problem in error.value.problems] == [10, 11]


@pytest.mark.parametrize("key", ["title", "edition", "paper", "role", "measure", "country", "at", "line"])
def test_a_wrong_value_is_cut_in_its_message(write: Callable[..., Path], key: str) -> None:
    path = write(f"papers:\n  - {{line: 1, paper: A, title: T, {key}x: x}}\nnumbers:\n  - {{{key}: {'w' * 100_000}}}\n")
    with pytest.raises(CuratedFileError) as error:
        opened(path)
    assert len(str(error.value)) < 20_000


def test_the_valid_file_without_one_of_its_lines_is_read_or_refused(tmp_path: Path) -> None:
    lines, path = VALID.read_text(encoding="utf-8").splitlines(), tmp_path / "made-up.yaml"
    refused = 0
    for number in range(len(lines)):
        path.write_text("\n".join(lines[:number] + lines[number + 1 :]), encoding="utf-8")
        refused += is_refused(path)
    assert 50 < refused < len(lines)


def test_the_beginning_of_the_valid_file_is_read_or_refused(tmp_path: Path) -> None:
    content, path = VALID.read_bytes(), tmp_path / "made-up.yaml"
    refused = 0
    for length in range(0, len(content), 29):
        path.write_bytes(content[:length])
        refused += is_refused(path)
    assert 50 < refused < len(content) // 29


@pytest.mark.slow
@pytest.mark.parametrize("value", NUISANCES, ids=lambda value: str(value)[:20])
def test_the_valid_file_with_another_value_anywhere_is_read_or_refused(tmp_path: Path, value: object) -> None:
    tree = yaml.load(VALID.read_bytes(), Loader=yaml.CBaseLoader)  # noqa: S506 - it only reads texts
    path = tmp_path / "made-up.yaml"
    refused = 0
    for place in places(tree):
        path.write_text(changed(place, value), encoding="utf-8")
        refused += is_refused(path)
    assert refused > 50


def is_refused(path: Path) -> bool:
    """Return whether a file is refused with a line of its own; any other error is a failure."""
    count, problems = path.read_bytes().count(b"\n") + 1, []
    try:
        opened(path)
    except CuratedFileError as error:
        problems = error.problems
    assert all(1 <= problem.line <= count for problem in problems), problems
    return bool(problems)
