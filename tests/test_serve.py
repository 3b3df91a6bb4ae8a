"""`convocation serve` tells its settings, and what stands in its way."""

import socket
from dataclasses import fields

import pytest
from click.testing import CliRunner
from conftest import Server

from graph.errors import SettingError
from graph.settings import Settings, variable
from server.__main__ import cli
from server.commands.serve import listen


@pytest.mark.parametrize("name", [each.name for each in fields(Settings)])
def test_the_help_lists_every_setting_with_its_default_and_effect(name: str) -> None:
    text = CliRunner().invoke(cli, ["serve", "--help"]).stdout
    setting = next(each for each in fields(Settings) if each.name == name)
    assert f"{variable(setting)}={setting.default}\n" in text
    assert " ".join(setting.metadata["effect"].split()) in " ".join(text.split())


def test_a_port_in_use_is_told_with_another() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(SettingError, match=r"choose another port"):
        listen(Settings(port=taken.getsockname()[1]))


def test_it_says_where_it_serves(server: Server) -> None:
    assert f"at http://127.0.0.1:{server.port}/" in server.log.read_text().splitlines()[0]
