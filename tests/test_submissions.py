"""A submission that was not accepted has a page, and is no paper where papers are counted, listed or cited."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import BASE
from flask.testing import FlaskClient

from graph.files import ROOT
from graph.importers.paperlists import read
from graph.importing.folder import ImportUnit
from graph.importing.paper_merging import SourceUnit, merge_papers
from graph.importing.registry import StoredRecord
from graph.importing.view import decisions
from graph.sources.file import SourceFile
from graph.sources.records import Paper
from graph.store import select
from graph.store.embedded import EmbeddedStore
from graph.versions.home import Home
from server.__main__ import cli

LISTS = ROOT.parent / "shared" / "data" / "paperlists"
LIST = LISTS / "iclr" / "iclr2013.json.gz"
REJECTED = "paper/iclr-2013/a-geometric-descriptor-for-cell-division"
CVN = "PREFIX cvn: <https://w3id.org/convocation/ontology#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>"
EDITION = f"<{BASE}id/edition/iclr-2013>"


@pytest.fixture(scope="module")
def iclr(home: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with the bundled graph and the list of ICLR 2013: 55 accepted papers, 12 rejected submissions."""
    if not LIST.exists():
        pytest.skip("the paper lists are not here")
    folder = tmp_path_factory.mktemp("submissions") / "home"
    shutil.copytree(home.folder, folder, symlinks=True)
    done = CliRunner().invoke(cli, ["import", "paperlists", str(LIST), "--home", str(folder)])
    assert done.exit_code == 0, (done.output, done.exception)
    return Home(folder)


@pytest.fixture
def pages(iclr: Home, editable: Callable[..., FlaskClient]) -> FlaskClient:
    """A client of the pages of that home."""
    return editable(iclr.folder)


def values(home: Home, pattern: str) -> list[str]:
    """Return the values of ?value in a pattern."""
    rows = select(EmbeddedStore.open(home.needed().store), f"{CVN} SELECT ?value WHERE {{ {pattern} }} ORDER BY ?value")
    return [row["value"].value for row in rows]


def test_plain_queries_count_papers_and_not_what_was_rejected(iclr: Home) -> None:
    assert len(values(iclr, f"?value a cvn:Paper ; cvn:edition {EDITION}")) == 55
    assert len(values(iclr, f"?value a cvn:Submission ; cvn:edition {EDITION}")) == 67
    assert values(iclr, f"{EDITION} cvn:paperCount ?value") == ["55"]
    assert values(iclr, f"{EDITION} cvn:submissionCount ?value") == ["12"]
    refused = "?paper a cvn:Submission . FILTER NOT EXISTS { ?paper a cvn:Paper }"
    for prop in ("^cvn:paper", "cvn:author", "cvn:authorCount", "cvn:topic"):
        assert values(iclr, f"{refused} ?paper {prop} ?value") == [], prop


def test_a_person_has_papers_and_further_submissions(iclr: Home, pages: FlaskClient) -> None:
    [only] = values(iclr, "?value cvn:paperCount 0 ; cvn:submissionCount 1 ; rdfs:label 'Marcelo Cicconet'")
    page = pages.get(only.replace(f"{BASE}id/", "/page/")).get_data(as_text=True)
    assert "Further submissions" in page
    assert "It does not count as a paper." in page


def test_a_rejected_submission_has_a_page_with_its_authors_and_decision(iclr: Home, pages: FlaskClient) -> None:
    [only] = [each for each in values(iclr, "?value a cvn:Submission") if REJECTED in each]
    page = pages.get(only.replace(f"{BASE}id/", "/page/")).get_data(as_text=True)
    for words in (">submission<", "rejected", "Marcelo Cicconet", "Davi Geiger"):
        assert words in page, words
    assert "inproceedings" not in page


def test_the_references_of_an_edition_are_its_papers(pages: FlaskClient) -> None:
    text = pages.get("/data/edition/iclr-2013.bib").get_data(as_text=True)
    assert text.count("@inproceedings") == 55
    assert "Geometric Descriptor for Cell" not in text
    page = pages.get("/page/edition/iclr-2013").get_data(as_text=True)
    assert "Further submissions" in page


def test_only_an_edition_whose_papers_are_all_listed_can_be_compared(
    iclr: Home, tmp_path: Path, pages: FlaskClient
) -> None:
    some = tmp_path / "nips2024.json"
    shutil.copy(ROOT / "tests" / "importers" / "paperlists" / "cogs2030.json", some)
    shutil.copytree(iclr.folder, tmp_path / "home", symlinks=True)
    done = CliRunner().invoke(cli, ["import", "paperlists", str(some), "--home", str(tmp_path / "home")])
    assert done.exit_code == 0, (done.output, done.exception)
    both = Home(tmp_path / "home")
    assert values(both, "?edition cvn:paperCount ?value ; a cvn:Edition ; cvn:acceptedPapers ?stated") == ["2"]
    assert values(both, "?value cvn:allPapersListed true") == [EDITION[1:-1]]
    growth = pages.get("/view/growth-of-author-lists.csv").get_data(as_text=True)
    assert [line.split(",")[:3] for line in growth.splitlines()[1:]] == [["ICLR", "2013", "55"]]


@pytest.mark.parametrize(("path", "posters"), [("siggraph/siggraph2025", 380), ("iclr/iclr2013", 0)])
def test_posters_beside_technical_papers_are_a_track_of_their_own(path: str, posters: int) -> None:
    if not (LISTS / f"{path}.json.gz").exists():
        pytest.skip("the paper lists are not here")
    items = read(SourceFile(LISTS / f"{path}.json.gz"))
    assert sum(isinstance(each, Paper) and each.track == "posters" for each in items) == posters


def merged(*said: tuple[int, str]) -> Iterator[tuple[bool, list[str]]]:
    """Yield whether a paper is accepted of which sources of some trust give decisions, and these, the first first."""
    records = [
        (
            SourceUnit(ImportUnit("made-up", f"{number}", f"{number}", "", "", "", {}, ()), f"{number}", trust),
            StoredRecord("cogs-2030/gears", Paper("", "Gears", "cogs", 2030, decision=decision)),
        )
        for number, (trust, decision) in enumerate(said)
    ]
    for paper in merge_papers(records, {}):
        yield paper.is_accepted, [each for each, _ in decisions(paper)]


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ([(3, "reject")], (False, ["reject"])),
        ([(3, "undecided")], (False, ["undecided"])),
        ([(3, "")], (True, [])),
        ([(3, "reject"), (5, "")], (True, ["accept", "reject"])),
        ([(5, "reject"), (3, "accept-oral")], (False, ["reject", "accept-oral"])),
        ([(5, "undecided"), (3, "reject")], (False, ["reject"])),
        ([(5, "undecided"), (3, "")], (True, ["accept"])),
        ([(5, ""), (3, "accept-oral")], (True, ["accept-oral"])),
    ],
)
def test_the_most_trusted_source_that_knows_says_whether_it_is_a_paper(
    said: list[tuple[int, str]], found: tuple[bool, list[str]]
) -> None:
    assert list(merged(*said)) == [found]
