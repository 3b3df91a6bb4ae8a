"""/health says whether the server can answer, and since when its version is built."""

from flask.testing import FlaskClient

from graph.settings import Settings
from graph.versions.home import Home
from server.application import create_app


def test_a_server_with_a_version_and_an_engine_is_ready(client: FlaskClient, home: Home) -> None:
    response = client.get("/health")
    facts = response.json or {}
    assert (response.status_code, facts["live"], facts["ready"], facts["engine"]) == (200, True, True, "answers")
    assert (facts["version"], facts["built"]) == (home.needed().number, home.needed().built)
    assert facts["age"] >= 0


def test_without_an_engine_it_is_not_ready(settings: Settings) -> None:
    response = create_app(settings).test_client().get("/health")
    assert (response.status_code, (response.json or {})["ready"]) == (503, False)


def test_with_an_engine_that_does_not_answer_it_is_not_ready(settings: Settings, tmp_path: object) -> None:
    response = create_app(settings, f"{tmp_path}/nothing").test_client().get("/health")
    assert (response.status_code, (response.json or {})["ready"]) == (503, False)
    assert "engine" in (response.json or {})["detail"]


def test_without_a_version_it_lives_and_is_not_ready(empty_home: Home, engine: str) -> None:
    client = create_app(Settings(home=str(empty_home.folder)), engine).test_client()
    assert client.get("/health").status_code == 503
    assert client.get("/health/live").json == {"live": True}
    assert client.get("/metrics").status_code == 200


def test_it_is_ready_while_all_turns_are_taken(settings: Settings, engine: str) -> None:
    app = create_app(settings, engine)
    app.config["ENGINE"].queries = 0
    app.config["ENGINE"].__post_init__()
    response = app.test_client().get("/health")
    assert (response.status_code, (response.json or {})["engine"]) == (200, "busy")
