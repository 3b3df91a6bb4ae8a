"""An update makes a version, or nothing at all; only who knows the token writes."""

import json
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from graph.errors import QueryError
from graph.settings import Settings
from graph.store.embedded import EmbeddedStore
from graph.terms import CVN, RDF, RDFS
from graph.updates import Change, Writer
from graph.versions import KEEP, Home
from server.writing import Writing

BASE = "http://127.0.0.1:5000/"
DIRECT = "application/sparql-update"
ADD = "INSERT DATA { <http://example.org/a> <http://example.org/p> 1 }"
ADDED = "ASK { <http://example.org/a> <http://example.org/p> 1 }"
COUNT = "http://example.org/count"
NEXT = "DELETE { ?c ?c ?n } INSERT { ?c ?c ?m } WHERE { ?c ?c ?n BIND (?n + 1 AS ?m) }"
RUNAWAY = (
    "INSERT { ?a <http://example.org/p> ?f } WHERE { ?a ?b ?c . ?d ?e ?f FILTER (CONCAT(STR(?c), STR(?f)) = '!') }"
)
GREEDY = "INSERT { ?a ?e ?f } WHERE { SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f }"
SERVICE = "INSERT { ?s ?p ?o } WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(scope="module")
def writer(editable: Callable[..., FlaskClient]) -> FlaskClient:
    """A client that may write, and is not checked."""
    return editable()


@pytest.fixture(scope="module")
def strict(editable: Callable[..., FlaskClient], tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A client that may write what the shapes allow, to a graph of one series."""
    home, series = Home(tmp_path_factory.mktemp("small") / "home"), NamedNode(BASE + "id/series/iclr")
    label = Literal("ICLR", language="en")
    with home.publishing(BASE) as draft:
        EmbeddedStore.write(
            draft.store,
            [Quad(series, RDF.type, CVN.Series, DefaultGraph()), Quad(series, RDFS.label, label, DefaultGraph())],
        )
        draft.counts = {"quads": 2}
    return editable(home.folder, validate="yes", query_seconds="60")


def holds(client: FlaskClient, query: str) -> bool:
    """Return the answer to a query that asks yes or no."""
    answer = client.get("/sparql", query_string={"query": query})
    assert answer.status_code == 200
    return bool(answer.json and answer.json["boolean"])


def home(app: Flask) -> Home:
    """Return the home of an application."""
    return Home(Settings.folder.fget(app.config["SETTINGS"]))  # type: ignore[attr-defined]


@contextmanager
def unchanged(client: FlaskClient) -> Iterator[None]:
    """Hold that a block publishes nothing."""
    before = home(client.application).current_number()
    yield
    assert home(client.application).current_number() == before


def test_nobody_writes_unless_a_token_is_set(client: FlaskClient) -> None:
    answer = client.post("/sparql", data={"update": ADD}, headers={"Authorization": "Bearer "})
    assert (answer.status_code, answer.content_type) == (403, "application/problem+json")
    assert "CONVOCATION_TOKEN" in answer.text


@pytest.mark.parametrize("token", ["", "Bearer", "Bearer wrong", "Bearer sesame-012345678", "Basic c2VzYW1lOg==", "x"])
def test_a_wrong_token_is_refused_with_the_way_to_show_it(writer: FlaskClient, token: str) -> None:
    with unchanged(writer):
        answer = writer.post("/sparql", data={"update": ADD}, headers={"Authorization": token})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert "sesame" not in answer.text


def test_settings_do_not_show_the_token() -> None:
    assert "sesame" not in repr(Settings(token="sesame", store_password="sesame"))  # noqa: S106 - a made-up one


@pytest.mark.parametrize("direct", [True, False], ids=["direct", "form"])
def test_an_update_is_seen_by_the_next_query(writer: FlaskClient, direct: bool) -> None:  # noqa: FBT001
    subject = f"<http://example.org/{direct}>"
    text = f"INSERT DATA {{ {subject} a {subject} }}"
    sent = {"data": text, "content_type": DIRECT} if direct else {"data": {"update": text}}
    answer = writer.post("/sparql", **sent)
    assert (answer.status_code, answer.data) == (204, b"")
    assert answer.headers["X-Convocation-Version"] == str(home(writer.application).current_number())
    assert holds(writer, f"ASK {{ {subject} a {subject} }}")


def test_a_version_says_that_an_update_made_it(writer: FlaskClient) -> None:
    quads = home(writer.application).version(1).counts["quads"]
    writer.post("/sparql", data={"update": ADD})
    version = home(writer.application).needed()
    assert (version.made, version.base, version.counts) == ("update", BASE, {"quads": quads, "counted": 1})
    assert "(update)" in writer.get("/").text


def test_an_empty_graph_is_counted_anew(editable: Callable[..., FlaskClient]) -> None:
    client = editable()
    for text, quads in (("DROP ALL", 0), (ADD, 1), (ADD, 1)):
        client.post("/sparql", data={"update": text})
        assert home(client.application).needed().counts == {"quads": quads}


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"method": "GET", "query_string": {"update": ADD}}, 400),
        ({"method": "POST", "data": "update=DROP+ALL&update=DROP+ALL", "content_type": FORM}, 400),
        ({"method": "POST", "data": {"update": ADD, "query": ADDED}}, 400),
        ({"method": "POST", "query_string": {"update": ADD}, "data": ADD, "content_type": DIRECT}, 400),
        ({"method": "POST", "data": ADD, "content_type": "text/plain"}, 415),
        ({"method": "POST", "data": ADD.encode("utf-16"), "content_type": f"{DIRECT}; charset=UTF-16"}, 415),
        ({"method": "POST", "data": b"\xff\xfe", "content_type": DIRECT}, 400),
        ({"method": "POST", "data": "CLEAR XYZ", "content_type": DIRECT}, 400),
        ({"method": "POST", "data": ADDED, "content_type": DIRECT}, 400),
        ({"method": "POST", "data": "CREATE GRAPH <http://example.org/g>; " * 2, "content_type": DIRECT}, 400),
        ({"method": "POST", "data": {"update": ADD, "using-graph-uri": "x"}}, 400),
        ({"method": "POST", "data": {"update": "LOAD <http://127.0.0.1:9/>"}}, 403),
        ({"method": "POST", "data": {"update": "LOAD <file:///etc/passwd>"}}, 403),
        ({"method": "POST", "data": {"update": "LOAD ;"}}, 400),
        ({"method": "POST", "data": {"update": "LOAD SILENT"}}, 400),
        ({"method": "POST", "data": {"update": SERVICE}}, 403),
        ({"method": "POST", "data": b"x" * (1 << 20) + b"x", "content_type": DIRECT}, 413),
    ],
    ids=lambda value: None if isinstance(value, int) else "-".join(map(str, value.values()))[:40],
)  # fmt: skip
def test_a_bad_update_changes_nothing(editable: Callable[..., FlaskClient], sent: dict[str, str], status: int) -> None:
    client = narrow(editable)
    with unchanged(client):
        answer = client.open("/sparql", **sent)  # type: ignore[arg-type]
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert json.loads(answer.data)["detail"]


@pytest.mark.parametrize("address", ["http://127.0.0.1:9/", "file:///etc/passwd", "somescheme://example.org/", "x"])
@pytest.mark.parametrize("into", ["", " INTO GRAPH <http://example.org/g>"])
def test_a_load_that_is_silent_and_not_allowed_changes_nothing(writer: FlaskClient, address: str, into: str) -> None:
    before = sorted(writer.get("/store?default&format=nt").data.splitlines())
    assert writer.post("/sparql", data={"update": f"LOAD SILENT <{address}>{into}"}).status_code == 204
    assert sorted(writer.get("/store?default&format=nt").data.splitlines()) == before


def narrow(editable: Callable[..., FlaskClient], *, made: list[FlaskClient] = []) -> FlaskClient:  # noqa: B006 - one for all
    """Return a client that may send a megabyte."""
    made[:] = made or [editable(write_size="1")]
    return made[0]


def test_a_syntax_error_is_told_by_its_position(writer: FlaskClient) -> None:
    problem = writer.post("/sparql", data={"update": "DROP ALL ;\nINSERT DATA { <a> }"}).json
    assert problem
    assert problem["line"] == 2


def test_an_update_is_applied_as_a_whole(writer: FlaskClient) -> None:
    first = "INSERT DATA { <http://example.org/whole> a <http://example.org/Thing> }"
    with unchanged(writer):
        answer = writer.post("/sparql", data={"update": f"{first} ; DROP GRAPH <http://example.org/nowhere>"})
    assert answer.status_code == 400
    assert not holds(writer, "ASK { <http://example.org/whole> a ?kind }")
    assert writer.post("/sparql", data={"update": ADD}).status_code == 204
    assert not holds(writer, "ASK { <http://example.org/whole> a ?kind }")


def test_the_dataset_of_the_request_is_where_patterns_match(writer: FlaskClient) -> None:
    one, two, to = (f"http://example.org/{name}" for name in ("one", "two", "to"))
    data = f"GRAPH <{one}> {{ <{one}> a <{one}> }} GRAPH <{two}> {{ <{two}> a <{two}> }}"
    copy = f"INSERT {{ GRAPH <{to}> {{ ?s a ?o }} }} WHERE {{ ?s a ?o }}"
    sent = {"update": f"INSERT DATA {{ {data} }} ; {copy}", "using-graph-uri": one}
    assert writer.post("/sparql", data=sent).status_code == 204
    assert holds(writer, f"ASK {{ GRAPH <{to}> {{ <{one}> a ?o }} }}")
    assert not holds(writer, f"ASK {{ GRAPH <{to}> {{ ?s a ?o FILTER (?s != <{one}>) }} }}")


def test_a_dataset_twice_is_refused(writer: FlaskClient) -> None:
    text = "WITH <http://example.org/g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }"
    answer = writer.post("/sparql", data={"update": text, "using-named-graph-uri": "http://example.org/h"})
    assert answer.status_code == 400
    assert "WITH" in answer.text


@pytest.mark.slow
@pytest.mark.parametrize(("update", "limit"), [(RUNAWAY, "SECONDS"), (GREEDY, "MEMORY")])
def test_a_runaway_ends_at_its_limit_and_leaves_the_version(
    editable: Callable[..., FlaskClient], update: str, limit: str
) -> None:
    client = editable(query_seconds="2" if limit == "SECONDS" else "60", query_memory="250")
    with unchanged(client):
        answer = client.post("/sparql", data={"update": update})
    assert answer.status_code == 503
    assert json.loads(answer.data)["limit"] == f"CONVOCATION_QUERY_{limit}"
    assert client.post("/sparql", data={"update": ADD}).status_code == 204
    assert holds(client, ADDED)
    left = [path.name for path in home(client.application).versions.glob(".*")]
    assert len(left) == 1, "the store of the process that runs, and nothing of the one that ended"


def test_writers_wait_for_each_other_and_each_sees_the_one_before(editable: Callable[..., FlaskClient]) -> None:
    client = editable(query_seconds="60")
    settings = client.application.config["SETTINGS"]
    client.post("/sparql", data={"update": f"INSERT DATA {{ <{COUNT}> <{COUNT}> 0 }}"})
    change = Change("update", BASE, NEXT)
    with closing(Writing(settings)) as other, ThreadPoolExecutor(6) as threads:
        ends = [threads.submit(writing.write, change) for writing in (client.application.config["WRITING"], other) * 6]
        numbers = sorted(end.result(timeout=60).number for end in ends)
    assert numbers == list(range(3, 15))
    assert holds(client, f"ASK {{ <{COUNT}> <{COUNT}> 12 }}")


def test_an_update_waits_for_a_build(editable: Callable[..., FlaskClient]) -> None:
    client = editable(query_seconds="1")
    with home(client.application).locked():
        answer = client.post("/sparql", data={"update": ADD})
    assert answer.status_code == 503
    assert "Another build is under way" in answer.text
    assert client.post("/sparql", data={"update": ADD}).status_code == 204


def test_an_update_follows_the_version_that_is_current(writer: FlaskClient) -> None:
    writer.post("/sparql", data={"update": ADD})
    home(writer.application).point(1)
    writer.post("/sparql", data={"update": ADD.replace("/a", "/b")})
    assert not holds(writer, ADDED)
    assert holds(writer, ADDED.replace("/a", "/b"))


def test_what_breaks_a_shape_is_refused_with_the_report(strict: FlaskClient) -> None:
    thing = BASE + "id/edition/nowhere"
    with unchanged(strict):
        answer = strict.post("/sparql", data={"update": f"INSERT DATA {{ <{thing}> a {CVN.Edition} }}"})
    assert answer.status_code == 422
    problem = json.loads(answer.data)
    assert problem["violations"] == len(problem["findings"]) > 0
    assert {finding["focus"] for finding in problem["findings"]} == {thing}
    assert "rdfs:label" in problem["detail"]


def test_what_keeps_the_shapes_is_published(strict: FlaskClient) -> None:
    assert strict.post("/sparql", data={"update": ADD}).status_code == 204
    assert holds(strict, ADDED)


def test_a_blank_node_is_refused_with_a_cure(strict: FlaskClient) -> None:
    with unchanged(strict):
        answer = strict.post("/sparql", data={"update": "INSERT DATA { _:x a <http://example.org/Thing> }"})
    assert answer.status_code == 422
    assert "name it with an IRI" in answer.text


ANNOTATED = "<http://example.org/a> <http://example.org/p> <http://example.org/b>"
NOTE = '{| <http://example.org/said> "so" |}'


@pytest.mark.parametrize("graph", ["default", "graph=http://example.org/g"])
def test_an_annotation_with_a_name_is_kept_as_it_is(strict: FlaskClient, graph: str) -> None:
    body = f"{ANNOTATED} ~ <http://example.org/r> {NOTE} ."
    assert strict.post(f"/store?{graph}", data=body, content_type="text/turtle").status_code in (201, 204)
    reified = f"<http://example.org/r> <{RDF.prefix}reifies> <<( {ANNOTATED} )>>"
    assert f"{reified} ." in strict.get(f"/store?{graph}", headers={"Accept": "application/n-triples"}).text
    query = f"ASK {{ {ANNOTATED} ~ ?r {{| <http://example.org/said> ?text |}} }}"
    dataset = {} if graph == "default" else {"default-graph-uri": graph.partition("=")[2]}
    assert strict.get("/sparql", query_string={"query": query, "format": "csv", **dataset}).text == "true"


@pytest.mark.parametrize("graph", ["default", "graph=http://example.org/g"])
def test_an_annotation_without_a_name_is_refused_with_how_to_name_it(strict: FlaskClient, graph: str) -> None:
    with unchanged(strict):
        answer = strict.post(f"/store?{graph}", data=f"{ANNOTATED} {NOTE} .", content_type="text/turtle")
    assert answer.status_code == 422
    assert "~ <https://…> {| … |}" in json.loads(answer.data)["detail"]


@pytest.mark.parametrize("term", ["<<( _:b <x:p> <x:o> )>>", "<<( <x:s> <x:p> <<( <x:s> <x:p> _:b )>> )>>"])
def test_a_blank_node_within_a_triple_term_is_refused_too(strict: FlaskClient, term: str) -> None:
    with unchanged(strict):
        answer = strict.post("/sparql", data={"update": f"INSERT DATA {{ <x:r> <{RDF.prefix}reifies> {term} }}"})
    assert answer.status_code == 422
    assert "name it with an IRI" in answer.text


@pytest.fixture
def copy(settings: Settings, tmp_path: Path) -> Home:
    """A home of its own, which no server reads."""
    shutil.copytree(settings.folder, tmp_path / "home")
    return Home(tmp_path / "home")


def test_a_version_stays_while_it_is_read(copy: Home) -> None:
    writer = Writer(copy)
    second = writer.write(Change("update", BASE, ADD)).number
    reader = EmbeddedStore.open(copy.version(second).store)
    last = [writer.write(Change("update", BASE, ADD)).number for _ in range(KEEP + 1)][-1]
    assert copy.numbers() == [1, second, *range(last - KEEP + 1, last + 1)]
    assert reader.query(ADDED)
    del reader
    writer.write(Change("update", BASE, ADD))
    assert second not in copy.numbers()
    writer.close()


def test_the_last_build_stays_whatever_is_written(copy: Home) -> None:
    writer = Writer(copy)
    for _ in range(KEEP + 2):
        writer.write(Change("update", BASE, ADD))
    assert (copy.numbers()[0], len(copy.numbers())) == (1, KEEP + 1)
    writer.close()


def test_a_writer_goes_on_after_a_failure(copy: Home) -> None:
    writer = Writer(copy)
    with pytest.raises(QueryError, match="does not exist"):
        writer.write(Change("update", BASE, f"{ADD} ; DROP GRAPH <http://example.org/nowhere>"))
    assert (
        writer.write(Change("update", BASE, "INSERT DATA { <http://example.org/b> a <http://example.org/B> }")).number
        == 2
    )
    assert not EmbeddedStore.open(copy.needed().store).query(ADDED)
    writer.close()


def test_an_update_has_the_time_that_its_client_gives_it(editable: Callable[..., FlaskClient]) -> None:
    client = editable(query_seconds="30")
    endless = "INSERT { <x:s> <x:p> ?n } WHERE { SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } }"
    answer = client.post("/sparql?timeout=1", data={"update": endless})
    assert (answer.status_code, (answer.json or {})["value"]) == (503, "1 s")
