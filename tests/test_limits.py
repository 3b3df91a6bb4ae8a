"""Each limit ends a query with a problem that names it; what had begun to come breaks off; the rest goes on."""

import http.client
import json
import socket
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from conftest import Server
from flask.testing import FlaskClient

from graph.settings import Settings
from server.application import create_app
from server.http.logs import CutOffError
from server.warming import PAUSE

ALL = "SELECT * { ?s ?p ?o }"
CROSS = "SELECT * { ?a ?b ?c . ?d ?e ?f }"
COUNT = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
CHEAP = "SELECT ?o { <https://w3id.org/convocation/ontology#Edition> ?p ?o }"
SLOW = {
    "cross product": COUNT,
    "endless path": "SELECT (COUNT(*) AS ?n) { ?s (!<x:p>|^!<x:p>)* ?o . ?o (!<x:p>|^!<x:p>)* ?q }",
    "huge aggregate": "SELECT ?c ?f (COUNT(DISTINCT ?i) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } GROUP BY ?c ?f",
    "huge regex": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . FILTER REGEX(CONCAT(?c, ?f), '(a|b|.*c)*x{9}') }",
    "GROUP_CONCAT": "SELECT (GROUP_CONCAT(?f) AS ?x) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "ORDER BY": "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f ?c ?a",
    "nested CONCAT": "SELECT (STRLEN(?x9) AS ?n) { ?s ?p ?x0 "
    + " ".join(
        f"BIND (CONCAT(STR(?x{i}), STR(?x{i}), STR(?x{i}), STR(?x{i}), 'aaaaaaaa') AS ?x{i + 1})" for i in range(16)
    )
    + " }",
    "huge VALUES": "SELECT (COUNT(*) AS ?n) {"
    + "".join(f" VALUES ?x{i} {{ {' '.join(map(str, range(300)))} }}" for i in range(6))
    + " }",
}
SLICE = 0.01  # seconds for which a busy core may leave a process waiting, also where a quiet answer takes less
LIMITS = ("CONVOCATION_QUERY_SECONDS", "CONVOCATION_QUERY_MEMORY")


def limited(settings: Settings, engine: str, **given: Any) -> FlaskClient:
    return create_app(replace(settings, **given), engine).test_client()


@pytest.mark.parametrize("suffix", ["json", "xml", "csv", "tsv"])
@pytest.mark.parametrize(("rows", "status"), [(99, 503), (100, 200)])
def test_an_answer_has_as_many_rows_as_it_may(
    settings: Settings, engine: str, suffix: str, rows: int, status: int
) -> None:
    client = limited(settings, engine, query_rows=rows)
    response = client.get("/sparql", query_string={"query": f"{ALL} LIMIT 100", "format": suffix})
    assert response.status_code == status
    if status != 200:
        assert (response.json or {})["limit"] == "CONVOCATION_QUERY_ROWS"
        assert f"LIMIT {rows}" in (response.json or {})["detail"]


@pytest.mark.parametrize("suffix", ["ttl", "nt", "jsonld", "rdf"])
def test_a_graph_has_as_many_triples_as_it_may(settings: Settings, engine: str, suffix: str) -> None:
    client = limited(settings, engine, query_rows=50)
    query = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT "
    codes = [
        client.get("/sparql", query_string={"query": query + n, "format": suffix}).status_code for n in ("50", "51")
    ]
    assert codes == [200, 503]


@pytest.mark.parametrize("suffix", ["json", "xml", "csv", "tsv"])
def test_an_answer_that_grows_beyond_its_size_breaks_off(settings: Settings, engine: str, suffix: str) -> None:
    client = limited(settings, engine, query_size=1)
    with pytest.raises(CutOffError, match="limit of 1 MB"):
        assert client.get("/sparql", query_string={"query": CROSS, "format": suffix}).data


@pytest.mark.parametrize("query", [ALL, "ASK { ?s ?p ?o }"])
def test_limits_that_are_not_passed_change_nothing(
    settings: Settings, engine: str, client: FlaskClient, query: str
) -> None:
    free = client.get("/sparql", query_string={"query": query})
    bound = limited(settings, engine, query_rows=10**6, query_size=100).get("/sparql", query_string={"query": query})
    assert len(bound.data) == len(free.data)


@pytest.mark.parametrize("by", ["parameter", "header"])
def test_a_client_may_ask_for_a_shorter_time(client: FlaskClient, by: str) -> None:
    given = {"query": COUNT} | ({"timeout": "0.2"} if by == "parameter" else {})
    headers = {"X-Convocation-Timeout": "0.2"} if by == "header" else {}
    response = client.get("/sparql", query_string=given, headers=headers)
    problem = json.loads(response.data)
    assert (response.status_code, problem["limit"], problem["value"]) == (503, "CONVOCATION_QUERY_SECONDS", "0.2 s")


def test_a_client_gets_no_longer_time_than_it_may(settings: Settings, engine: str) -> None:
    client = limited(settings, engine, query_seconds=1)
    response = client.get("/sparql", query_string={"query": COUNT, "timeout": "3600"})
    assert (response.json or {})["value"] == "1 s"


def test_too_many_queries_are_reported_when_to_come_again(settings: Settings, engine: str) -> None:
    app = create_app(replace(settings, queries=1, waiting=0), engine)
    with ThreadPoolExecutor() as pool:
        asked = [
            pool.submit(app.test_client().get, "/sparql", query_string={"query": COUNT, "timeout": "1"})
            for _ in range(3)
        ]
        answers = [each.result() for each in asked]
    limits = sorted((each.json or {})["limit"] for each in answers)
    assert limits == ["CONVOCATION_QUERY_SECONDS", "CONVOCATION_WAITING", "CONVOCATION_WAITING"]
    assert {each.headers.get("Retry-After") for each in answers} == {None, "5"}


@pytest.mark.parametrize("name", ["ORDER BY", "nested CONCAT"])
def test_a_memory_bomb_is_refused_by_the_memory(server: Server, name: str) -> None:
    status, _, body = server.ask(SLOW[name])
    problem = json.loads(body)
    assert (status, problem["limit"], problem["value"]) == (503, "CONVOCATION_QUERY_MEMORY", "300 MB")


@pytest.mark.parametrize("suffix", ["json", "xml", "csv", "tsv"])
def test_an_answer_that_is_cut_off_is_a_broken_transfer(server: Server, suffix: str) -> None:
    with pytest.raises(http.client.IncompleteRead):
        server.open(f"/sparql?format={suffix}&timeout=0.5&query={quote(CROSS)}")
    with server.connect() as peer:  # without chunks, where the end of the connection would be the end of the answer
        peer.sendall(f"GET /sparql?format={suffix}&timeout=0.5&query={quote(CROSS)} HTTP/1.0\r\n\r\n".encode())
        assert read(peer).startswith(b"HTTP/1.1 503 ")
    lines = [line for line in server.log.read_text().splitlines() if "time limit" in line and "GET" in line]
    assert "Traceback" not in server.log.read_text()
    assert json.loads(lines[-1])["error"]


def read(peer: socket.socket) -> bytes:
    """Return what comes to the end."""
    return b"".join(iter(lambda: peer.recv(1 << 20), b""))


def tree(pid: int) -> list[int]:
    """Return a process and all below it."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return [pid, *(each for child in children for each in tree(int(child)))]


def rest(server: Server) -> None:
    """Wait until the views of a server are ready, and it does nothing any more."""
    time.sleep(PAUSE + 1)
    used, until = -1, time.monotonic() + 60
    while (now := spent(server)) > used + 5 and time.monotonic() < until:
        used = now
        time.sleep(2)


def spent(server: Server) -> int:
    """Return how many hundredths of a second of CPU time the processes of a server have taken."""
    stat = (Path(f"/proc/{pid}/stat").read_text(encoding="ascii") for pid in tree(server.process.pid))
    return sum(sum(map(int, each.rpartition(")")[2].split()[11:13])) for each in stat)


def resident(server: Server) -> int:
    """Return how many bytes of memory of their own the processes of a server have together."""

    def private(pid: int) -> int:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
        return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Private_"))

    try:
        return sum(private(pid) for pid in tree(server.process.pid))
    except (OSError, ProcessLookupError):  # one ended meanwhile
        return resident(server)


def timed(server: Server) -> float:
    begun = time.monotonic()
    assert server.ask(CHEAP)[0] == 200
    return time.monotonic() - begun


def p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


@pytest.mark.slow
@pytest.mark.alone
def test_eight_runaways_end_in_time_while_cheap_queries_pass(serve: Callable[..., Server]) -> None:
    seconds = 5
    server = serve(query_seconds=str(seconds), query_memory="300", cache="0")
    rest(server)
    quiet = [timed(server) for _ in range(100)]
    before = resident(server)

    def run(query: str) -> tuple[float, int, dict[str, str]]:
        begun = time.monotonic()
        status, _, body = server.ask(query)
        return time.monotonic() - begun, status, json.loads(body)

    with ThreadPoolExecutor(8) as pool:
        runaways = {name: pool.submit(run, query) for name, query in SLOW.items()}
        time.sleep(0.3)
        busy = p95([timed(server) for _ in range(200)])
        ends = {name: each.result() for name, each in runaways.items()}
    print({name: (round(took, 2), status, problem["limit"]) for name, (took, status, problem) in ends.items()})
    for took, status, problem in ends.values():
        assert (status, problem["limit"] in LIMITS) == (503, True)
        assert took < seconds + 2
    for _ in range(50):
        if resident(server) < before + (50 << 20):
            break
        time.sleep(0.1)
    after = resident(server)
    quiet += [timed(server) for _ in range(100)]
    print(f"memory: {before >> 20} MB before, {after >> 20} MB after")
    assert after < before + (50 << 20)
    print(f"p95 of a cheap query: {p95(quiet) * 1000:.1f} ms quiet, {busy * 1000:.1f} ms busy")
    assert busy < 4 * max(p95(quiet), SLICE)
