"""A query is a file that runs as it is, and what is bound in it can never be more than a term."""

from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, QuerySolutions

from graph.errors import QueryError
from graph.files import ROOT
from graph.policy import local
from graph.query import HEADER, Query, read_queries, read_query
from graph.store.embedded import EmbeddedStore
from graph.terms import RDFS, XSD

FOLDERS = ("graph", "ontology", "server")  # those of benchmarks/ are measured, not shown
FILES = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.rq"))
THING = NamedNode("https://kg.example.org/id/thing")
ASKED = Query("asked", {}, "SELECT ?thing WHERE { ?thing ?p ?_label }")
NASTY = [
    'He said "wheel"',
    "it's",
    '"} ; DROP ALL ; #',
    "\\",
    '\\"',
    "\\u0022 } #",
    "\\\\u0022",
    "two\nlines\r\nand\ttabs",
    "?_label",
    "# remark",
    "}} UNION {{",
    "\u2028\x00\x7f",
    "🎡 ﷺ",
    "'''",
    '"""',
    "@en",
    "^^<http://x>",
    "",
]


@pytest.fixture(scope="module")
def labels() -> EmbeddedStore:
    """A store with every nasty label, and one more."""
    return EmbeddedStore.memory(
        Quad(NamedNode(f"{THING.value}/{number}"), RDFS.label, Literal(text), DefaultGraph())
        for number, text in enumerate([*NASTY, "plain"])
    )


@pytest.mark.parametrize("number", range(len(NASTY)), ids=lambda number: ascii(NASTY[number]))
def test_a_bound_text_is_nothing_but_that_text(labels: EmbeddedStore, number: int) -> None:
    found = labels.query(ASKED.bind(label=Literal(NASTY[number])))
    assert isinstance(found, QuerySolutions)
    assert [row["thing"] for row in found] == [NamedNode(f"{THING.value}/{number}")]


@pytest.mark.parametrize(
    "term",
    [
        Literal("wheel", language="en"),
        Literal("1.50", datatype=XSD.decimal),
        Literal('"', datatype=NamedNode("https://kg.example.org/a?_label=b")),
        NamedNode("https://kg.example.org/a'b?_label=(c)#d"),
        NamedNode("https://kg.example.org/é"),
    ],
)
def test_a_bound_term_is_found_as_it_is(term: NamedNode | Literal) -> None:
    store = EmbeddedStore.memory([Quad(THING, RDFS.label, term, DefaultGraph())])
    found = store.query(ASKED.bind(label=term))
    assert isinstance(found, QuerySolutions)
    assert [row["thing"] for row in found] == [THING]


def test_a_parameter_that_is_not_bound_stands_for_anything(labels: EmbeddedStore) -> None:
    found = labels.query(ASKED.bind())
    assert isinstance(found, QuerySolutions)
    assert len(list(found)) == len(NASTY) + 1


def test_one_value_is_never_looked_through_for_another_parameter() -> None:
    query = Query("two", {}, "ASK { ?_first ?p ?_second }")
    bound = query.bind(first=NamedNode("https://kg.example.org/?_second"), second=Literal("?_first"))
    assert bound == 'ASK { <https://kg.example.org/?_second> ?p "?_first" }'


def test_a_parameter_is_not_taken_for_a_longer_one() -> None:
    query = Query("two", {}, "ASK { ?_edition ?_editions 1 }")
    assert query.bind(edition=THING) == f"ASK {{ {THING} ?_editions 1 }}"


def test_an_unknown_parameter_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(QueryError) as error:
        Query("votes", {}, "ASK { ?_edition ?p ?_year }").bind(series=THING)
    assert str(error.value) == "votes has no parameter 'series'; it has edition, year."


def test_parameters_come_in_the_order_of_the_text_and_not_from_the_header() -> None:
    text = "#+ title: About ?_nothing\nASK { ?_b ?p ?_a . ?_b ?q 1 }"
    assert Query("two", {}, text).parameters == ["b", "a"]


def test_a_header_is_read_from_the_file(tmp_path: Path) -> None:
    (tmp_path / "wheels.rq").write_text("#+ title: Wheels: all of them\n#+ order:  7\nASK {}\n")
    query = read_query(tmp_path / "wheels.rq")
    assert (query.name, query.header) == ("wheels", {"title": "Wheels: all of them", "order": "7"})


def test_queries_of_a_folder_come_by_order_and_then_by_name(tmp_path: Path) -> None:
    for name, order in {"b": "", "a": "", "z": "#+ order: 1\n", "y": "#+ order: 900\n"}.items():
        (tmp_path / f"{name}.rq").write_text(f"{order}ASK {{}}\n")
    assert [query.name for query in read_queries(tmp_path)] == ["z", "a", "b", "y"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_query_file_runs_as_it_is(path: Path) -> None:
    EmbeddedStore.memory(()).query(local(read_query(path).text))  # a federated one without asking others


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_query_file_says_its_title_and_its_summary_first(path: Path) -> None:
    query = read_query(path)
    assert query.header["title"].strip()
    assert query.header["summary"].endswith((".", "?"))
    assert HEADER.match(query.text)


def test_there_are_query_files() -> None:
    assert ROOT / "graph" / "queries" / "shortcuts" / "city.rq" in FILES
