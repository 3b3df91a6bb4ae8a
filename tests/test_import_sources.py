"""What BibTeX, OpenReview and DBLP say of one paper meets in one thing."""

import tarfile
import zipfile
from pathlib import Path

import pytest
from conftest import BASE, Run

from graph.files import ROOT
from graph.store.embedded import EmbeddedStore
from graph.versions.home import Home

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


def bomb() -> bytes:
    """Return XML that would be 10 GB if its entities were written out."""
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE collection [<!ENTITY a0 "{"x" * 10}">{entities}]><collection id="b">&a9;</collection>'.encode()


@pytest.mark.parametrize(("source", "name"), [("acl_anthology", "2030.bomb.xml"), ("dblp", "bomb.xml")])
def test_an_xml_bomb_is_reported_and_nothing_is_published(
    run: Run, copied: Home, tmp_path: Path, source: str, name: str
) -> None:
    (tmp_path / name).write_bytes(bomb())
    done = run("import", source, tmp_path / name)
    assert (done.code, copied.numbers()) == (1, [1])
    assert name in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    ("place", "words"),
    [("ror/long.jsonl", "line 1: it has more than 64 MB"), ("paperlists/long2030.json", "holds more than 1024 MB")],
)
def test_a_line_of_2_gb_is_reported_and_nothing_is_published(
    run: Run, copied: Home, tmp_path: Path, place: str, words: str
) -> None:
    source, _, name = place.partition("/")
    with (tmp_path / name).open("wb") as file:
        file.write(b'{"id": "')
        file.truncate(2 << 30)  # a hole, which takes no room on the disk
    done = run("import", source, tmp_path / name)
    assert (done.code, copied.numbers()) == (1, [1])
    assert words in done.err
    assert name in done.err


@pytest.mark.parametrize("end", [".tar.xz", ".tgz", ".zip"])
def test_an_archive_is_imported_as_its_files_are(run: Run, copied: Home, tmp_path: Path, end: str) -> None:
    place = tmp_path / f"anthology{end}"
    sample = SAMPLES / "acl_anthology" / "2030.cogs.xml"
    if end == ".zip":
        with zipfile.ZipFile(place, "w") as archive:
            archive.write(sample, "data/xml/2030.cogs.xml")
    else:
        with tarfile.open(place, "w:xz") if end == ".tar.xz" else tarfile.open(place, "w:gz") as archive:
            archive.add(sample, "data/xml/2030.cogs.xml")
    assert (
        run("import", "acl_anthology", sample, "--dry-run").out
        == run("import", "acl_anthology", place, "--dry-run").out
    )
    data = place.read_bytes()
    place.write_bytes(data[: len(data) // 2])
    done = run("import", "acl_anthology", place)
    assert (done.code, copied.numbers()) == (1, [1])
    assert f"{place} is no whole archive" in done.err
