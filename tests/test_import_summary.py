"""The records that an import read are those published, merged and left out, in the terminal, as JSON and on pages."""

import gzip
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from conftest import BASE
from flask.testing import FlaskClient
from generated import samples

from graph.importers import importers
from graph.importing.folder import Folder, ImportIndex
from graph.importing.lines import Iris
from graph.importing.reading import FileOutcome, Options, Reader
from graph.importing.tally import Tally
from graph.names import Names
from graph.sources.file import SourceFile
from graph.versions.home import Home
from server.__main__ import cli

PAPER = {"title": "Fast Kites", "author": "Ada Gear; Zoe Cog", "status": "Poster", "id": "1"}


def paper(number: int, title: str, author: str = "Ada Gear", **more: str) -> dict[str, str]:
    return {"title": title, "author": author, "status": "Poster", "id": str(number), **more}


def read(folder: Path, records: list[dict[str, str]], limit: int = 0, name: str = "cogs2030.json") -> FileOutcome:
    (folder / name).write_text(json.dumps(records))
    reader = Reader(Folder(folder / "out"), ImportIndex(), importers()["paperlists"], Iris(Names(BASE)), Options(limit))
    return reader.read(SourceFile(folder / name))


def kinds(outcome: FileOutcome, severity: str) -> list[tuple[str, str]]:
    return [(each.kind, each.detail) for each in outcome.notices if each.severity == severity]


def test_a_preface_plenary_talks_and_workshops_are_not_accepted_papers(tmp_path: Path) -> None:
    titles = [
        *("Preface", "Asian Conference on Machine Learning: Preface", "Preface: Conference on Learning Theory, 2017"),
        *("Keynote speech and plenary talks", "Workshops & Tutorials", "Plenary", "Frontmatter and Preface", "Poster"),
        "Invited talk: Can Kites Help?",
    ]
    outcome = read(tmp_path, [paper(n, title) for n, title in enumerate([*titles, "A Plenary Model of Kites"])])
    assert outcome.tallies == {"cogs-2030": Tally(published=1, left_out=9)}
    assert [detail for _, detail in kinds(outcome, "left out")] == titles


@pytest.mark.parametrize("title", ["Seeing 3D Chairs", "Query by Committee", "Table of Contents Extraction", "Kites"])
def test_a_paper_about_chairs_or_contents_is_not_front_matter(tmp_path: Path, title: str) -> None:
    assert read(tmp_path, [paper(1, title)]).tally == Tally(published=1)


def test_a_paper_that_is_listed_as_an_oral_and_as_a_poster_is_one_paper(tmp_path: Path) -> None:
    outcome = read(tmp_path, [paper(1, "Fast Kites"), paper(2, "[From Oral 2B] Fast Kites"), paper(3, "Slow Kites")])
    assert outcome.tally == Tally(published=2, merged=1)
    assert kinds(outcome, "merged") == [
        ("record of a paper that another record of the file gives", "Fast Kites (as record 1)")
    ]


def test_records_of_one_title_without_authors_are_papers_of_their_own(tmp_path: Path) -> None:
    outcome = read(tmp_path, [*(paper(n, "Discussion", "") for n in range(38)), paper(99, "Kites")])
    assert outcome.tally == Tally(published=39)


def test_records_beyond_the_limit_are_left_out_of_the_sum_with_their_number(tmp_path: Path) -> None:
    outcome = read(tmp_path, [paper(n, f"Kites of {n} Strings") for n in range(20)], limit=7)
    assert (outcome.tally.read, outcome.tally.left_out) == (20, 15)  # 7 are the series, the edition and five papers


@pytest.mark.parametrize("path", samples(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_record_of_a_file_is_missing_from_the_sum(path: Path, tmp_path: Path) -> None:
    reader = Reader(Folder(tmp_path), ImportIndex(), importers()[path.parent.name], Iris(Names(BASE)), Options())
    outcome = reader.read(SourceFile(path))
    there = {
        "cogs2030.json": 5,
        "cogs-2030.json": 2,
        "cogs-2031.json": 9,
        "ror-sample.jsonl": 4,
        "2030.cogs.xml": 4,  # a volume, a paper, one that was removed, and one of a journal
        "v999.bib": 8,
        "cogs2031.xml": 5,
        "cogs2031-rdf.ttl": 2,
        "search.xml": 1,
    }
    assert outcome.tally.read == there[path.name]
    assert outcome.tally.read == sum((outcome.tally.published, outcome.tally.merged, outcome.tally.left_out))


@pytest.fixture
def own(home: Home, tmp_path: Path) -> Home:
    """A home of its own with the bundled graph."""
    shutil.copytree(home.folder, tmp_path / "home", symlinks=True)
    return Home(tmp_path / "home")


@pytest.fixture
def lossy(tmp_path: Path) -> Path:
    """A list that has two papers in 92 records; a title holds an address."""
    records = [paper(n, "") for n in range(80)] + [paper(n, "Fast Kites") for n in range(80, 91)]
    (tmp_path / "cogs2030.json").write_text(json.dumps([*records, paper(92, "Kites of ada@example.org")]))
    return tmp_path / "cogs2030.json"


def run(home: Home, *words: str) -> Result:
    result = CliRunner().invoke(cli, [*words, "--home", str(home.folder)])
    assert result.exit_code == 0, (result.output, result.exception)
    return result


def test_an_edition_that_lost_most_of_its_records_says_so(
    own: Home, lossy: Path, editable: Callable[..., FlaskClient]
) -> None:
    words = "92 records read: 2 published, 10 merged, 80 left out"
    done = run(own, "import", "paperlists", str(lossy))
    assert f"{words}\nwarning: cogs-2030 lost most of its records: {words}\n" in done.stdout
    assert "left out: record without title: 80\n" in done.stderr
    assert "more are on the pages of the sources" in done.stderr
    again = run(own, "import", "paperlists", str(lossy))
    assert (words in again.stdout, "record without title" in again.stderr) == (True, False)

    client = editable(own.folder)
    edition = client.get("/page/edition/cogs-2030").text
    assert "of 92 records in its data files, 2 were published" in edition
    source = client.get("/page/source/paperlists-cogs-2030").text
    assert "Left out: record without title" in source
    assert "record 80: 79" in source  # the last of them, of which the terminal showed three
    table = client.get("/table/source/paperlists-cogs-2030/notices.csv")
    assert table.text.count("record without title") == 80
    assert "example.org" not in edition + source + table.text


def test_the_summary_as_json_has_every_notice(own: Home, lossy: Path) -> None:
    found: dict[str, Any] = json.loads(run(own, "import", "paperlists", str(lossy), "--format", "json").stdout)
    records = {"read": 92, "published": 2, "merged": 10, "left_out": 80}
    assert (found["records"], found["files"][0]["editions"]) == (records, {"cogs-2030": records})
    counts = [each["severity"] for each in found["files"][0]["notices"]]
    assert (counts.count("left out"), counts.count("merged"), found["version"]) == (80, 10, 2)


def test_the_list_of_versions_counts_the_sources_that_were_imported(own: Home, lossy: Path) -> None:
    before = json.loads(run(own, "versions", "list", "--json").stdout)[-1]["counts"]["sources"]
    run(own, "import", "paperlists", str(lossy))
    versions = json.loads(run(own, "versions", "list", "--json").stdout)
    assert versions[-1]["counts"]["sources"] == before + 1


def test_notices_of_a_compressed_file_are_kept_beside_its_ledger(tmp_path: Path) -> None:
    data = gzip.compress(json.dumps([paper(1, ""), paper(2, "Kites")]).encode())
    (tmp_path / "cogs2031.json.gz").write_bytes(data)
    folder = Folder(tmp_path / "out")
    reader = Reader(folder, ImportIndex(), importers()["paperlists"], Iris(Names(BASE)), Options())
    outcome = reader.read(SourceFile(tmp_path / "cogs2031.json.gz"))
    assert folder.notices_of("paperlists-cogs-2031") == outcome.notices != []
