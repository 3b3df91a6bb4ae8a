"""A paper that was taken back is marked as such in the graph, on its page and in the numbers of its edition."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

from click.testing import CliRunner
from conftest import BASE
from flask.testing import FlaskClient
from test_import_hostile import paper, read

from graph.importers.bibtex import IMPORTER
from graph.sources.file import SourceFile
from graph.sources.records import Paper
from graph.store.embedded import EmbeddedStore
from graph.terms import Triple
from graph.versions.home import Home
from graph.vocabulary.venues import venue
from server.__main__ import cli

META = "<meta><booktitle>Proceedings</booktitle><year>2031</year><venue>cogs</venue></meta>"
PAPER = "<paper id='{}'><title>{}</title><author><first>Ann</first><last>Lee</last></author>{}</paper>"


def test_a_retracted_paper_is_not_published_like_any_other(
    home: Home, tmp_path: Path, editable: Callable[..., FlaskClient]
) -> None:
    shutil.copytree(home.folder, tmp_path / "home", symlinks=True)
    papers = PAPER.format(1, "Fast Kites", "<retracted date='2032-01-01'>An error.</retracted>")
    papers += PAPER.format(2, "Slow Kites", "")
    text = f"<collection id='2031.cogs'><volume id='long'>{META}{papers}</volume></collection>"
    (tmp_path / "2031.cogs.xml").write_text(text)
    words = ["import", "acl_anthology", str(tmp_path / "2031.cogs.xml"), "--home", str(tmp_path / "home")]
    result = CliRunner().invoke(cli, words)
    assert result.exit_code == 0, (result.output, result.exception)
    triples = map(Triple.of, EmbeddedStore.open(Home(tmp_path / "home").needed().store).default_quads())
    found = {
        (each.predicate.value.partition("#")[2], each.subject.value, each.object.value)
        for each in triples
        if "#retracted" in each.predicate.value
    }
    [(name, subject, value)] = [each for each in found if each[0] == "retracted"]
    assert (name, "fast-kites" in subject, value) == ("retracted", True, "true")
    assert found - {(name, subject, value)} == {("retractedPaperCount", f"{BASE}id/edition/cogs-2031", "1")}

    client = editable(tmp_path / "home")
    sentence = "This paper was retracted."
    assert sentence in client.get(subject.replace("/id/", "/page/").removeprefix(BASE.rstrip("/"))).text
    data = subject.replace("/id/", "/data/").removeprefix(BASE.rstrip("/"))
    assert "note = {Retracted}" in client.get(f"{data}.bib").text
    assert "Retracted." in client.get(f"{data}.ris").text
    assert json.loads(client.get(f"{data}.csl.json").text)[0]["status"] == "retracted"
    (tmp_path / "cogs-2031.bib").write_bytes(client.get(f"{data}.bib").data)
    again = [
        each
        for each in IMPORTER.read(SourceFile(tmp_path / "cogs-2031.bib", series=venue("cogs")))
        if isinstance(each, Paper)
    ]
    assert [(each.title, each.retracted) for each in again] == [("Fast Kites", True)]
    other = client.get("/search?q=slow+kites", follow_redirects=True).text
    assert sentence not in other


def test_a_title_that_begins_with_a_mark_of_retraction_is_that_of_a_retracted_paper(tmp_path: Path) -> None:
    lines, _ = read("paperlists", tmp_path, "cogs2030.json", json.dumps([paper(title="[RETRACTED] Fast Kites")]))
    assert any('label> "Fast Kites"' in line for line in lines)
    assert sum("#retracted>" in line for line in lines) == 1
