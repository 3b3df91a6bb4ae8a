"""Every question in ontology/questions has the answer stored next to it, which is what the documents say."""

import csv
from pathlib import Path

import pytest
from pyoxigraph import QuerySolutions

from graph.files import QUESTIONS
from graph.query import read_query
from graph.store.embedded import EmbeddedStore

PATHS = sorted(QUESTIONS.glob("*.rq"))
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
    assert {path.stem for path in PATHS} == {path.stem for path in QUESTIONS.glob("*.csv")}


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
