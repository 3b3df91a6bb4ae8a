"""What BibTeX, OpenReview and DBLP say of one paper meets in one thing."""

from pathlib import Path

import pytest
from conftest import BASE, Run

from graph.files import ROOT
from graph.store.embedded import EmbeddedStore
from graph.versions import Home

SAMPLES = ROOT / "tests" / "importers"
PAPERS = """
PREFIX cvn: <https://w3id.org/convocation/ontology#>
PREFIX dcterms: <http://purl.org/dc/terms/>
SELECT ?paper ?id WHERE {{ ?paper a cvn:Paper ; cvn:edition <{base}id/edition/cogs-2031> ; dcterms:identifier ?id }}
"""


def papers(home: Home) -> dict[str, set[str]]:
    """Return the identifiers of each paper of the edition, by the scheme's name."""
    found: dict[str, set[str]] = {}
    store = EmbeddedStore.open(home.needed().store)
    for row in store.query(PAPERS.format(base=BASE)):  # type: ignore[union-attr]
        scheme = row["id"].datatype.value.rpartition("/")[2]
        found.setdefault(row["paper"].value, set()).add(f"{scheme}:{row['id'].value}")
    return found


@pytest.mark.slow
def test_three_sources_of_a_paper_are_one_paper_with_all_its_identifiers(run: Run, copied: Home) -> None:
    for source in ("bibtex", "openreview", "dblp"):
        done = run("import", source, SAMPLES / source)
        assert done.code == 0, done.err
    teeth = [ids for ids in papers(copied).values() if "openreview:aBcd12_xYz" in ids]
    assert teeth == [{"openreview:aBcd12_xYz", "dblp:conf/cogs/GearN31", "doi:10.5555/cogs.1"}]
    before = copied.needed().number
    for source in ("bibtex", "openreview", "dblp"):
        assert "0 statements added, 0 removed" in run("import", source, SAMPLES / source).out
    assert copied.needed().number == before


@pytest.mark.slow
def test_an_import_survives_a_dump_and_a_new_base(
    run: Run, copied: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONVOCATION_VALIDATE", "no")
    assert run("import", "bibtex", SAMPLES / "bibtex").code == 0
    assert run("dump", tmp_path / "dump").code == 0
    elsewhere = ("--base", "https://kg.example.org/", "--home", tmp_path / "other")
    assert run("restore", tmp_path / "dump", "--rebase", *elsewhere).code == 0
    monkeypatch.setenv("CONVOCATION_HOME", str(tmp_path / "other"))
    done = run("import", "bibtex", SAMPLES / "bibtex", *elsewhere)
    assert (done.code, "0 statements added, 0 removed" in done.out) == (0, True), done.out + done.err
    assert Home(tmp_path / "other").numbers() == [1]
    assert copied.numbers() == [1, 2]
