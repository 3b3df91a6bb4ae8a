"""Every query of the project has the same answer on every engine: the embedded one, two servers and two libraries."""

from collections import Counter
from pathlib import Path

import pytest
from engines.answers import Engine, answer, bound, expected, table

from graph.files import FIRST_QUERIES, QUESTIONS, ROOT
from graph.store.embedded import EmbeddedStore

ANSWERED = (FIRST_QUERIES, QUESTIONS)  # folders of queries with their answers, each a .rq and a .csv
ANSWERED_PATHS = [path for folder in ANSWERED for path in sorted(folder.glob("*.rq"))]
QUERIES = ROOT / "server" / "queries"
QUERY_PATHS = sorted({*QUERIES.rglob("*.rq")} - {*(QUERIES / "federated").glob("*.rq")})  # those would ask others


@pytest.mark.slow
@pytest.mark.parametrize("path", ANSWERED_PATHS, ids=lambda path: path.stem)
def test_a_question_has_the_same_answer_in_the_same_order(path: Path, engine_of_graph: Engine) -> None:
    assert table(engine_of_graph, path) == expected(path)


@pytest.mark.slow
@pytest.mark.parametrize("path", QUERY_PATHS, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_query_of_the_pages_gives_the_same_rows(path: Path, engine_of_graph: Engine, store: EmbeddedStore) -> None:
    for text in bound(path):
        assert Counter(answer(engine_of_graph, text)) == Counter(answer(store, text))
