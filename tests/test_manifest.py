"""What pages load is served for good and small; without built scripts pages stay whole."""

import gzip
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from graph.files import ROOT
from server.frontend import assets
from server.http import manifest

FRONTEND = ROOT / "server" / "frontend"
PAGES = ["/", "/views", "/view/attendance-by-year", "/view/co-authors", "/sparql"]
needs_assets = pytest.mark.skipif(not manifest.built(), reason="the scripts are not built: convocation assets")


def loaded(text: str) -> list[str]:
    return re.findall(r'(?:src|href)="(/assets/[^"]+)"', text)


@pytest.mark.parametrize("path", PAGES)
def test_what_a_page_loads_is_there_for_good(client: FlaskClient, path: str) -> None:
    names = loaded(client.get(path, headers={"Accept": "text/html"}).text)
    assert names
    for name in names:
        answer = client.get(name, buffered=True)
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_a_style_sheet_is_served_compressed_and_plain(client: FlaskClient) -> None:
    address = next(name for name in loaded(client.get("/").text) if "/site-" in name)
    plain, small = client.get(address), client.get(address, headers={"Accept-Encoding": "gzip"})
    assert (plain.content_type, small.headers["Content-Encoding"]) == ("text/css; charset=utf-8", "gzip")
    assert gzip.decompress(small.data) == plain.data
    assert "Accept-Encoding" in small.vary


@needs_assets
@pytest.mark.parametrize(("accepted", "given"), [("br, gzip", "br"), ("gzip", "gzip"), ("", None)])
def test_a_script_is_served_in_the_smallest_form(client: FlaskClient, accepted: str, given: str | None) -> None:
    name = f"/assets/{manifest.built()['editor.js']}"
    answer = client.get(name, headers={"Accept-Encoding": accepted}, buffered=True)
    assert answer.headers.get("Content-Encoding") == given
    assert answer.content_type == "text/javascript; charset=utf-8"
    assert (len(answer.data) < 200_000) == (given is not None)


@pytest.mark.parametrize("name", ["manifest.js", "../settings.py", "%2e%2e/views.py", "x.br", "site.css"])
def test_nothing_else_is_served(client: FlaskClient, name: str) -> None:
    assert client.get(f"/assets/{name}").status_code == 404


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_whole_without_built_scripts(client: FlaskClient, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    monkeypatch.setattr(manifest, "built", dict)
    text = client.get(path, headers={"Accept": "text/html"}).text
    assert "/assets/site-" in text
    assert not [name for name in loaded(text) if re.search("editor|charts|network", name)]
    assert "<h1>" in text


def test_the_lock_file_names_no_registry() -> None:
    lock = json.loads((FRONTEND / "package-lock.json").read_text(encoding="utf-8"))
    assert not [name for name, each in lock["packages"].items() if "resolved" in each]
    assert all(name == "" or "integrity" in each for name, each in lock["packages"].items())


def test_no_package_is_taken_that_is_another_than_it_says() -> None:
    package = json.loads((FRONTEND / "package.json").read_text(encoding="utf-8"))
    assert "codemirror" not in package["devDependencies"]  # the latest of that name is version 5


def test_the_build_needs_a_node_from_pypi_only_where_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "is_current", lambda: False)
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    assert assets.dependencies() == []
    monkeypatch.setattr("shutil.which", lambda _: None)
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    assert assets.dependencies() == [assets.NODE]
    monkeypatch.setattr(assets, "is_current", lambda: True)
    assert assets.dependencies() == []


def test_a_registry_that_cannot_be_reached_is_reported_in_one_line(tmp_path: Path) -> None:
    program = f"import sys; sys.path.insert(0, {str(FRONTEND)!r}); import assets; assets.build()"
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "npm_config_registry": "http://127.0.0.1:9/"}
    done = subprocess.run(  # a failure is reported
        [sys.executable, "-c", program], capture_output=True, text=True, env=environment, timeout=120, check=False
    )
    assert done.returncode == 1
    reported = done.stderr.strip().splitlines()[-1]
    assert reported.startswith("assets.AssetsError: ")
    assert "npm cannot fetch the packages" in reported or "there is no node" in reported
