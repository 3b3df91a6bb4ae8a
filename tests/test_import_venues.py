"""Any conference can be imported: by an option, a crossref, a journal of proceedings, or two series at once."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import BASE

from graph.errors import ConvocationError
from graph.importers import importers
from graph.sources.file import SourceFile
from graph.sources.records import Edition, Item, Notice, Paper, Series, Volume
from graph.store.embedded import EmbeddedStore
from graph.versions.home import Home
from graph.vocabulary.venues import venue, venue_given
from server.__main__ import cli

NIME = "Proceedings of the International Conference on New Interfaces for Musical Expression"
GIVEN = "nime=New Interfaces for Musical Expression (NIME)"


def items(source: str, folder: Path, name: str, text: str, series: str = "") -> list[Item]:
    (folder / name).write_text(text)
    return list(importers()[source].read(SourceFile(folder / name, series=venue_given(series) if series else None)))


def places(found: list[Item]) -> list[tuple[str, str]]:
    return [(each.title, each.edition) for each in found if isinstance(each, Paper)]


def entry(key: str, kind: str = "inproceedings", **fields: str) -> str:
    given = {"author": "Ann Lee", "title": f"A Paper {key}", "year": "2030"} | fields
    return f"@{kind}{{{key},\n" + ",\n".join(f"  {name} = {{{text}}}" for name, text in given.items()) + "\n}\n"


def test_a_file_whose_books_name_no_known_series_is_taken_with_the_series_given(tmp_path: Path) -> None:
    text = entry("n1", booktitle=NIME) + entry("n2", booktitle="Proceedings of ICLR", shortname="ICLR")
    assert places(items("bibtex", tmp_path, "n.bib", text)) == [("A Paper n2", "iclr-2030")]
    found = items("bibtex", tmp_path, "n.bib", text, GIVEN)
    assert places(found) == [("A Paper n1", "nime-2030"), ("A Paper n2", "iclr-2030")]
    assert Series("nime", "NIME", "New Interfaces for Musical Expression") in found


def test_the_option_adds_the_editions_of_a_new_series(home: Home, tmp_path: Path) -> None:
    shutil.copytree(home.folder, tmp_path / "home", symlinks=True)
    (tmp_path / "nime2030.bib").write_text(entry("n1", booktitle=NIME))
    words = ["import", "bibtex", str(tmp_path / "nime2030.bib"), "--home", str(tmp_path / "home")]
    assert "1 left out" in CliRunner().invoke(cli, words).stdout
    result = CliRunner().invoke(cli, [*words, "--series", "nime=New Interfaces (NewIMuEx)"])
    assert "1 published, 0 merged, 0 left out" in result.stdout, (result.output, result.exception)
    labels = {
        str(each.object)
        for each in EmbeddedStore.open(Home(tmp_path / "home").needed().store).quads()
        if str(each.subject) == f"<{BASE}id/edition/nime-2030>" and each.predicate.value.endswith("#label")
    }
    assert labels == {'"NewIMuEx 2030"'}


@pytest.mark.parametrize("series", ["nime", "nime=", "NIME 2030", "nime=New Interfaces", "nime=(NIME)", "a b=C (D)"])
def test_a_series_that_is_not_known_is_refused_with_how_to_give_it(series: str) -> None:
    with pytest.raises(ConvocationError, match="is not a conference series; give a slug"):
        venue_given(series)


def test_the_option_is_refused_for_files_that_name_their_series(tmp_path: Path) -> None:
    (tmp_path / "cogs2030.json").write_text("[]")
    words = ["import", "paperlists", str(tmp_path / "cogs2030.json"), "--series", "iclr", "--dry-run"]
    assert "--series is for files that name no series" in str(CliRunner().invoke(cli, words).exception)


def test_an_entry_takes_the_book_and_the_year_from_the_entry_of_its_crossref(tmp_path: Path) -> None:
    text = "@inproceedings{a, author={Ann Lee}, title={A Paper}, crossref={Book}}\n"
    text += "@proceedings{book, title={International Conference on Learning Representations}, year={2031}}\n"
    assert places(items("bibtex", tmp_path, "c.bib", text)) == [("A Paper", "iclr-2031")]


def test_a_crossref_to_itself_or_to_nothing_leaves_the_entry_out(tmp_path: Path) -> None:
    text = entry("a", crossref="a") + entry("b", crossref="nowhere")
    found = items("bibtex", tmp_path, "c.bib", text)
    assert [each.kind for each in found if isinstance(each, Notice)] == ["entry without a known series"] * 2


@pytest.mark.parametrize(
    ("fields", "edition"),
    [
        ({"journal": "Proceedings of the AAAI Conference on Artificial Intelligence", "volume": "36"}, "aaai-2030"),
        ({"journal": "Proc. {VLDB} Endow.", "volume": "14", "year": "2020"}, "vldb-2021"),
        ({"journal": "Proceedings of the ACM on Management of Data"}, "sigmod-2030"),
    ],
)
def test_an_article_of_a_journal_of_proceedings_is_a_paper(
    tmp_path: Path, fields: dict[str, str], edition: str
) -> None:
    assert places(items("bibtex", tmp_path, "j.bib", entry("a", "article", **fields))) == [("A Paper a", edition)]


@pytest.mark.parametrize("journal", ["Journal of Machine Learning Research", "Proceedings of the Royal Society", ""])
def test_an_article_of_another_journal_stays_outside(tmp_path: Path, journal: str) -> None:
    assert places(items("bibtex", tmp_path, "j.bib", entry("a", "article", journal=journal))) == []


def test_papers_of_vldb_and_sigmod_that_dblp_lists_under_journals_are_taken(tmp_path: Path) -> None:
    article = '<article key="journals/{}"><author>Ann Lee</author><title>A Paper.</title>{}<year>2023</year></article>'
    text = "<dblp>{}{}{}</dblp>".format(
        article.format("pvldb/Lee23", "<volume>17</volume>"),
        article.format("pacmmod/Lee23", "<volume>1</volume>"),
        article.format("corr/abs-2301-1", "<volume>1</volume>"),
    )
    found = items("dblp", tmp_path, "x.xml", text)
    assert [each.edition for each in found if isinstance(each, Paper)] == ["vldb-2024", "sigmod-2023"]
    [left] = [each for each in found if isinstance(each, Notice)]
    assert (left.place, left.count) == ("journals/corr/abs-2301-1", 1)


def test_a_volume_of_two_conferences_is_one_of_both_and_their_editions_are_joint(tmp_path: Path) -> None:
    meta = "<meta><booktitle>Proceedings</booktitle><year>2025</year><venue>ijcnlp</venue><venue>aacl</venue></meta>"
    paper = "<paper id='1'><title>A Paper</title><author><first>Ann</first><last>Lee</last></author></paper>"
    text = f"<collection id='2025.ijcnlp'><volume id='long'>{meta}{paper}</volume></collection>"
    found = items("acl_anthology", tmp_path, "2025.ijcnlp.xml", text)
    joint = {each.key: each.joint_with for each in found if isinstance(each, Edition)}
    assert joint == {"ijcnlp-2025": ("aacl-2025",), "aacl-2025": ("ijcnlp-2025",)}
    assert [each.edition for each in found if isinstance(each, Volume)] == ["ijcnlp-2025", "aacl-2025"]
    assert places(found) == [("A Paper", "ijcnlp-2025")]


def test_a_series_has_one_name_whatever_its_source_calls_it() -> None:
    assert {venue(each).key for each in ("ecml", "ecmlpkdd", "ECML-PKDD", "pkdd")} == {"ecml"}
    assert all(venue(each).name for each in ("cvprw", "eccvw", "iccvw"))
