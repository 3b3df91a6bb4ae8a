"""The graph in a remote engine is the same graph: two engines of different make, started here on free ports."""

import signal
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from click.testing import CliRunner
from engines.answers import answer
from engines.servers import BASE, PATIENCE, Native, free_port, oxigraph, publication, remote_home, virtuoso
from flask.testing import FlaskClient
from pyoxigraph import DefaultGraph, NamedNode, Quad, QuerySolutions, RdfFormat, parse, parse_query_results
from pyoxigraph import QueryResultsFormat as Results

from graph.build import Graph
from graph.errors import QueryError, QuerySyntaxError, SettingError, StoreError, VersionError
from graph.exchange.dump import dump_file
from graph.files import QUESTIONS
from graph.query import read_queries
from graph.remote import dialect, probes
from graph.remote.connection import Addresses, Connection
from graph.remote.marker import MARKER, RemoteHome, home_of, open_version
from graph.remote.store import RemoteStore
from graph.settings import Settings
from graph.store import Store
from graph.store.embedded import EmbeddedStore
from graph.store.reading import read_head
from server.__main__ import cli
from server.application import create_app
from server.supervisor import EngineProcess

QUESTION_PATHS = sorted(QUESTIONS.glob("*.rq"))


@pytest.fixture
def remote(native: Native) -> Store:
    """The store of the version in that engine."""
    home = home_of(native.settings)
    return open_version(home, home.needed())


@pytest.fixture(scope="session")
def worker(native: Native) -> Iterator[str]:
    """The socket of an engine process that asks that engine."""
    running = EngineProcess(native.settings)
    process = running.start()
    yield running.path
    process.terminate()
    process.wait()
    running.listener.close()
    running.folder.cleanup()


@pytest.fixture
def web(native: Native, worker: str) -> FlaskClient:
    """A client of the application over that engine."""
    return create_app(native.settings, worker).test_client()


@pytest.mark.slow
def test_a_dump_is_that_of_the_embedded_store(remote: Store, store: EmbeddedStore, tmp_path: Path) -> None:
    for each, name in ((remote, "remote.nq"), (store, "embedded.nq")):
        dump_file(each, tmp_path / name)
    assert (tmp_path / "remote.nq").read_text() == (tmp_path / "embedded.nq").read_text()


@pytest.mark.slow
def test_the_graphs_of_the_engine_are_those_of_the_version(remote: Store, store: EmbeddedStore) -> None:
    assert set(remote.graph_names()) == set(store.graph_names())
    text = "SELECT DISTINCT ?graph WHERE { GRAPH ?graph { ?s ?p ?o } }"
    assert Counter(answer(remote, text)) == Counter(answer(store, text))


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "SELECT * FROM <urn:x> WHERE { ?s ?p ?o }",
        "SELECT * FROM <https://w3id.org/convocation/graph/published> WHERE { ?s ?p ?o }",
        "SELECT * FROM # of it\n<https://w3id.org/convocation/graph/published> WHERE { ?s ?p ?o }",
        "PREFIX g: <https://w3id.org/convocation/graph/> SELECT * from g:published WHERE { ?s ?p ?o }",
        "SELECT * FROM NAMED <https://w3id.org/convocation/graph/published> WHERE { GRAPH ?g { ?s ?p ?o } }",
        "SELECT * WHERE { GRAPH <https://w3id.org/convocation/graph/published> { ?s ?p ?o } }",
        "SELECT (EXISTS {} AS ?x) FROM <https://w3id.org/convocation/graph/published> WHERE { ?s ?p ?o }",
    ],
    ids=["unknown", "marker", "comment", "prefix", "named", "graph", "behind-exists"],
)
def test_a_query_sees_no_graph_outside_of_the_version(remote: Store, text: str) -> None:
    assert answer(remote, text)[1:] == []


@pytest.mark.slow
@pytest.mark.parametrize("graph", ["urn:x", MARKER.value])
def test_asked_for_a_graph_outside_of_the_version_it_says_no(remote: Store, graph: str) -> None:
    assert answer(remote, f"ASK FROM <{graph}> {{ ?s ?p ?o }}") == [("False",)]


@pytest.mark.slow
def test_from_reads_a_graph_of_the_version(remote: Store, store: EmbeddedStore) -> None:
    text = "PREFIX g: <http://127.0.0.1:5000/graph/> SELECT (COUNT(*) AS ?n) FROM g:curation WHERE { ?s ?p ?o }"
    assert answer(remote, text) == answer(store, text)


@pytest.mark.slow
@pytest.mark.parametrize("text", ["SELECT *\nWHERE { ?s ?p }", "DROP ALL", 'DEFINE get:soft "soft" SELECT * {}'])
def test_what_is_no_query_is_refused(remote: Store, text: str) -> None:
    with pytest.raises(QuerySyntaxError, match=r"This is not SPARQL 1\.1: .*line [12]"):
        remote.query(text)


@pytest.mark.slow
def test_pages_show_what_they_show_from_the_embedded_store(web: FlaskClient, client: FlaskClient) -> None:
    for page in ("/", "/page/edition/neurips-2024", "/page/source/neurips-2024-fact-sheet", "/search?q=bottou"):
        assert web.get(page).status_code == client.get(page).status_code == 200, page
    assert "19,756" in web.get("/page/edition/neurips-2024").text


@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["json", "xml", "csv", "tsv"])
@pytest.mark.parametrize("query", ["ASK { ?s ?p ?o }", (QUESTIONS / f"{QUESTION_PATHS[0].name}").read_text()])
def test_the_endpoint_answers_alike(web: FlaskClient, client: FlaskClient, query: str, suffix: str) -> None:
    arguments = {"query": query, "format": suffix}
    mine, theirs = (each.get("/sparql", query_string=arguments) for each in (web, client))
    assert (mine.status_code, mine.content_type, mine.data) == (200, theirs.content_type, theirs.data)


@pytest.mark.slow
@pytest.mark.parametrize("suffix", ["ttl", "nt", "rdf"])
def test_the_endpoint_gives_graphs(web: FlaskClient, client: FlaskClient, suffix: str) -> None:
    arguments = {"query": f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{BASE}graph/curation> {{ ?s ?p ?o }} }}"}
    mine, theirs = (each.get("/sparql", query_string=arguments | {"format": suffix}) for each in (web, client))
    assert (mine.status_code, mine.content_type) == (200, theirs.content_type)
    graphs = [Counter(parse(each.data, format=RdfFormat.from_extension(suffix))) for each in (mine, theirs)]
    assert graphs[0] == graphs[1]
    assert len(graphs[0]) > 10


@pytest.mark.slow
@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("SELECT *\nWHERE { ?s ?p }", 400, "This is not SPARQL 1.1"),
        ("DROP ALL", 400, "expected SELECT, ASK, CONSTRUCT or DESCRIBE, found 'DROP'"),
        ("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l } ORDER BY ?a ?d ?g ?j", 503, "time limit of 2 s"),
    ],
    ids=["syntax", "update", "runaway"],
)
def test_the_endpoint_says_what_went_wrong(web: FlaskClient, query: str, status: int, words: str) -> None:
    response = web.get("/sparql", query_string={"query": query, "timeout": "2"})
    assert (response.status_code, response.content_type) == (status, "application/problem+json")
    assert words in (response.json or {})["detail"]


@pytest.fixture
def oxigraph_home(tmp_path: Path) -> Iterator[RemoteHome]:
    """A home in an empty native server of Oxigraph."""
    native = oxigraph(tmp_path)
    native.start()
    yield remote_home(native.settings)
    native.stop(signal.SIGKILL)


def without(graph: Graph, key: str) -> Graph:
    return Graph(graph.view, {name: found for name, found in graph.named.items() if not name.value.endswith(key)})


def names_in(home: RemoteHome) -> set[str]:
    query = "SELECT DISTINCT ?graph WHERE { GRAPH ?graph { ?s ?p ?o } }"
    body = httpx.post(
        home.connection.addresses.query,
        data={"query": query},
        headers={"Accept": Results.JSON.media_type},
        timeout=PATIENCE,
    )
    solutions = parse_query_results(body.content, format=Results.JSON)
    assert isinstance(solutions, QuerySolutions)
    return {row["graph"].value for row in solutions if isinstance(row["graph"], NamedNode)}


@pytest.mark.slow
def test_the_next_version_replaces_the_one_before(oxigraph_home: RemoteHome, bundled: Graph) -> None:
    first = publication(oxigraph_home).publish(bundled)
    second = publication(oxigraph_home).publish(without(bundled, "/neurips-video-notes"))
    assert (first.number, second.number) == (1, 2)
    assert oxigraph_home.current() == second
    names = names_in(oxigraph_home)
    assert names == {*(each.value for each in second.graphs), first.view.value, second.view.value, *names_of_marker()}
    third = publication(oxigraph_home).publish(bundled)
    assert first.view.value not in names_in(oxigraph_home)
    assert len(third.graphs) == len(first.graphs)


def names_of_marker() -> set[str]:
    return {MARKER.value}


@pytest.mark.slow
def test_without_an_address_for_graphs_they_go_as_updates(oxigraph_home: RemoteHome, bundled: Graph) -> None:
    home = remote_home(replace(oxigraph_home.settings, store_graphs=""))
    version = publication(home).publish(bundled)
    assert home.current() == version


@pytest.mark.slow
@pytest.mark.parametrize("address", ["/nowhere", "/query"])
def test_a_failed_load_leaves_the_old_version(oxigraph_home: RemoteHome, bundled: Graph, address: str) -> None:
    first = publication(oxigraph_home).publish(without(bundled, "/neurips-video-notes"))
    before = names_in(oxigraph_home)
    wrong = oxigraph_home.connection.addresses.graphs.replace("/store", address)
    with pytest.raises(StoreError, match=r"The engine at http.* answers 4\d\d"):
        publication(remote_home(replace(oxigraph_home.settings, store_graphs=wrong))).publish(bundled)
    assert oxigraph_home.current() == first
    assert names_in(oxigraph_home) == before


@pytest.mark.slow
def test_a_second_publication_at_the_same_time_is_refused(oxigraph_home: RemoteHome, bundled: Graph) -> None:
    late = publication(oxigraph_home)
    first = publication(oxigraph_home).publish(bundled)
    with pytest.raises(VersionError, match="meanwhile; build again"):
        late.publish(bundled)
    assert oxigraph_home.current() == first


@pytest.mark.slow
def test_an_engine_that_cuts_answers_off_gets_no_version_and_keeps_its_own(tmp_path: Path, bundled: Graph) -> None:
    native = virtuoso(tmp_path)
    native.start()
    home = remote_home(native.settings)
    try:
        first = publication(home).publish(bundled)
        native.stop()
        with (tmp_path / "virtuoso.ini").open("a") as file:
            file.write("[SPARQL]\nResultSetMaxRows = 10000\n")  # as in the file that Virtuoso comes with
        native.start()
        before = names_in(home)
        with pytest.raises(
            StoreError, match=r"gives wrong answers to many-rows in graph/queries/probes, so nothing was"
        ):
            publication(home).publish(without(bundled, "/neurips-video-notes"))
        assert home.current() == first
        assert names_in(home) == before
    finally:
        native.stop(signal.SIGKILL)


def test_the_queries_with_known_answers_distinguish_an_engine_with_the_data_from_one_without() -> None:
    graphs = probes.data(lambda name: NamedNode(f"urn:{name}"))
    view = NamedNode("urn:view")
    quads = [Quad(*each, DefaultGraph() if name == view else name) for name, those in graphs.items() for each in those]
    assert probes.differing(EmbeddedStore.memory(quads), view, graphs) == []
    same = {"many-rows", "nothing"}  # which ask for no data, and for what is not there
    every = {query.name for query in read_queries(probes.PROBES)}
    assert set(probes.differing(EmbeddedStore.memory([]), view, graphs)) == every - same


@pytest.mark.slow
def test_a_version_outlives_the_engine(
    native: Native, bundled: Graph, store: EmbeddedStore, request: pytest.FixtureRequest
) -> None:
    home = remote_home(native.settings)
    publication(home).publish(bundled)
    native.stop()
    native.start()
    text = "SELECT ?graph (COUNT(*) AS ?n) WHERE { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph"
    assert Counter(answer(open_version(home, home.needed()), text)) == Counter(answer(store, text)), request.node.name


@pytest.mark.slow
def test_build_and_query_work_over_an_engine(oxigraph_home: RemoteHome, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in oxigraph_home.settings.environment.items():
        if name.startswith("CONVOCATION_STORE") or name in ("CONVOCATION_HOME", "CONVOCATION_BASE"):
            monkeypatch.setenv(name, value)
    built = CliRunner().invoke(cli, ["build"])
    assert f"Published version 1 in {oxigraph_home.connection.addresses.query}" in built.stdout
    asked = CliRunner().invoke(cli, ["query", "-"], input=QUESTION_PATHS[0].read_text(encoding="utf-8"))
    assert asked.stdout.splitlines()[0] == "mode,people,preferred,source,line"
    assert not (oxigraph_home.folder / "current").exists()


def test_an_engine_that_does_not_run_is_reported_by_its_address(tmp_path: Path) -> None:
    port = free_port()
    settings = Settings(home=str(tmp_path), base=BASE, store=f"sparql+http://127.0.0.1:{port}/sparql", query_seconds=1)
    with create_app(settings).test_client() as client:
        response = client.get("/")
    assert response.status_code == 503
    assert f"http://127.0.0.1:{port}/sparql does not answer" in response.text
    assert "CONVOCATION_STORE" in response.text


@pytest.mark.parametrize(
    "store", ["http://127.0.0.1/sparql", "sparql+ftp://x/", "sparql+http://", "sparql+http://me:it@x/"]
)
def test_an_address_that_is_invalid_is_refused(store: str) -> None:
    with pytest.raises(SettingError, match="CONVOCATION_STORE"):
        Addresses.of(Settings(store=store))


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("SELECT * {}", "SELECT"),
        ("# DROP ALL\n BASE <http://x/> PREFIX select: <y#> ask {}", "ASK"),
        ("prefix : <#>\nconstruct where { ?s ?p ?o }", "CONSTRUCT"),
    ],
)
def test_the_form_of_a_query_is_read(text: str, form: str) -> None:
    assert read_head(text).form == form


@pytest.mark.parametrize(
    "text",
    ["", "INSERT DATA {}", "PREFIX select: <x> DELETE WHERE {}", "SELECTED {}", "BASE <a b> SELECT * {}", "# SELECT"],
)
def test_what_does_not_begin_as_a_query_is_refused(text: str) -> None:
    with pytest.raises(QuerySyntaxError, match="expected SELECT, ASK, CONSTRUCT or DESCRIBE, found"):
        read_head(text)


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("SELECT * FROM <a>\n FROM NAMED <b> {}", "SELECT *         \n                {}"),
        ("SELECT * FROM # FROM\n<a> {}", "SELECT *            \n    {}"),
        ('SELECT (1FROM<a> "FROM <b>" AS ?from) {}', 'SELECT (1        "FROM <b>" AS ?from) {}'),
    ],
)
def test_the_dataset_of_a_query_can_be_left_out(text: str, rest: str) -> None:
    assert read_head(text, "http://base/").without_dataset(text) == rest


def test_a_dataset_within_braces_is_refused() -> None:
    with pytest.raises(QuerySyntaxError, match="line 2, column 10: expected no FROM within braces"):
        read_head("SELECT * {\n{ ASK {} FROM <http://x/> } }")


def test_the_graphs_of_from_are_read() -> None:
    head = read_head('PREFIX x: <http://x/> SELECT ("FROM <no>" AS ?y) FROM x:a FROM NAMED <b> {}', "http://base/")
    assert head.default_graphs == (NamedNode("http://x/a"),)
    assert head.named_graphs == (NamedNode("http://base/b"),)


LINES = [
    ("application/sparql-results+json", '"datatype": "http://www.w3.org/2001/XMLSchema#%s", "value": "%s"'),
    ("application/n-triples", '"%s"^^<http://www.w3.org/2001/XMLSchema#%s>'),
]


@pytest.mark.parametrize(("media", "line"), LINES)
@pytest.mark.parametrize(
    ("kind", "written", "right"),
    [
        ("duration", "3714.54", "PT1H1M54S"),
        ("duration", "90000.0", "P1DT1H"),
        ("duration", "PT5M", "PT5M"),
        ("boolean", "1", "true"),
    ],
)
@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_what_virtuoso_writes_otherwise_is_put_right(  # noqa: PLR0913, PLR0917 - the parts of one case
    media: str, line: str, kind: str, written: str, right: str, size: int
) -> None:
    def shown(value: str) -> bytes:
        pair = (kind, value) if "json" in media else (value, kind)
        return ((line % pair) + " .\n").encode() * 100

    body = shown(written)
    blocks = [body[place : place + size] for place in range(0, len(body), size)]
    assert b"".join(dialect.corrected(blocks, media)) == shown(right)


@pytest.mark.parametrize(
    ("kind", "value", "right"),
    [
        ("decimal", "5700000000", "integer"),
        ("decimal", "-2147483649", "integer"),
        ("decimal", "2147483647", "decimal"),
        ("decimal", "5700000000.5", "decimal"),
        ("long", "5700000000", "long"),
    ],
)
def test_a_large_whole_number_that_virtuoso_writes_as_a_decimal_is_an_integer(
    kind: str, value: str, right: str
) -> None:
    for media, line in LINES:
        written, wanted = (
            (line % ((each, value) if "json" in media else (value, each))).encode() for each in (kind, right)
        )
        assert b"".join(dialect.corrected([written], media)) == wanted


def test_a_service_is_not_asked_by_another_engine(tmp_path: Path) -> None:
    settings = Settings(home=str(tmp_path), base=BASE, store="sparql+http://127.0.0.1:1/sparql")
    with pytest.raises(QueryError, match="SERVICE is not asked here"):
        RemoteStore(Connection.of(settings), NamedNode("urn:view"), frozenset()).query("ASK { SERVICE <http://x/> {} }")
