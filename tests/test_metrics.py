"""The work of the server is counted, and a Prometheus can read it."""

from collections.abc import Callable

import pytest
from conftest import TOKEN, Server
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families

from graph.settings import Settings
from server.application import create_app

ASK = {"query": "ASK { ?s ?p ?o }"}
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
Counts = dict[tuple[str, tuple[str, ...]], float]


def counts(text: str) -> Counts:
    """Return each count by its name and the values of its labels."""
    families = text_string_to_metric_families(text)
    return {
        (sample.name, tuple(sample.labels.values())): sample.value for family in families for sample in family.samples
    }


def test_each_request_is_counted_by_endpoint_and_status(client: FlaskClient) -> None:
    def seen() -> float:
        found = counts(client.get("/metrics").text)
        return found.get(("convocation_requests_total", ("sparql.endpoint", "200")), 0)

    before = seen()
    assert client.get("/sparql", query_string=ASK, buffered=True).status_code == 200
    assert seen() == before + 1


@pytest.mark.parametrize("name", ["queries_waiting", "queries_running", "version", "answers_cut_off_total"])
def test_the_counts_name_what_they_count(client: FlaskClient, name: str) -> None:
    assert (f"convocation_{name}", ()) in counts(client.get("/metrics").text)


def test_a_limit_that_is_hit_is_counted_by_its_name(client: FlaskClient) -> None:
    key = ("convocation_limits_hit_total", ("CONVOCATION_QUERY_SECONDS",))
    before = counts(client.get("/metrics").text).get(key, 0)
    client.get("/sparql", query_string={"query": RUNAWAY, "timeout": "0.1"}, buffered=True)
    assert counts(client.get("/metrics").text)[key] == before + 1


def test_it_can_be_read_as_openmetrics(client: FlaskClient) -> None:
    response = client.get("/metrics", headers={"Accept": "application/openmetrics-text; version=1.0.0"})
    assert response.content_type.startswith("application/openmetrics-text")
    assert response.text.endswith("# EOF\n")


@pytest.mark.slow
def test_several_processes_count_together(serve: Callable[..., Server]) -> None:
    server, key = serve(workers="2"), ("convocation_requests_total", ("sparql.endpoint", "200"))

    def seen() -> Counts:
        return counts(server.open("/metrics")[2].decode())

    before = seen().get(key, 0)
    for _ in range(20):
        assert server.ask(ASK["query"])[0] == 200
    # A request is counted once its answer has gone, so the last one may be counted a moment after it was read.
    assert any(seen().get(key, 0) - before >= 20 for _ in range(200))
    after = seen()
    assert after[key] - before == 20
    assert after["convocation_version", ()] == 1


def test_a_worker_that_ends_is_counted_by_the_reason(server: Server) -> None:
    assert server.ask(RUNAWAY, timeout="0.2")[0] == 503
    ended = ("convocation_workers_ended_total", ("time",))
    assert any(ended in counts(server.open("/metrics")[2].decode()) for _ in range(200))


@pytest.mark.parametrize(
    ("asked", "headers", "status"),
    [
        (("local", "127.0.0.1"), {}, 200),
        (("local", "::1"), {}, 200),
        (("local", "::ffff:127.0.0.1"), {}, 200),
        (("local", "192.0.2.7"), {}, 403),
        (("local", ""), {}, 403),
        (("local", "127.0.0.1"), {"X-Forwarded-For": "192.0.2.7"}, 403),
        (("local", "127.0.0.1"), {"Forwarded": "for=192.0.2.7"}, 403),
        (("local", "192.0.2.7"), {"Authorization": f"Bearer {TOKEN}"}, 200),
        (("local", "192.0.2.7"), {"Authorization": "Bearer wrong"}, 403),
        (("open", "192.0.2.7"), {}, 200),
        (("no", "127.0.0.1"), {}, 404),
        (("no", "127.0.0.1"), {"Authorization": f"Bearer {TOKEN}"}, 404),
    ],
)
def test_counts_are_read_only_by_whom_the_operator_lets(
    settings: Settings, engine: str, asked: tuple[str, str], headers: dict[str, str], status: int
) -> None:
    setting, address = asked
    client = create_app(settings.changed(metrics=setting, token=TOKEN), engine).test_client()
    client.environ_base["REMOTE_ADDR"] = address
    answer = client.get("/metrics", headers=headers)
    assert answer.status_code == status
    assert status == 200 or "CONVOCATION_METRICS" in answer.text


def test_without_a_token_no_token_is_right(settings: Settings, engine: str) -> None:
    client = create_app(settings, engine).test_client()
    client.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 403


def test_behind_a_known_proxy_the_address_of_the_client_counts(settings: Settings, engine: str) -> None:
    client = create_app(settings.changed(proxies="1"), engine).test_client()
    for address, status in (("192.0.2.7", 403), ("127.0.0.1", 200)):
        assert client.get("/metrics", headers={"X-Forwarded-For": address}).status_code == status
