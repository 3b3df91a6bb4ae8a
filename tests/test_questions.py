"""Every first query and question of the ontology has the answer stored next to it, which is what the documents say."""

import csv
from pathlib import Path

import pytest
from pyoxigraph import QuerySolutions

from graph.files import FIRST_QUERIES, QUESTIONS
from graph.query import read_query
from graph.store.embedded import EmbeddedStore

FOLDERS = (FIRST_QUERIES, QUESTIONS)
PATHS = [path for folder in FOLDERS for path in sorted(folder.glob("*.rq"))]
SHORT = 12  # lines of a first query without its header and prefixes
ADDRESSES = ("127.0.0.1", "localhost", "kg.example.org")
PER_QUESTION = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
Table = list[list[str]]


def answer(store: EmbeddedStore, path: Path) -> Table:
    results = store.query(path.read_text(encoding="utf-8"))
    assert isinstance(results, QuerySolutions)
    rows = [["" if term is None else term.value for term in row] for row in results]
    return [[variable.value for variable in results.variables], *rows]


def expected(path: Path) -> Table:
    with path.with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_there_are_questions_and_each_has_an_answer() -> None:
    assert PATHS
    assert {path.stem for path in PATHS} == {path.stem for folder in FOLDERS for path in folder.glob("*.csv")}


def test_there_are_forty_first_queries_and_all_are_short() -> None:
    texts = [path.read_text(encoding="utf-8") for path in FIRST_QUERIES.glob("*.rq")]
    assert len(texts) == 40
    assert max(sum(not line.startswith(("#", "PREFIX")) for line in text.splitlines()) for text in texts) <= SHORT


@PER_QUESTION
def test_question_has_a_title_and_a_summary(path: Path) -> None:
    header = read_query(path).header
    assert header["title"].endswith("?")
    assert header["summary"].endswith(".")


@PER_QUESTION
def test_question_gives_the_expected_answer(path: Path, store: EmbeddedStore) -> None:
    assert answer(store, path) == expected(path)


@PER_QUESTION
def test_answer_shows_names_and_no_addresses(path: Path) -> None:
    assert not [value for row in expected(path) for value in row if "://" in value]


@PER_QUESTION
def test_question_contains_no_address_of_an_installation(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not [address for address in ADDRESSES if address in text]
