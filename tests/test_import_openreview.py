"""Notes of OpenReview are papers, in both schemas of authors; ids that are addresses of mail are never read."""

import json
from pathlib import Path

import pytest

from graph.errors import ImportFileError
from graph.files import ROOT
from graph.importers.openreview import read
from graph.sources.file import SourceFile
from graph.sources.records import Affiliation, Author, Edition, Identifier, Item, Notice, Paper, Series

SAMPLE = ROOT / "tests" / "importers" / "openreview" / "cogs-2031.json"
ADA = Author("Ada Gear", (Identifier("openreview-person", "~Ada_Gear1"),))


@pytest.fixture(scope="module")
def items() -> list[Item]:
    return list(read(SourceFile(SAMPLE)))


@pytest.fixture(scope="module")
def papers(items: list[Item]) -> dict[str, Paper]:
    return {each.title: each for each in items if isinstance(each, Paper)}


def of(tmp_path: Path, data: bytes) -> list[Item]:
    """Return what a file says."""
    (tmp_path / "x.json").write_bytes(data)
    return list(read(SourceFile(tmp_path / "x.json")))


def test_a_note_is_a_paper_of_its_edition(items: list[Item], papers: dict[str, Paper]) -> None:
    assert Series("cogs", "COGS") in items
    assert [each for each in items if isinstance(each, Edition)] == [Edition("cogs", 2031)]
    page = "https://openreview.net/forum?id=aBcd12_xYz"
    assert papers["On the Teeth of Cogs"] == Paper(
        "openreview:aBcd12_xYz",
        "On the Teeth of Cogs",
        "cogs",
        2031,
        (ADA, Author("Zoé Naïf")),
        (Identifier("openreview", "aBcd12_xYz"),),
        track="main",
        decision="accept-oral",
        pages=(page,),
        topics=("gear trains", "teeth"),
    )


def test_the_newer_schema_of_authors_gives_affiliations_too(papers: dict[str, Paper]) -> None:
    bo = Author(
        "Bo van der Wheel",
        (Identifier("openreview-person", "~Bo_van_der_Wheel2"),),
        (Affiliation("University of Cogs", ("University of Cogs",)),),
    )
    assert papers["Wheels within Wheels"].authors == (bo, Author("Cy Clone"))


def test_ids_that_do_not_fit_the_authors_are_left_out(items: list[Item], papers: dict[str, Paper]) -> None:
    assert papers["A Note of Version 1"].authors == (Author("Ada Gear"), Author("Cy Clone"))
    detail = "A Note of Version 1: ids left out"
    assert Notice("authors and their ids differ in number", "record 3", detail) in items


def test_decisions_and_tracks_are_reported_where_the_note_says_them(papers: dict[str, Paper]) -> None:
    assert {title: (each.decision, each.track, each.track_name) for title, each in papers.items()} == {
        "On the Teeth of Cogs": ("accept-oral", "main", ""),
        "Wheels within Wheels": ("reject", "main", ""),
        "A Note of Version 1": ("accept-spotlight", "main", ""),
        "In a Workshop": ("accept-poster", "workshop", "Big Gears"),
        "Under Review": ("undecided", "main", ""),
    }


def test_what_is_no_paper_is_reported(items: list[Item]) -> None:
    notices = [(each.severity, each.kind, each.place) for each in items if isinstance(each, Notice)]
    assert notices == [
        ("left out", "broken record", "record 9"),
        ("unknown", "unknown field 'wheel'", "1 note"),
        ("corrected", "authors and their ids differ in number", "record 3"),
        ("left out", "reply to a paper, such as a review", "record 6"),
        ("left out", "deleted note", "record 7"),
        ("left out", "note without a series and year", "record 8"),
    ]


def test_no_address_of_mail_is_taken(items: list[Item]) -> None:
    assert "@example.org" not in str(items)


@pytest.mark.parametrize("form", ["array", "lines", "one"])
def test_notes_may_come_in_an_array_or_one_by_one(tmp_path: Path, papers: dict[str, Paper], form: str) -> None:
    notes = json.loads(SAMPLE.read_bytes())["notes"]
    lines = [json.dumps(note) for note in notes]
    texts = {"array": json.dumps(notes), "lines": "\n".join(lines), "one": lines[0]}
    found = [each for each in of(tmp_path, texts[form].encode()) if isinstance(each, Paper)]
    assert found == list(papers.values())[: 1 if form == "one" else None]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "this is no JSON"),
        (b"[1, 2]", "holds no note of OpenReview; save the answer of its API"),
        (b"[]", "holds no note of OpenReview"),
        (b'{"title": "x"}', "holds no note of OpenReview"),
        (b'{"notes": 1}', "is no JSON array of records"),
        (b"wheel", "this is no JSON"),
        (b'{"notes": [{"id": "x"', "this is no JSON"),
        (b"\xff\xfe", "this is no JSON"),
    ],
)
def test_a_file_that_holds_no_notes_is_reported(tmp_path: Path, data: bytes, words: str) -> None:
    with pytest.raises(ImportFileError, match=words):
        of(tmp_path, data)


@pytest.mark.parametrize(
    "content",
    [
        None,
        7,
        {"title": {"value": {"a": 1}}},
        {"authors": {"value": "x"}},
        {"title": {"value": "T"}, "authors": {"value": [7, None, {}]}},
    ],
)
def test_a_note_of_an_unknown_form_ends_nothing(tmp_path: Path, content: object) -> None:
    notes = [{"id": "aBcd12_xYz", "content": content}, *json.loads(SAMPLE.read_bytes())["notes"][:1]]
    items = of(tmp_path, json.dumps({"notes": notes}).encode())
    assert "On the Teeth of Cogs" in {each.title for each in items if isinstance(each, Paper)}


def note(tmp_path: Path, **content: object) -> list[Item]:
    fields = {
        name: {"value": value} for name, value in {"title": "On Cogs", "authors": ["Ada Gear"], **content}.items()
    }
    return of(tmp_path, json.dumps({"notes": [{"id": "zBcd12_xYz", "content": fields}]}).encode())


def test_a_paper_of_the_findings_is_not_one_of_the_main_track(tmp_path: Path) -> None:
    found = note(tmp_path, venueid="EMNLP/2023/Conference", venue="EMNLP 2023 Findings")
    assert [each.track for each in found if isinstance(each, Paper)] == ["findings"]


def test_a_preprint_that_was_taken_over_from_dblp_is_no_paper_of_a_conference(tmp_path: Path) -> None:
    found = note(tmp_path, venueid="dblp.org/journals/CORR/2024", venue="CoRR 2024")
    assert [type(each) for each in found] == [Notice]


def test_an_anonymous_submission_has_no_authors(tmp_path: Path) -> None:
    found = note(tmp_path, venueid="ICLR.cc/2025/Conference/Submission", authors=["Anonymous"])
    assert [each.authors for each in found if isinstance(each, Paper)] == [()]


def test_a_paper_of_which_an_author_is_left_out_does_not_state_all(tmp_path: Path) -> None:
    found = note(tmp_path, venueid="ICLR.cc/2025/Conference", venue="ICLR 2025 poster", authors=["Ada Gear", "et al."])
    assert [each.authors_left_out for each in found if isinstance(each, Paper)] == [True]
