"""The store answers queries of every form, says where one is wrong, and is only read."""

from pathlib import Path

import pytest
from pyoxigraph import (
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    parse,
)

from graph.errors import QueryError, QuerySyntaxError, StoreError
from graph.exchange.dump import dump_file
from graph.store import construct, open_store
from graph.store.embedded import EmbeddedStore
from graph.store.writable import WritableStore, let_go
from graph.terms import RDFS, XSD

THING = NamedNode("https://kg.example.org/id/thing")
GRAPH = NamedNode("https://kg.example.org/graph/source/made-up")
OTHER = NamedNode("https://kg.example.org/graph/source/other")
QUADS = [
    Quad(THING, RDFS.label, Literal("wheel"), DefaultGraph()),
    Quad(THING, RDFS.label, Literal("gear"), GRAPH),
    Quad(THING, RDFS.label, Literal("spring"), OTHER),
    Quad(THING, RDFS.comment, Literal("0.25", datatype=XSD.decimal), DefaultGraph()),
]
LABELS = "SELECT ?label { ?thing <http://www.w3.org/2000/01/rdf-schema#label> ?label } ORDER BY ?label"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small store."""
    folder = tmp_path_factory.mktemp("store") / "store"
    EmbeddedStore.write(folder, QUADS)
    return folder


def labels(
    store: EmbeddedStore,
    query: str = LABELS,
    default_graphs: list[NamedNode] | None = None,
    named_graphs: list[NamedNode] | None = None,
) -> list[str]:
    found = store.query(query, default_graphs=default_graphs, named_graphs=named_graphs)
    assert isinstance(found, QuerySolutions)
    return [row["label"].value for row in found if isinstance(row["label"], Literal)]


def test_what_was_written_is_read(folder: Path) -> None:
    assert set(EmbeddedStore.open(folder).quads()) == set(QUADS)


def test_the_quads_of_one_thing_are_read(folder: Path) -> None:
    assert list(EmbeddedStore.open(folder).quads(GRAPH)) == []
    assert len(list(EmbeddedStore.open(folder).quads(THING))) == len(QUADS)


def test_a_store_in_memory_answers_as_one_in_a_folder(folder: Path) -> None:
    assert labels(EmbeddedStore.memory(QUADS)) == labels(EmbeddedStore.open(folder)) == ["wheel"]


def test_two_readers_open_one_store_at_once(folder: Path) -> None:
    first, second = EmbeddedStore.open(folder), EmbeddedStore.open(folder)
    assert labels(first) == labels(second)


def test_the_default_graph_of_a_query_is_that_of_the_store(folder: Path) -> None:
    assert labels(EmbeddedStore.open(folder)) == ["wheel"]


def test_a_query_may_be_asked_of_other_graphs(folder: Path) -> None:
    store = EmbeddedStore.open(folder)
    assert labels(store, default_graphs=[GRAPH, OTHER]) == ["gear", "spring"]
    assert labels(store, default_graphs=[]) == []


def test_a_query_may_be_asked_of_some_named_graphs(folder: Path) -> None:
    query = "SELECT ?label { GRAPH ?graph { ?thing ?p ?label } } ORDER BY ?label"
    store = EmbeddedStore.open(folder)
    assert (labels(store, query), labels(store, query, named_graphs=[OTHER])) == (["gear", "spring"], ["spring"])


@pytest.mark.parametrize(
    ("query", "form"),
    [
        (LABELS, QuerySolutions),
        ("ASK { ?s ?p ?o }", QueryBoolean),
        ("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", QueryTriples),
        (f"DESCRIBE {THING}", QueryTriples),
    ],
)
def test_every_form_of_query_is_answered(folder: Path, query: str, form: type) -> None:
    assert isinstance(EmbeddedStore.open(folder).query(query), form)


def test_a_relative_iri_is_read_below_the_base(folder: Path) -> None:
    found = EmbeddedStore.open(folder).query("ASK { <id/thing> ?p ?o }", base="https://kg.example.org/")
    assert bool(found)


@pytest.mark.parametrize(
    ("query", "line", "words"),
    [
        ("SELECT * {\n  ?s ?p\n}", 3, "expected"),
        ("SELEC * { ?s ?p ?o }", 1, "expected CONSTRUCT; found"),
        ("PREFIX a: <x:y>\n# b:c\nASK { ?s a:b 'c:d', <e:f>, _:g ; ?o }", 3, "expected"),
        ("ASK {\n\n x:y ?p ?o }", 3, "the prefix x: is not declared; write PREFIX x: <http"),
        (
            "ASK { ?s rdfs:label ?o }",
            1,
            "the prefix rdfs: is not declared; write PREFIX rdfs: <http://www.w3.org/2000/01",
        ),
        ("ASK {\n ?s ?p ?o\n", 3, "expected"),
        ("ASK { ?s <a b> ?o }", 1, "expected an IRI"),
        ("SELECT ?a { ?b ?c ?d } GROUP BY ?d", 1, "The SELECT contains a variable that is unbound"),
    ],
)
def test_a_query_that_is_not_sparql_is_refused_with_its_place(folder: Path, query: str, line: int, words: str) -> None:
    with pytest.raises(QuerySyntaxError) as error:
        EmbeddedStore.open(folder).query(query)
    assert error.value.line == line
    assert str(error.value).startswith(f"This is not SPARQL 1.1: line {line}, column {error.value.column}: {words}")
    assert len(str(error.value)) < 200


def test_a_store_that_was_let_go_can_be_opened_again(folder: Path, tmp_path: Path) -> None:
    store = WritableStore.copy(folder, tmp_path / "store")
    cycle: list[object] = [store]
    cycle.append(cycle)
    with pytest.raises(StoreError, match="cannot be written"):
        WritableStore.open(tmp_path / "store")
    del store, cycle
    let_go()
    assert WritableStore.open(tmp_path / "store")


@pytest.mark.parametrize("text", ["INSERT DATA { <http://x> <http://y> 1 }", "DROP ALL", "CLEAR DEFAULT", ""])
def test_what_would_change_the_graph_is_not_a_query(folder: Path, text: str) -> None:
    with pytest.raises(QuerySyntaxError):
        EmbeddedStore.open(folder).query(text)
    assert set(EmbeddedStore.open(folder).quads()) == set(QUADS)


def test_a_query_file_of_triples_must_construct(folder: Path) -> None:
    store = EmbeddedStore.open(folder)
    assert len(list(construct(store, "CONSTRUCT WHERE { ?s ?p ?o }"))) == 2
    with pytest.raises(QueryError, match="Only a CONSTRUCT or DESCRIBE query gives triples"):
        construct(store, LABELS)


def test_a_folder_that_is_not_there_holds_no_graph(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"nowhere holds no graph that can be read .*; build it again"):
        EmbeddedStore.open(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


@pytest.mark.parametrize("name", ["CURRENT", "000010.sst"])
def test_a_folder_of_something_else_holds_no_graph(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("wheel")
    with pytest.raises(StoreError, match="build it again"):
        EmbeddedStore.open(tmp_path)


def test_a_file_holds_no_graph(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("wheel")
    with pytest.raises(StoreError, match="build it again"):
        EmbeddedStore.open(tmp_path / "store")


def test_a_dump_is_sorted_and_can_be_read_again(folder: Path, tmp_path: Path) -> None:
    dump_file(EmbeddedStore.open(folder), tmp_path / "dump.nq")
    lines = (tmp_path / "dump.nq").read_text(encoding="utf-8").splitlines()
    assert lines == sorted(lines)
    assert set(parse(path=tmp_path / "dump.nq", format=RdfFormat.N_QUADS)) == set(QUADS)


def test_a_dump_into_no_folder_is_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"nowhere/dump\.nq cannot be written: No such file .*; give another path"):
        dump_file(EmbeddedStore.open(folder), tmp_path / "nowhere" / "dump.nq")


def test_the_published_store_opens_by_the_protocol(folder: Path) -> None:
    assert isinstance(open_store(folder).query("ASK {}"), QueryBoolean)


def test_texts_of_any_kind_survive_the_store_and_the_dump(tmp_path: Path) -> None:
    texts = ["é", "🎡", 'a "quote"', "back\\slash", "two\nlines", "\u2028", "", " "]
    quads = {Quad(THING, RDFS.label, Literal(text), GRAPH) for text in texts}
    EmbeddedStore.write(tmp_path / "store", quads)
    dump_file(EmbeddedStore.open(tmp_path / "store"), tmp_path / "dump.nq")
    assert set(parse(path=tmp_path / "dump.nq", format=RdfFormat.N_QUADS)) == quads
