"""BibTeX files give editions, volumes and papers; broken entries and other publications are reported by line."""

import gzip
from pathlib import Path

import pytest

from graph.errors import ImportFileError
from graph.files import ROOT
from graph.importers.bibtex import FIELDS, read, unit
from graph.sources.file import SourceFile
from graph.sources.parts import NameParts
from graph.sources.records import Author, Edition, Identifier, Item, Notice, Paper, Series, Volume
from graph.vocabulary.venues import venue_of_title

SAMPLE = ROOT / "tests" / "importers" / "bibtex" / "v999.bib"


@pytest.fixture(scope="module")
def items() -> list[Item]:
    return list(read(SourceFile(SAMPLE)))


def of(tmp_path: Path, text: str | bytes) -> list[Item]:
    """Return what a file of a text says."""
    path = tmp_path / "x.bib"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return list(read(SourceFile(path)))


def test_the_proceedings_are_an_edition_and_a_volume(items: list[Item]) -> None:
    assert Series("cogs", "COGS") in items
    assert (
        Edition(
            "cogs",
            2031,
            start="2031-05-06",
            end="2031-05-09",
            place="Université de Lausanne, Switzerland",
            pages=("https://cogs.example.org/2031/",),
        )
        in items
    )
    title = "Proceedings of The 12th International Conference on Cogs"
    editors = (
        Author("Ada Gear", parts=NameParts("Gear", "Ada")),
        Author("Bo van der Wheel", parts=NameParts("Wheel", "Bo", "van der")),
    )
    page = ("https://proceedings.mlr.press/v999/",)
    assert [each for each in items if isinstance(each, Volume)] == [
        Volume("pmlr-v999", title, "cogs", 2031, editors, pages=page)
    ]


def test_papers_have_their_authors_in_order_and_their_identifiers(items: list[Item]) -> None:
    first, second, third = (each for each in items if isinstance(each, Paper))
    assert first == Paper(
        "openreview:aBcd12_xYz",
        "On the Teeth of n Cogs & Wheels",
        "cogs",
        2031,
        (
            Author("Ada Gear", parts=NameParts("Gear", "Ada")),
            Author("Zoé Naïf", parts=NameParts("Naïf", "Zoé")),
            Author("Cog Consortium", parts=NameParts("Cog Consortium")),
        ),
        (Identifier("openreview", "aBcd12_xYz"),),
        decision="accept",
        extent="1-26",
        volume="pmlr-v999",
        authors_left_out=True,
    )
    assert (second.key, second.title) == ("pmlr:v999/wheel31a", "Wheels within Wheels")
    assert second.ids == (Identifier("pmlr", "v999/wheel31a"), Identifier("doi", "10.5555/wheel_31"))
    assert second.pages == ("https://proceedings.mlr.press/v999/wheel31a.html",)
    assert (third.series, third.year, third.ids) == ("icml", 2029, (Identifier("arxiv", "2901.01234"),))
    assert [each.name for each in third.authors] == ["Ada Gear", "Bo van der Wheel"]


def test_what_is_not_read_is_reported_with_its_line(items: list[Item]) -> None:
    notices = [(each.severity, each.kind, each.place) for each in items if isinstance(each, Notice)]
    assert notices == [
        ("corrected", "field given twice", "line 26"),
        ("left out", "broken entry", "line 37"),
        ("unknown", "unknown field 'e-mail'", "1 record"),
        ("left out", "preface, which is no paper", "line 41"),
        ("left out", "@article, which is no paper of a conference", "line 43"),
        ("left out", "entry without a known series", "line 54"),
    ]


def test_no_address_of_mail_is_taken(items: list[Item]) -> None:
    assert "@example.org" not in str([each for each in items if not isinstance(each, Notice)])


def test_every_field_of_the_map_is_in_small_letters() -> None:
    assert all(name == name.lower() for name in FIELDS)


def test_bytes_that_are_not_utf_8_are_read_as_latin_1(tmp_path: Path) -> None:
    text = "@inproceedings{conf/icml/x,\n title={Caf\u00e9}, author={Ada Gear}, year=2031}"
    items = of(tmp_path, text.encode("latin-1"))
    assert items[0] == Notice("bytes that are not UTF-8", "line 2", "read as Latin-1")
    assert [each.title for each in items if isinstance(each, Paper)] == ["Café"]


def test_a_series_is_known_by_the_title_of_its_proceedings(tmp_path: Path) -> None:
    book = "Proceedings of the 41st International Conference on Machine Learning"
    items = of(
        tmp_path, f"@inproceedings{{pmlr-v235-abe24a, title={{X}}, author={{A B}}, booktitle={{{book}}}, year=2024}}"
    )
    assert Edition("icml", 2024) in items


def test_a_compressed_file_is_read_too(tmp_path: Path, items: list[Item]) -> None:
    (tmp_path / "v999.bib.gz").write_bytes(gzip.compress(SAMPLE.read_bytes()))
    assert list(read(SourceFile(tmp_path / "v999.bib.gz"))) == items


@pytest.mark.parametrize(
    "text", ["", "wheel", "{}", "%PDF-1.7\n", "[1, 2]", "@comment{x}", "\x00" * 50, "@inproceedings{"]
)
def test_a_file_without_entries_is_of_another_source(tmp_path: Path, text: str) -> None:
    with pytest.raises(ImportFileError, match=r"x\.bib holds no entry of BibTeX that can be read; is it of another"):
        of(tmp_path, text)


def test_a_file_that_is_cut_off_is_read_up_to_there(tmp_path: Path) -> None:
    data = SAMPLE.read_bytes()
    items = of(tmp_path, data[: data.index(b"27--40")])
    assert [each.title for each in items if isinstance(each, Paper)] == ["On the Teeth of n Cogs & Wheels"]
    assert [each.kind for each in items if isinstance(each, Notice)] == ["broken entry"]


def test_the_ledger_of_a_file_is_called_by_its_name() -> None:
    assert unit(SourceFile(SAMPLE)) == "v999"
    with pytest.raises(ImportFileError, match=r"has a name that many have; call it by its volume, such as v235\.bib"):
        unit(SourceFile(Path("v235/bibliography.bib")))


def test_the_official_proceedings_of_neurips_are_known() -> None:
    found = venue_of_title("Advances in Neural Information Processing Systems 36")
    assert found is not None
    assert found.key == "neurips"


def test_an_entry_belongs_to_the_proceedings_of_its_file(tmp_path: Path) -> None:
    path = tmp_path / "cogs-2031.bib"
    book = "Proceedings of a Conference on Cogs"
    path.write_text(
        f"@proceedings{{c, title={{{book}}}, shortname={{COGS}}, year={{2031}}}}\n"
        f"@inproceedings{{p, title={{On Cogs}}, author={{Ann Lee}}, booktitle={{{book}}}, year={{2031}}}}\n"
    )
    assert [(each.series, each.year) for each in read(SourceFile(path)) if isinstance(each, Paper)] == [("cogs", 2031)]
