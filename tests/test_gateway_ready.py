"""A worker of the web process is ready before its first visitor comes."""

from pathlib import Path

import jinja2
import pytest

from graph.settings import Settings
from server.application import create_app
from server.warming import ready


def test_its_templates_are_compiled(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    app = ready(create_app(settings))
    monkeypatch.setattr(jinja2.Environment, "compile", None)  # whoever compiles now fails
    with app.test_client() as client:
        for page in ("/", "/page/edition/neurips-2024", "/page/source/neurips-2024-fact-sheet", "/shapes", "/ontology"):
            assert client.get(page, headers={"Accept": "text/html"}).status_code == 200


def test_without_a_version_it_is_ready_to_say_so(tmp_path: Path) -> None:
    with ready(create_app(Settings(home=str(tmp_path)))).test_client() as client:
        answer = client.get("/", headers={"Accept": "text/html"})
    assert answer.status_code == 503
    assert "convocation build" in answer.text
