"""Each importer reads a small file as the golden N-Quads beside it say, and takes nothing private along."""

import re
from pathlib import Path

import pytest
from generated import COMMAND, ledger, samples

from graph.importers import importers

HERE = Path(__file__).parent / "importers"
SAMPLES = samples()
PRIVATE = re.compile(r"[\w.+-]+@[\w-]+\.\w|gender|mailto:", re.IGNORECASE)


def name(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


@pytest.mark.parametrize("key", importers())
def test_an_importer_has_a_sample(key: str) -> None:
    there = [path for path in SAMPLES if path.parent.name == key]
    assert there, f"write a small sample file by hand into tests/importers/{key}/, then run: {COMMAND}"


@pytest.mark.parametrize("path", SAMPLES, ids=name)
def test_a_ledger_is_the_golden_one(path: Path, tmp_path: Path) -> None:
    golden = path.with_suffix(".nq")
    assert golden.exists(), f"tests/importers/{name(golden)} is missing; run: {COMMAND}"
    lines, _ = ledger(path, tmp_path)
    words = f"tests/importers/{name(golden)} differs; if the new ledger is right, run: {COMMAND}"
    assert lines == golden.read_text(encoding="utf-8").splitlines(), words


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
    told = {(each.severity, each.kind, each.place) for each in outcome.notices}
    assert told == {
        ("corrected", "authors written twice", "record 1"),
        ("corrected", "columns in the order of profiles", "record 2"),
        ("value left out", "award without a name", "record 3"),
        ("left out", "record without title", "record 4"),
        ("left out", "broken record", "record 5"),
        ("value left out", "keyword of more than 60 letters or 6 words", "record openreview:abcDEF1234"),
        ("value left out", "private value in printed", "record ieee:8794045"),
        ("value left out", "private value in topics", "record openreview:abcDEF1234"),
        ("unknown", "unknown field 'citations_of_tomorrow'", "1 record"),
    }
    assert outcome.counts == {"paper": 3, "series": 1, "edition": 1}
