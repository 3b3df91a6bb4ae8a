"""References that Convocation exports: our own importer, BibTeX and LaTeX read them as they are meant."""

import json
import re
import subprocess
from collections.abc import Iterable
from http import HTTPStatus
from itertools import starmap
from pathlib import Path
from shutil import which
from typing import Any

import pytest
from conftest import DRILL
from flask import Flask
from pyoxigraph import NamedNode
from samples import DATA, FOLDERS, MISSING, papers

from graph.importers.bibtex import read
from graph.sources.file import SourceFile
from graph.sources.parts import NameParts, guessed
from graph.sources.records import Paper
from graph.store.embedded import EmbeddedStore
from graph.terms import CVN, RDF, Triple
from server.display.citation_keys import keyed
from server.display.works import Work
from server.formats import bibtex, csl

Said = tuple[str, list[tuple[str, str]], bool, str]
Items = list[dict[str, Any]]
BASE = "http://127.0.0.1:5000/"
DASH = re.compile("[-\u2010-\u2015]+")
PARTS = (
    NameParts("Bossche", "P.", "Van den"),
    NameParts("Jimeno Yepes", "Antonio"),
    NameParts("van der Wheel", "Bo"),
    NameParts("Supancic", "James", suffix="III"),
    NameParts("Barnes and Noble, Inc."),
    NameParts("Advanced Air and Ground Research Team"),
    NameParts("李", "明"),
    NameParts("Plato"),
    NameParts("Gear & Söhne, GmbH"),
)
WORK = Work(
    iri=NamedNode(f"{BASE}id/paper/icml-2030/a"),
    title="85% of R&D_x",
    authors=PARTS,
    authors_left_out=True,
    edition="ICML 2030",
    proceedings="Proceedings of the 47th International Conference on Machine Learning",
    editors=(guessed("Ada Gear"),),
    publisher="Cogs & Sons",
    year="2030",
    month=5,
    extent="1\u201320",
)


def reread(folder: Path, works: Iterable[Work]) -> list[Paper]:
    """Return the papers that our importer reads in the export of some."""
    path = folder / "export.bib"
    path.write_text("".join(map(bibtex.entry, works)), encoding="utf-8")
    return [each for each in read(SourceFile(path)) if isinstance(each, Paper)]


@pytest.fixture(scope="module")
def exported(app: Flask, store: EmbeddedStore) -> tuple[str, Items]:
    """The papers of each edition of the bundled graph as BibTeX, and as items of CSL-JSON."""
    client, text, items = app.test_client(), "", []
    found = store.engine.quads_for_pattern(None, RDF.type, CVN.Edition, None)
    for path in sorted(Triple.of(each).subject.value.removeprefix(f"{BASE}id/") for each in found):
        answer = client.get(f"/data/{path}.bib")
        if answer.status_code == HTTPStatus.OK:
            text += answer.text
            items += json.loads(client.get(f"/data/{path}.csl.json").text)
    return text, items


def plain(pages: str) -> str:
    return DASH.sub("-", pages)


def said(work: Work) -> Said:
    """Return the title, the names with their parts and the page numbers of a work."""
    return work.title, [(each.name, each.inverted) for each in work.authors], work.authors_left_out, plain(work.extent)


def said_again(paper: Paper) -> Said:
    """Return the same of a paper that our importer read."""
    names = [each.parts or guessed(each.name) for each in paper.authors]
    return paper.title, [(each.name, each.inverted) for each in names], paper.authors_left_out, plain(paper.extent)


def test_an_export_is_read_again_as_it_was(tmp_path: Path) -> None:
    (paper,) = reread(tmp_path, [WORK])
    assert said_again(paper) == said(WORK)


def test_an_entry_has_the_fields_that_a_reference_needs() -> None:
    text = bibtex.entry(WORK)
    for line in ("pages = {1--20},", "publisher = {Cogs \\& Sons},", "editor = {Gear, Ada},", "month = may"):
        assert line in text
    assert "{Barnes and Noble, Inc.} and {Advanced Air and Ground Research Team} and 李, 明 and Plato" in text
    assert "{Gear \\& Söhne, GmbH} and others}" in text


def test_a_name_in_csl_has_its_particle_and_suffix_and_a_group_is_literal() -> None:
    names = csl.item(WORK)["author"]
    assert isinstance(names, list)
    assert {"family": "Bossche", "given": "P.", "non-dropping-particle": "Van den"} in names
    assert {"family": "Supancic", "given": "James", "suffix": "III"} in names
    assert {"literal": "Barnes and Noble, Inc."} in names
    assert names[-1] == {"literal": "others"}
    assert csl.item(WORK)["page"] == "1-20"


def whole(item: dict[str, str]) -> str:
    """Return a name of CSL-JSON as it is shown."""
    given = (item.get(each, "") for each in ("family", "given", "non-dropping-particle", "suffix"))
    return item.get("literal") or NameParts(*given).name


def test_every_paper_of_the_graph_is_read_again_as_it_was(tmp_path: Path, exported: tuple[str, Items]) -> None:
    text, items = exported
    (tmp_path / "graph.bib").write_text(text, encoding="utf-8")
    papers = {each.title: each for each in read(SourceFile(tmp_path / "graph.bib")) if isinstance(each, Paper)}
    assert papers.keys() == {each["title"] for each in items}
    for item in items:
        paper = papers[item["title"]]
        others = ["others"] if paper.authors_left_out else []
        assert [each.name for each in paper.authors] + others == [whole(each) for each in item["author"]]
        assert plain(paper.extent) == plain(item.get("page", ""))


def work(number: int, paper: Paper) -> Work:
    """Return a paper of a source as a reference cites it."""
    return Work(
        iri=NamedNode(f"{BASE}id/paper/{paper.edition}/{number}"),
        title=paper.title,
        authors=tuple(each.parts or guessed(each.name) for each in paper.authors),
        authors_left_out=paper.authors_left_out,
        edition=f"ICML {paper.year}",
        proceedings=f"ICML {paper.year}",
        year=str(paper.year),
        extent=paper.extent,
        identifiers=(),
    )


@pytest.mark.skipif(not DATA.is_dir(), reason=MISSING)
@pytest.mark.parametrize("source", FOLDERS)
def test_real_papers_are_read_again_as_they_were(tmp_path: Path, source: str) -> None:
    works = {each.key: each for each in keyed(starmap(work, enumerate(papers(source, 300, of=2))))}
    again = {each.key: each for each in reread(tmp_path, works.values())}
    lost = [each.title for key, each in works.items() if key not in again and each.title != "Preface"]
    pairs = [(said(works[key]), said_again(paper)) for key, paper in again.items()]
    assert ([each for each in pairs if each[0] != each[1]], lost) == ([], [])


LATEX = """\\documentclass{article}
\\usepackage[T1]{fontenc}
\\makeatletter\\def\\UTFviii@undefined@err#1{?}\\makeatother % a letter that no font has is no mistake of the entry
\\begin{document}\\nocite{*}\\bibliographystyle{plain}\\bibliography{export}\\end{document}
"""
WRONG = re.compile(r"^! .*|^.*(?:Undefined control|Runaway|Missing \$).*", re.MULTILINE)


def typeset(folder: Path, text: str) -> tuple[list[str], list[str]]:
    """Return the errors of LaTeX and the messages of BibTeX on a text of entries."""
    (folder / "export.bib").write_text(text, encoding="utf-8")
    (folder / "all.tex").write_text(LATEX, encoding="utf-8")
    for command in (["pdflatex", "-interaction=nonstopmode", "all"], ["bibtex", "all"]) * 2:
        subprocess.run(command, cwd=folder, capture_output=True, check=False)
    log = (folder / "all.log").read_text(encoding="utf-8", errors="replace")
    said = (folder / "all.blg").read_text(encoding="utf-8", errors="replace")
    assert "Output written on all.pdf" in log
    return WRONG.findall(log), [each for each in said.splitlines() if re.match("Warning--|.*error message|I was", each)]


needed = pytest.mark.skipif(not (which("pdflatex") and which("bibtex")), reason="pdflatex and bibtex are missing")


@needed
@pytest.mark.slow
def test_latex_typesets_every_reference_of_the_graph(tmp_path: Path, exported: tuple[str, Items]) -> None:
    entries = {each.partition(",")[0]: f"@{each}" for each in exported[0].split("@")[1:]}
    assert typeset(tmp_path, "".join(entries.values())) == ([], [])


@needed
@pytest.mark.slow
@pytest.mark.skipif(not DATA.is_dir(), reason=MISSING)
@pytest.mark.parametrize("source", FOLDERS)
def test_latex_typesets_references_of_real_papers(tmp_path: Path, source: str) -> None:
    works = keyed(starmap(work, enumerate(papers(source, 2000 if DRILL else 300))))
    assert typeset(tmp_path, "".join(map(bibtex.entry, works))) == ([], [])
