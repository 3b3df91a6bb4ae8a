"""Each request is one line of JSON, without tokens and parameters; a slow query is logged with its text."""

import json
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from graph.errors import SettingError
from graph.settings import Settings
from server.application import create_app
from server.http.logs import logger

ASK = "ASK { ?s ?p ?o }"
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "access.log"


@pytest.fixture
def logged(settings: Settings, engine: str, log: Path) -> FlaskClient:
    """A client of an application that logs to that file."""
    return create_app(replace(settings, access_log=str(log), slow_seconds=1), engine).test_client()


def lines(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]


def test_a_line_says_what_was_asked_and_how_it_ended(logged: FlaskClient, log: Path) -> None:
    body = logged.post("/sparql", data={"query": ASK}, buffered=True).data
    (line,) = lines(log)
    assert line["query"] == sha256(ASK.encode()).hexdigest()[:16]
    expected = {"client": "127.0.0.1", "method": "POST", "path": "/sparql", "status": 200, "version": "1"}
    assert expected.items() <= line.items()
    assert line["bytes"] == len(body)
    assert line["ms"] >= 0


def test_a_line_names_no_token_and_no_parameter(logged: FlaskClient, log: Path) -> None:
    headers = {"Authorization": "Bearer se-cret", "User-Agent": "se-cret", "Referer": "http://example.org/se-cret"}
    logged.get("/sparql", query_string={"query": ASK, "email": "se-cret@example.org"}, headers=headers, buffered=True)
    assert lines(log)[0]["path"] == "/sparql"
    assert "se-cret" not in log.read_text(encoding="utf-8")


def test_a_path_cannot_forge_a_line(logged: FlaskClient, log: Path) -> None:
    logged.get('/x%0a{"status": 200}', buffered=True)
    assert [line["status"] for line in lines(log)] == [404]


def test_a_slow_query_is_logged_with_its_text(logged: FlaskClient, log: Path) -> None:
    logged.get("/sparql", query_string={"query": RUNAWAY, "timeout": "1.1"}, buffered=True)
    logged.get("/sparql", query_string={"query": ASK}, buffered=True)
    assert [line.get("text") for line in lines(log)] == [None, RUNAWAY, None]


def test_no_log_is_written_where_none_is_wanted(
    settings: Settings, engine: str, capfd: pytest.CaptureFixture[str]
) -> None:
    create_app(replace(settings, access_log="no"), engine).test_client().get("/health", buffered=True)
    assert capfd.readouterr().out == ""


def test_a_file_that_cannot_be_written_is_reported(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=r"^CONVOCATION_ACCESS_LOG: .* cannot be written: No such file"):
        logger(str(tmp_path / "nowhere" / "log"))
