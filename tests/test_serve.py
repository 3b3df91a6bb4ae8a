"""`convocation serve` shows its settings, and what prevents it from starting."""

import shutil
import socket
from dataclasses import fields
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import Server

from graph.build import Inputs, build
from graph.errors import SettingError, StoreError
from graph.settings import Settings, variable
from graph.versions.home import Home
from server.__main__ import cli
from server.application import create_app
from server.commands.serve import listen


@pytest.mark.parametrize("name", [each.name for each in fields(Settings)])
def test_the_help_lists_every_setting_with_its_default_and_effect(name: str) -> None:
    text = CliRunner().invoke(cli, ["serve", "--help"]).stdout
    setting = next(each for each in fields(Settings) if each.name == name)
    assert f"{variable(setting)}={setting.default}\n" in text
    assert " ".join(setting.metadata["effect"].split()) in " ".join(text.split())


def test_a_port_in_use_is_reported_with_another() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(SettingError, match=r"choose another port"):
        listen(Settings(port=taken.getsockname()[1]))


@pytest.mark.parametrize("port", ["65536", "-1", "http"])
def test_a_port_that_is_invalid_is_refused(port: str) -> None:
    with pytest.raises(SettingError, match="CONVOCATION_PORT must be a whole number, from 0 to 65535, not"):
        Settings().changed(port=port)


def test_a_store_that_cannot_be_read_is_reported_before_anything_is_served(home: Home, tmp_path: Path) -> None:
    shutil.copytree(home.folder, tmp_path / "home")
    for each in Home(tmp_path / "home").needed().store.iterdir():
        each.unlink()
    done = CliRunner().invoke(cli, ["serve", "--port", "0", "--home", str(tmp_path / "home")])
    assert isinstance(done.exception, StoreError)
    assert "serves version" not in done.output


def test_a_version_for_another_base_is_warned_of_when_it_comes(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(settings.folder, tmp_path / "home")
    moved = settings.changed(home=str(tmp_path / "home"))
    with create_app(moved).test_client() as client:
        client.get("/")
        assert capsys.readouterr().err == ""
        build(Home(moved.folder), "https://kg.example.org/", Inputs.bundled())
        client.get("/")
    assert (
        "Warning: version 2 was built for https://kg.example.org/, but http://127.0.0.1:5000/ is"
        in capsys.readouterr().err
    )


def test_it_says_where_it_serves(server: Server) -> None:
    assert f"at http://127.0.0.1:{server.port}/" in server.log.read_text().splitlines()[0]
