"""The statements of the README hold: its settings, paths, commands and its first query."""

import csv
import io
import re
from dataclasses import fields

import pytest
from click.testing import CliRunner

from graph.files import ROOT
from graph.settings import Settings
from graph.versions.home import Home
from server.__main__ import cli

README = (ROOT / "README.md").read_text(encoding="utf-8")
PATHS = sorted(set(re.findall(r"`((?:graph|ontology|shapes|server|tests|benchmarks)/[\w./-]+)`", README)))


def test_every_setting_is_in_the_table_with_its_effect() -> None:
    rows = dict(re.findall(r"^\| `(CONVOCATION_\w+)` \| .* \| (.*) \|$", README, re.MULTILINE))
    expected = {f"CONVOCATION_{each.name.upper()}": each.metadata["effect"] for each in fields(Settings)}
    assert rows == expected


def test_the_defaults_of_the_settings_are_those_of_the_table() -> None:
    rows = dict(re.findall(r"^\| `CONVOCATION_(\w+)` \| `([^`]*)` \|", README, re.MULTILINE))
    assert rows == {each.name.upper(): str(each.default) for each in fields(Settings) if each.default != ""}


@pytest.mark.parametrize("path", PATHS)
def test_a_path_in_the_readme_exists(path: str) -> None:
    assert (ROOT / path).exists()


@pytest.mark.parametrize("command", sorted(set(re.findall(r"`convocation (\w+)", README))))
def test_a_command_in_the_readme_exists(command: str) -> None:
    assert CliRunner().invoke(cli, [command, "--help"]).exit_code == 0


def test_the_first_query_gives_the_answer_of_the_readme(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    query = re.findall(r"```sparql\n(.*?)```", README, re.DOTALL)[0]
    table = [re.split(r" *\| *", row.strip("| ")) for row in re.findall(r"^\| [^-`].*\|$", README, re.MULTILINE)[:3]]
    monkeypatch.setenv("CONVOCATION_HOME", str(home.folder))
    result = CliRunner().invoke(cli, ["query", "-"], input=query)
    assert list(csv.reader(io.StringIO(result.stdout))) == table


@pytest.mark.parametrize("target", ["serve", "test"])
def test_the_two_commands_are_in_the_makefile(target: str) -> None:
    assert f"make {target}" in README
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
