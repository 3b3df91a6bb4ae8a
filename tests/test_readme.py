"""Settings, paths, links, commands, addresses and the first query in the documents are correct."""

import csv
import io
import re
import struct
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import click
import pytest
import yaml
from click.testing import CliRunner
from flask.testing import FlaskClient
from generated import COMMAND

from graph.files import ROOT
from graph.settings import Settings
from graph.versions.home import Home
from server.__main__ import cli

NAMES = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md")
DOCUMENTS = [path for path in (*map(ROOT.joinpath, NAMES), *sorted((ROOT / "docs").rglob("*.md"))) if path.exists()]
TEXTS = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in DOCUMENTS}
README, OPERATING = TEXTS["README.md"], TEXTS["docs/operating.md"]
TOP = "graph|ontology|shapes|server|tests|benchmarks|docs|.ci|.github"
LARGEST = 200_000  # bytes of a picture
MADE = TEXTS["CONTRIBUTING.md"].partition("\n## Recipes\n")[2]  # tests/test_contributing.py makes what it names
LASTING = {name: text.removesuffix(MADE) for name, text in TEXTS.items()}
PATHS = sorted(
    {(name, path) for name, text in LASTING.items() for path in re.findall(rf"`((?:{TOP})/[\w./-]+)`", text)}
)
LINKS = sorted({(name, link) for name, text in TEXTS.items() for link in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text)})
CALLED = re.compile(r"(?:`|\n|bin/)convocation ((?:versions )?[a-z]+)")
COMMANDS = sorted({words for text in LASTING.values() for words in CALLED.findall(text)})
TARGETS = sorted({target for text in TEXTS.values() for target in re.findall(r"(?<=[`\n])make ([a-z]+)", text)})
SAID = {name for text in TEXTS.values() for name in re.findall(r"CONVOCATION_[A-Z_]+[A-Z]", text)}
ELSEWHERE = {"CONVOCATION_REQUIRE_ASSETS", "CONVOCATION_REQUIRE_BROWSER"}  # of the installation and the tests
SERVED = README + TEXTS["docs/endpoint.md"] + TEXTS["docs/model.md"] + OPERATING
ADDRESSES = sorted(set(re.findall(r"`(/[\w/.-]+)`", SERVED)) - {"/store", "/sparql.csv"})  # which need parameters


def test_every_setting_is_in_the_table_with_its_effect() -> None:
    rows = dict(re.findall(r"^\| `(CONVOCATION_\w+)` \| .* \| (.*) \|$", OPERATING, re.MULTILINE))
    expected = {f"CONVOCATION_{each.name.upper()}": each.metadata["effect"] for each in fields(Settings)}
    assert rows == expected, f"docs/operating.md differs from graph/settings.py; run: {COMMAND}"


def test_the_defaults_of_the_settings_are_those_of_the_table() -> None:
    rows = dict(re.findall(r"^\| `CONVOCATION_(\w+)` \| `([^`]*)` \|", OPERATING, re.MULTILINE))
    expected = {each.name.upper(): str(each.default) for each in fields(Settings) if each.default != ""}
    assert rows == expected, f"docs/operating.md differs from graph/settings.py; run: {COMMAND}"


def test_no_document_names_a_setting_that_is_not_there() -> None:
    assert SAID - ELSEWHERE - {f"CONVOCATION_{each.name.upper()}" for each in fields(Settings)} == set()


@pytest.mark.parametrize(("name", "path"), PATHS)
def test_a_path_in_a_document_exists(name: str, path: str) -> None:
    assert (ROOT / path).exists(), f"{name} names {path}"


@pytest.mark.parametrize(("name", "link"), LINKS)
def test_a_link_between_documents_leads_somewhere(name: str, link: str) -> None:
    if not re.match(r"[a-z]+:", link):
        assert ((ROOT / name).parent / link).exists(), f"{name} links to {link}"


@pytest.mark.parametrize("words", COMMANDS)
def test_a_command_in_a_document_exists(words: str) -> None:
    assert CliRunner().invoke(cli, [*words.split(), "--help"]).exit_code == 0


def commands(group: click.Group) -> Iterator[click.Command]:
    """Yield the commands of a group, and of the groups in it."""
    for each in group.commands.values():
        yield each
        yield from commands(each) if isinstance(each, click.Group) else ()


@pytest.mark.parametrize(
    "option", sorted(set(re.findall(r"(?<=[`\s])(--[a-z][a-z-]+)", OPERATING + TEXTS["docs/importing.md"])))
)
def test_an_option_in_a_document_belongs_to_a_command(option: str) -> None:
    others = {"--reinstall", "--force", "--help"}  # of uv, pipx and all commands
    known = {name for each in commands(cli) for param in each.params for name in param.opts}
    assert option in known | others


@pytest.mark.parametrize("target", TARGETS)
def test_a_target_of_make_in_a_document_exists(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize("target", ["serve", "test"])
def test_the_two_commands_are_in_the_readme(target: str) -> None:
    assert f"make {target}" in README


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_in_a_document_is_served(client: FlaskClient, address: str) -> None:
    assert client.get(address, follow_redirects=True).status_code == 200


@pytest.mark.parametrize(
    ("query", "rows"),
    re.findall(r"```sparql\n(.*?)```\n\n((?:\|[^\n]*\n)+)", README + TEXTS["docs/model.md"], re.DOTALL),
)
def test_a_query_gives_its_answer(query: str, rows: str, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    table = [re.split(r" *\| *", row.strip("| ")) for row in re.findall(r"^\| [^-`].*\|$", rows, re.MULTILINE)]
    monkeypatch.setenv("CONVOCATION_HOME", str(home.folder))
    result = CliRunner().invoke(cli, ["query", "-"], input=query)
    assert list(csv.reader(io.StringIO(result.stdout))) == table


def test_the_curated_file_of_the_documents_has_no_mistake(tmp_path: Path) -> None:
    [text] = re.findall(r"```yaml\n(.*?)```", TEXTS["docs/curated-files.md"], re.DOTALL)
    assert set(yaml.safe_load(text)) == {"source", "series", "editions", "numbers"}
    path = tmp_path / "cogs-2031-fact-sheet.yaml"
    path.write_text(text, encoding="utf-8")
    done = CliRunner().invoke(cli, ["check", str(path), "--home", str(tmp_path / "home")])
    assert (done.exit_code, "violations: 0; warnings: 0" in done.output) == (0, True), done.output


@pytest.mark.parametrize("picture", re.findall(r"!\[.+?\]\((.+?\.png)\)", README))
def test_a_picture_is_neither_large_nor_of_another_size(picture: str) -> None:
    data = (ROOT / picture).read_bytes()
    assert len(data) < LARGEST
    assert struct.unpack(">II", data[16:24]) == (1200, 760), "run: make screenshots"


def test_the_readme_stays_short() -> None:
    assert len(README.splitlines()) <= 100
