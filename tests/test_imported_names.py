"""A name in parts goes the whole way: from a file through the graph to pages and references."""

import re
import shutil
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient

from graph.importers.bibtex import read
from graph.sources.file import SourceFile
from graph.sources.records import Item, Paper, Volume
from graph.versions.home import Home
from server.__main__ import cli

BOOK = """@proceedings{cogs-2031, title = {Proceedings of the Conference on Cogs}, shortname = {COGS}, year = 2031,
  publisher = {Cogs \\& Sons}, editor = {Jimeno Yepes, Antonio and {Gears and Cogs, Inc.}}}
@inproceedings{one, title = {On Teeth}, year = 2031, pages = {1--20},
  booktitle = {Proceedings of the Conference on Cogs},
  author = {Van den Bossche, P. and {Research Team of Gears and Cogs} and 李, 明 and Supancic, III, James and Lee, Ann
  and others}}
"""
NAMES = [
    "Van den Bossche, P.",
    "{Research Team of Gears and Cogs}",
    "李, 明",
    "Supancic, III, James",
    "Lee, Ann",
    "others",
]


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("names") / "cogs-2031.bib"
    path.write_text(BOOK, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def imported(home: Home, source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the bundled graph and the file."""
    folder = tmp_path_factory.mktemp("names") / "home"
    shutil.copytree(home.folder, folder, symlinks=True)
    done = CliRunner().invoke(cli, ["import", "bibtex", str(source), "--home", str(folder)])
    assert done.exit_code == 0, (done.output, done.exception)
    return folder


def records(path: Path) -> list[Item]:
    return [each for each in read(SourceFile(path)) if isinstance(each, Paper | Volume)]


def test_a_name_comes_out_as_it_went_in(
    imported: Path, editable: Callable[..., FlaskClient], source: Path, tmp_path: Path
) -> None:
    client = editable(imported)
    text = client.get("/data/edition/cogs-2031.bib").text
    assert re.findall(r"author = \{(.*)\},", text) == [" and ".join(NAMES)]
    assert "booktitle = {Proceedings of the Conference on Cogs}" in text
    assert "editor = {{Gears and Cogs, Inc.} and Jimeno Yepes, Antonio}" in text
    assert "publisher = {Cogs \\& Sons}" in text
    assert "pages = {1--20}" in text
    (tmp_path / "again.bib").write_text(f"{BOOK.partition('@inproceedings')[0]}{text}", encoding="utf-8")
    before, after = (
        [each.authors for each in records(path) if isinstance(each, Paper)] for path in (source, tmp_path / "again.bib")
    )
    assert after == before
    page = next(iter(re.findall(r"/page/paper/cogs-2031/[\w-]+", client.get("/page/edition/cogs-2031").text)))
    tags = re.findall(r'<meta name="citation_(\w+)" content="([^"]*)">', unescape(client.get(page).text))
    assert ("firstpage", "1") in tags
    assert ("lastpage", "20") in tags
    assert ("author", "Van den Bossche, P.") in tags
    assert "李明" in client.get(page).text
