"""Each importer reads a small file as the golden N-Quads beside it say, and takes nothing private along."""

import re
from pathlib import Path

import pytest

from graph.importers import importers
from graph.importing.folder import Folder, ImportIndex
from graph.importing.lines import Iris
from graph.importing.reading import FileOutcome, Options, Reader
from graph.names import Names
from graph.sources.file import SourceFile

HERE = Path(__file__).parent / "importers"
SAMPLES = sorted(path for key in importers() for path in (HERE / key).glob("*") if path.suffix != ".nq")
PRIVATE = re.compile(r"[\w.+-]+@[\w-]+\.\w|gender|mailto:", re.IGNORECASE)


def name(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def ledger(path: Path, folder: Path) -> tuple[list[str], FileOutcome]:
    """Return the ledger of a sample, and its notices."""
    reader = Reader(
        Folder(folder), ImportIndex(), importers()[path.parent.name], Iris(Names("https://kg.example.org/")), Options()
    )
    outcome = reader.read(SourceFile(path))
    return Folder(folder).lines(f"{outcome.unit}.nq"), outcome


@pytest.mark.parametrize("key", importers())
def test_an_importer_has_a_sample(key: str) -> None:
    assert [path for path in SAMPLES if path.parent.name == key]


@pytest.mark.parametrize("path", SAMPLES, ids=name)
def test_a_ledger_is_the_golden_one(path: Path, tmp_path: Path) -> None:
    lines, _ = ledger(path, tmp_path)
    assert lines == path.with_suffix(".nq").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("path", SAMPLES, ids=name)
def test_a_ledger_holds_nothing_private(path: Path, tmp_path: Path) -> None:
    lines, _ = ledger(path, tmp_path)
    assert lines
    assert not [line for line in lines if PRIVATE.search(line)]


def test_the_sample_of_paper_lists_has_private_values_to_leave_out() -> None:
    assert len(PRIVATE.findall((HERE / "paperlists" / "cogs2030.json").read_text(encoding="utf-8"))) >= 4


@pytest.mark.parametrize("key", importers())
def test_a_field_map_says_of_each_field_what_becomes_of_it(key: str) -> None:
    assert importers()[key].fields
    assert all(words.strip() for words in importers()[key].fields.values())


def test_what_was_corrected_and_left_out_of_a_paper_list_is_reported(tmp_path: Path) -> None:
    _, outcome = ledger(HERE / "paperlists" / "cogs2030.json", tmp_path)
    reported = {(each.severity, each.kind, each.place) for each in outcome.notices}
    assert reported == {
        ("corrected", "authors written twice", "record 1"),
        ("corrected", "columns in the order of profiles", "record 2"),
        ("left out", "award without a name", "record 3"),
        ("left out", "record without title", "record 4"),
        ("left out", "broken record", "record 5"),
        ("unknown", "unknown field 'citations_of_tomorrow'", "1 record"),
    }
    assert outcome.counts == {"paper": 3, "series": 1, "edition": 1}
