"""DBLP gives papers and volumes, the same from its XML, its search and its RDF; nothing outside the file is loaded."""

import gzip
from pathlib import Path

import pytest

from graph.errors import ImportFileError
from graph.files import ROOT
from graph.importers.dblp import read
from graph.sources.file import SourceFile
from graph.sources.records import Author, Identifier, Item, Notice, Paper, Series, Volume

FOLDER = ROOT / "tests" / "importers" / "dblp"
SAMPLE = FOLDER / "cogs2031.xml"
ADA = Author("Ada Gear", (Identifier("dblp-person", "12/3456-2"), Identifier("orcid", "0000-0002-1825-0097")))
ZOE = Author("Zoé Naïf", (Identifier("dblp-person", "n/ZoeNaif"),))


def of(path: Path) -> list[Item]:
    return list(read(SourceFile(path)))


def written(tmp_path: Path, data: bytes, name: str = "x.xml") -> Path:
    (tmp_path / name).write_bytes(data)
    return tmp_path / name


def papers(path: Path) -> list[Paper]:
    return [each for each in of(path) if isinstance(each, Paper)]


def test_the_xml_gives_papers_with_letters_and_markup_read() -> None:
    (paper,) = papers(SAMPLE)
    ids = [("dblp", "conf/cogs/GearN31"), ("openreview", "aBcd12_xYz"), ("doi", "10.5555/cogs.1")]
    assert paper == Paper(
        "conf/cogs/GearN31",
        "On the Teeth of n Cogs & Wheels",
        "cogs",
        2031,
        (ADA, ZOE),
        tuple(Identifier(*each) for each in ids),
        decision="accept",
        pages=("https://openreview.net/forum?id=aBcd12_xYz",),
        extent="1-26",
    )


def test_proceedings_are_a_volume_of_an_edition() -> None:
    items = of(SAMPLE)
    assert Series("cogs", "COGS", ids=(Identifier("dblp-stream", "conf/cogs"),)) in items
    (volume,) = (each for each in items if isinstance(each, Volume))
    assert (volume.key, volume.editors, volume.pages) == (
        "conf/cogs/2031",
        (Author("Bo van der Wheel"),),
        ("https://cogs.example.org/2031/",),
    )


def test_what_is_left_out_is_counted_with_an_example() -> None:
    notices = [(each.severity, each.kind, each.place, each.detail) for each in of(SAMPLE) if isinstance(each, Notice)]
    assert notices == [
        ("left out", "article, which is no paper or volume of a conference", "journals/cogs/Gear30", "2 of them"),
        ("left out", "publication without a title or a year", "conf/cogs/Untitled31", ""),
        ("unknown", "unknown field 'wheel'", "1 publication", "it is not read"),
    ]


def test_an_answer_of_the_search_says_the_same() -> None:
    (paper,), (other,) = papers(FOLDER / "search.xml"), papers(SAMPLE)
    assert (paper.key, paper.title, paper.year, paper.extent) == (other.key, other.title, other.year, other.extent)
    assert set(paper.ids) == set(other.ids)
    assert [each.name for each in paper.authors] == ["Ada Gear", "Zoé Naïf"]


def test_the_rdf_says_the_same_and_who_may_be_several_is_nobody() -> None:
    (paper,), (other,) = papers(FOLDER / "cogs2031-rdf.ttl"), papers(SAMPLE)
    assert paper.authors == (ADA, ZOE, Author("Wei Li"))
    assert (paper.title, paper.extent, paper.pages, set(paper.ids)) == (
        other.title,
        other.extent,
        other.pages,
        set(other.ids),
    )


def test_of_the_whole_dump_only_known_series_are_read(tmp_path: Path) -> None:
    data = SAMPLE.read_bytes()
    items = of(written(tmp_path, gzip.compress(data), "dblp.xml.gz"))
    assert not [each for each in items if isinstance(each, Paper)]
    known = of(written(tmp_path, data.replace(b"conf/cogs/", b"conf/icml/"), "dblp.xml"))
    assert len([each for each in known if isinstance(each, Paper)]) == 1


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "line 1: this is no XML: no element found"),
        (b"wheel", "line 1: this is no XML: syntax error"),
        (b"<dblp>\n<article key='x'>", r"line 2: this is no XML: no element found"),
        (b"<dblp></dblp>", "holds no publication of DBLP; is it of another source"),
        (b"<html><body/></html>", "holds no publication of DBLP"),
        (b'<!DOCTYPE dblp [<!ENTITY a "xx">\n]><dblp/>', "line 1: it declares the entity &a;; take the file from"),
        (b'<!DOCTYPE dblp [<!ENTITY a SYSTEM "file:///etc/passwd">]><dblp/>', "it declares the entity &a;"),
        (b"<dblp><article key='x'><title>&wheel;</title></article></dblp>", "the entity &wheel; is none of HTML"),
        (b"<dblp>\xff</dblp>", "this is no XML: not well-formed"),
    ],
)
def test_a_file_that_cannot_be_read_is_reported_with_its_line(tmp_path: Path, data: bytes, words: str) -> None:
    with pytest.raises(ImportFileError, match=words):
        of(written(tmp_path, data))


@pytest.mark.parametrize("name", ["x.ttl", "x.nt", "x.rdf"])
def test_rdf_that_is_not_well_formed_is_reported(tmp_path: Path, name: str) -> None:
    with pytest.raises(ImportFileError, match=r"is not well formed: .*; fetch it again"):
        of(written(tmp_path, b"<a> <b>", name))


def test_an_external_document_is_never_loaded(tmp_path: Path) -> None:
    text = SAMPLE.read_text().replace("dblp.dtd", "http://127.0.0.1:9/dblp.dtd")
    assert papers(written(tmp_path, text.encode())) == papers(SAMPLE)
