"""Dates, years and ORCID iDs are read whole, never from parts of other numbers."""

import json
from pathlib import Path

import pytest
from test_import_hostile import paper, read
from test_import_venues import entry, items, places

from graph.sources.addresses import orcid
from graph.sources.dates import days, year_of
from graph.sources.records import Edition

NONE = ("", "")


@pytest.mark.parametrize(
    ("printed", "found"),
    [
        ("November 2023", NONE),  # not November 20
        ("May, 2024", NONE),
        ("May 22\u201327, 2022", ("2022-05-22", "2022-05-27")),
        ("December 6-10, 2023", ("2023-12-06", "2023-12-10")),
        ("July 31 \u2013 August 2, 2030", ("2030-07-31", "2030-08-02")),
        ("July 31st to August 2nd", ("2030-07-31", "2030-08-02")),
        ("22-27 May 2022", ("2022-05-22", "2022-05-27")),
        ("Sept. 9, 2020", ("2020-09-09", "2020-09-09")),
        ("Monday, 30 December 2030 to 2 January 2031", ("2030-12-30", "2031-01-02")),
        ("February 30, 2022", NONE),
        ("May 45, 2022", NONE),
        ("May 27-22, 2022", NONE),
        ("May 123, 2022", NONE),
        ("Room 5, May 6, 2022", NONE),
        ("", NONE),
    ],
)
def test_a_month_with_a_year_is_not_a_day(printed: str, found: tuple[str, str]) -> None:
    assert days(printed, 2030) == found


@pytest.mark.parametrize(
    ("printed", "year"),
    [("120245", None), ("20245", None), ("to appear in 2025", 2025), ("ICML2024", 2024), ("24", None)],
)
def test_a_year_is_no_part_of_another_number(printed: str, year: int | None) -> None:
    assert year_of(printed) == year


def test_the_year_of_an_entry_is_that_of_the_first_field_that_holds_one(tmp_path: Path) -> None:
    text = entry("a", booktitle="ICML", shortname="ICML 2031", year="forthcoming")
    assert places(items("bibtex", tmp_path, "y.bib", text)) == [("A Paper a", "icml-2031")]


@pytest.mark.parametrize(("start", "end"), [("July 21", "July 27"), ("2031-07-27", "2031-07-21"), ("2031-02-30", "")])
def test_dates_that_are_not_days_do_not_end_the_import(tmp_path: Path, start: str, end: str) -> None:
    text = f"@proceedings{{a, shortname={{ICML}}, booktitle={{ICML}}, year={{2031}}, start={{{start}}}, end={{{end}}}}}"
    lines, outcome = read("bibtex", tmp_path, "v9.bib", text)
    assert not any("#startDate" in line or "#endDate" in line for line in lines)
    assert [each.kind for each in outcome.notices] == ["dates that are not days in order"]


def test_days_of_proceedings_are_taken(tmp_path: Path) -> None:
    text = "@proceedings{a, shortname={ICML}, booktitle={I}, year={2031}, start={2031-07-21}, end={20310727}}"
    lines, _ = read("bibtex", tmp_path, "v9.bib", text)
    assert sum('"2031-07-21"' in line or '"2031-07-27"' in line for line in lines) == 2


def test_a_list_of_the_year_2999_publishes_nothing(tmp_path: Path) -> None:
    lines, outcome = read("paperlists", tmp_path, "cogs2999.json", json.dumps([paper()]))
    assert not any("cogs-2999>" in line and "#Edition" in line for line in lines)
    assert (outcome.tally.read, outcome.tally.left_out) == (1, 1)


def test_an_orcid_is_no_part_of_a_longer_number() -> None:
    assert [each.value for each in orcid("https://orcid.org/0000-0002-1825-0097")] == ["0000-0002-1825-0097"]
    assert orcid("100000002182500973") == ()


def test_the_edition_of_an_event_has_the_days_printed(tmp_path: Path) -> None:
    event = "<event id='cogs-2031'><meta><title>Cogs</title><dates>{}</dates></meta></event>"
    text = f"<collection id='2031.cogs'>{event.format('November 2031')}</collection>"
    [edition] = [each for each in items("acl_anthology", tmp_path, "2031.cogs.xml", text) if isinstance(each, Edition)]
    assert (edition.start, edition.end) == NONE
