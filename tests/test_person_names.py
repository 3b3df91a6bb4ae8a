"""Names of people keep the parts that a source gives, from the file to the graph and to the references."""

from pathlib import Path

import pytest

from graph.importers import importers
from graph.importers.bibtex import read
from graph.importers.bibtex.people import people
from graph.importers.paperlists.authors import authors
from graph.importers.paperlists.fields import Raw
from graph.importing.folder import Folder, ImportIndex
from graph.importing.lines import Iris
from graph.importing.reading import Options, Reader
from graph.names import Names
from graph.sources.authors import author
from graph.sources.file import SourceFile
from graph.sources.parts import NameParts, guessed, says_more
from graph.sources.records import Item, Notice, Paper

ENTRY = "@inproceedings{{conf/icml/k, author = {author}, title = {title}, booktitle = {{ICML}}, year = 2030}}"
PRINTED = {
    "Van den Bossche, P.": ("P. Van den Bossche", "Van den Bossche, P."),
    'Yonca {\\"O}zge, A.': ("A. Yonca Özge", "Yonca Özge, A."),
    "Smith, Jr, John": ("John Smith Jr", "Smith, Jr, John"),
    "Smith, John, Jr.": ("John Smith Jr.", "Smith, Jr., John"),
    "James Supancic, III": ("James Supancic III", "Supancic, III, James"),
    "李, 明": ("李明", "李, 明"),
    "{Advanced Air and Ground Research Team}": ("Advanced Air and Ground Research Team",) * 2,
    "{Barnes and Noble, Inc.}": ("Barnes and Noble, Inc.", "Barnes and Noble, Inc."),
    "Jean {Van den Bossche}": ("Jean Van den Bossche", "Van den Bossche, Jean"),
}


def of(folder: Path, author: str, title: str = "{T}", before: str = "") -> list[Item]:
    """Return what a file with one paper says."""
    path = folder / "x.bib"
    path.write_text(before + ENTRY.format(author=author, title=title), encoding="utf-8")
    return list(read(SourceFile(path)))


def names(items: list[Item]) -> list[str]:
    return [each.name for paper in items if isinstance(paper, Paper) for each in paper.authors]


def ledger(folder: Path, source: str, path: Path) -> str:
    """Return the ledger of a file."""
    reader = Reader(Folder(folder), ImportIndex(), importers()[source], Iris(Names("https://x.org/")), Options())
    return "\n".join(Folder(folder).lines(f"{reader.read(SourceFile(path)).unit}.nq"))


@pytest.mark.parametrize("text", PRINTED)
def test_a_name_is_not_divided_otherwise_than_the_source_divides_it(text: str) -> None:
    ((found,), left_out, kind) = people(text)
    assert found.parts is not None
    assert (found.name, found.parts.inverted, left_out, kind) == (*PRINTED[text], False, "")


@pytest.mark.parametrize("name", ["Ann Lee", "O", "王小明"])
def test_no_parts_are_stated_of_a_name_that_the_source_does_not_divide(name: str) -> None:
    ((found,), _, _) = people(name)
    assert (found.name, found.parts) == (name, None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Smith, Ann; Jones, Bob", ["Ann Smith", "Bob Jones"]),
        ("Ann Adams, Bob Brown, Carl Cole", ["Ann Adams", "Bob Brown", "Carl Cole"]),
        ("Ann Adams, Bob Brown and Carl Cole", ["Ann Adams", "Bob Brown", "Carl Cole"]),
        ("Smith, A., Jones, B.", ["A. Smith", "B. Jones"]),
        ("Ann Adams, John Smith, Jr., Bob Brown", ["Ann Adams", "John Smith Jr.", "Bob Brown"]),
    ],
)
def test_authors_parted_by_other_marks_are_not_one_person(tmp_path: Path, text: str, expected: list[str]) -> None:
    items = of(tmp_path, f"{{{text}}}")
    assert names(items) == expected
    assert "authors parted by commas or semicolons" in [each.kind for each in items if isinstance(each, Notice)]


@pytest.mark.parametrize(
    "text", ["M&uuml;ller, Ann and Lee, Bob", "{Gears; Cogs and Wheels}", "Van Bossche, Jean Paul"]
)
def test_marks_within_a_name_do_not_part_authors(text: str) -> None:
    assert people(text)[2] == ""


@pytest.mark.parametrize("text", ["Smith, A. and et al.", "Smith, A. et al.", "Smith, A. and others"])
def test_others_are_no_person(text: str) -> None:
    found, left_out, _ = people(text)
    assert ([each.name for each in found], left_out) == (["A. Smith"], True)


@pytest.mark.parametrize("text", ["Ann Lee 0001", "Ann Lee1,2", "Lee 0001, Ann"])
def test_numbers_are_no_part_of_a_name(text: str) -> None:
    assert [each.name for each in people(text)[0]] == ["Ann Lee"]


def test_values_that_are_joined_are_one_text(tmp_path: Path) -> None:
    before = '@string{first = "Ann Adams"} @string{both = first # { and Cy Cole}}\n'
    items = of(tmp_path, 'both # " and Bob Brown"', '"Of " # "two # signs"', before)
    assert names(items) == ["Ann Adams", "Cy Cole", "Bob Brown"]
    assert [each.title for each in items if isinstance(each, Paper)] == ["Of two # signs"]


def test_a_joined_value_of_an_unknown_abbreviation_is_reported(tmp_path: Path) -> None:
    items = of(tmp_path, 'nobody # " and Bob Brown"')
    notices = [(each.kind, each.detail) for each in items if isinstance(each, Notice)]
    assert ("field with an abbreviation that the file does not define", "author") in notices
    assert names(items) == []


@pytest.mark.parametrize(
    ("text", "ids", "expected"),
    [
        ("A. Quill and B. Wren", "", ["A. Quill", "B. Wren"]),
        ("Ada Quill and Bo Wren", "", ["Ada Quill", "Bo Wren"]),
        ("Cy Cole;Ada Quill and Bo Wren", "~a1;~b1;~c1", ["Cy Cole", "Ada Quill", "Bo Wren"]),
        ("Jie Quill;Jie Quill", "~Jie_Quill1;~Jie_Quill2", ["Jie Quill", "Jie Quill"]),
        ("Jie Quill;Jie Quill", "~Jie_Quill1;~Jie_Quill1", ["Jie Quill"]),
        ("Ada Quill and Bo Wren;Ada Quill and Bo Wren", "~a1;~b1", ["Ada Quill", "Bo Wren"]),
        ("Cy Cole;and Bo Wren", "~a1;~b1", ["Cy Cole", "Bo Wren"]),
        ("James Supancic, III;Bo Wren", "", ["James Supancic III", "Bo Wren"]),
        ("James Supancic, III, Bo Wren", "", ["James Supancic III", "Bo Wren"]),
        ("Gears and Cogs Inc.", "", ["Gears and Cogs Inc."]),
    ],
)
def test_people_in_one_cell_of_a_list_are_not_one_author(text: str, ids: str, expected: list[str]) -> None:
    found, _ = authors(Raw(id="1", title="T", author=text, authorids=ids))
    assert [each.name for each in found] == expected


@pytest.mark.parametrize(
    ("given", "family", "expected"),
    [
        ("Hal", "Daumé III", NameParts("Daumé", "Hal", suffix="III")),
        ("Edward P.", "Stabler, Jr.", NameParts("Stabler", "Edward P.", suffix="Jr.")),
        ("Michael J. Berry", "II", NameParts("Berry", "Michael J.", suffix="II")),
    ],
)
def test_a_suffix_is_no_family_name(given: str, family: str, expected: NameParts) -> None:
    found = author(NameParts(family, given))
    assert found is not None
    assert found.parts == expected


@pytest.mark.parametrize(
    ("name", "inverted"),
    [
        ("James Steven Supancic III", "Supancic, III, James Steven"),
        ("Peter Van den Bossche", "Van den Bossche, Peter"),
        ("NLLB Team", "NLLB Team"),
        ("Nikitha SR", "SR, Nikitha"),
        ("王小明", "王小明"),
    ],
)
def test_a_name_without_parts_is_divided_by_rule(name: str, inverted: str) -> None:
    assert guessed(name).inverted == inverted


def test_parts_are_stated_only_if_they_differ_from_those_of_the_rule(tmp_path: Path) -> None:
    path = tmp_path / "x.bib"
    text = "{Lee, Ann and Jimeno Yepes, Antonio and van der Wheel, Bo and {Gears and Cogs}}"
    path.write_text(ENTRY.format(author=text, title="{T}"), encoding="utf-8")
    lines = ledger(tmp_path / "home", "bibtex", path)
    assert '#familyName> "Jimeno Yepes"' in lines
    assert '#givenName> "Antonio"' in lines
    assert lines.count("#familyName>") == 1
    assert lines.count("#nameUndivided>") == 1
    assert not says_more(NameParts("Lee", "Ann"), "Ann Lee")
