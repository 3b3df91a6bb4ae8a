"""YAML is read as texts with their lines, and what cannot be read is reported with its line and a hint."""

from pathlib import Path

import pytest

from graph.curated.marks import load
from graph.errors import CuratedFileError

TEXT = """first: one
second:
  - three
  - four: five
    six:
      seven
"""


def written(folder: Path, content: str | bytes) -> Path:
    path = folder / "made-up.yaml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def refused(path: Path) -> str:
    with pytest.raises(CuratedFileError) as error:
        load(path)
    return str(error.value)


@pytest.mark.parametrize("text", ["NO", "no", "true", "2024-12-10", "012", "1_000", "1e3", "5:32", ".inf", "0x1F"])
def test_a_scalar_is_the_text_it_is_written_as(tmp_path: Path, text: str) -> None:
    assert load(written(tmp_path, f"value: {text}")).tree == {"value": text}


@pytest.mark.parametrize("text", ["null", "~", "<<", "[a]", "2024"])
def test_a_quoted_text_is_that_text(tmp_path: Path, text: str) -> None:
    assert load(written(tmp_path, f'value: "{text}"')).tree == {"value": text}


@pytest.mark.parametrize(
    ("place", "line"),
    [((), 1), (("first",), 1), (("second",), 2), (("second", 0), 3), (("second", 1, "four"), 4)],
)
def test_every_value_knows_its_line(tmp_path: Path, place: tuple[str | int, ...], line: int) -> None:
    assert load(written(tmp_path, TEXT)).line(place) == line


def test_a_value_below_its_key_has_the_line_of_the_key(tmp_path: Path) -> None:
    assert load(written(tmp_path, TEXT)).line(("second", 1, "six")) == 5


def test_what_is_not_there_has_the_line_of_what_is_around_it(tmp_path: Path) -> None:
    assert load(written(tmp_path, TEXT)).line(("second", 1, "eight", 0)) == 4


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"\xef\xbb\xbf" + TEXT.encode(), id="byte order mark"),
        pytest.param(TEXT.replace("\n", "\r\n"), id="CRLF"),
        pytest.param("\n\n" + TEXT.replace("\n", "  # remark\n"), id="remarks"),
        pytest.param(f"---\n{TEXT}...\n", id="document marks"),
        pytest.param(TEXT.replace("one", "!!python/object/apply:os.getcwd one"), id="a tag of Python"),
    ],
)
def test_ways_to_write_a_file_that_make_no_difference(tmp_path: Path, content: str | bytes) -> None:
    plain = load(written(tmp_path, TEXT)).tree
    assert load(written(tmp_path, content)).tree == plain


def test_a_line_of_a_million_characters_is_read_whole(tmp_path: Path) -> None:
    text = "wheel " * 200_000 + "end"
    assert load(written(tmp_path, f"value: {text}\nlast: one")).tree == {"value": text, "last": "one"}


def test_all_mistakes_are_reported_at_once_in_the_order_of_lines(tmp_path: Path) -> None:
    path = written(tmp_path, "b: 1\na:\nb: 2\nc:\n  d: 1\n  d: 2\n")
    with pytest.raises(CuratedFileError) as error:
        load(path)
    assert [problem.line for problem in error.value.problems] == [2, 3, 6]


def test_the_line_of_a_wrong_byte_is_reported(tmp_path: Path) -> None:
    assert refused(written(tmp_path, "a: b\nc: é\n".encode("latin-1"))).startswith("made-up.yaml:2: ")


def test_the_line_of_a_wrong_character_is_reported_behind_longer_ones(tmp_path: Path) -> None:
    assert refused(written(tmp_path, "a: ééé\nb: 🎡\nc: \x00\n")).startswith("made-up.yaml:3: ")


@pytest.mark.parametrize("content", ["", "\n\n", "# only a remark\n", b"\xef\xbb\xbf"])
def test_a_file_without_content_is_empty(tmp_path: Path, content: str | bytes) -> None:
    assert "This file is empty; it needs at least a source." in refused(written(tmp_path, content))


@pytest.mark.parametrize("mark", ["[", "- ", "{a: ", "? "])
def test_endless_nesting_is_refused(tmp_path: Path, mark: str) -> None:
    assert "made-up.yaml:1: " in refused(written(tmp_path, mark * 100_000))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    words = refused(tmp_path / "nowhere.yaml")
    assert "No such file or directory; give the path of a curated file." in words


def test_a_folder_is_refused(tmp_path: Path) -> None:
    assert "Is a directory; give the path of a curated file." in refused(tmp_path)


@pytest.mark.parametrize("pair", ["a: b\n a: c", "%YAML 9.9\n---\na: b", "a: 'b", "a: @b", "&a", "*a", "a: |9999\n b"])
def test_odd_yaml_never_ends_in_another_error(tmp_path: Path, pair: str) -> None:
    assert refused(written(tmp_path, pair)).startswith("made-up.yaml:")
