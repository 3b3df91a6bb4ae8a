"""Columns about authors reach the author they belong to, or nobody, and keywords name topics."""

import json
from pathlib import Path
from typing import Any

import pytest
from test_import_hostile import read

from graph.importers import importers
from graph.sources.file import SourceFile
from graph.sources.records import Notice, Paper
from graph.sources.text import keywords

PLACES = {"~Ada_Gear1": "Cogtown", "~Zoe_Cog1": "Gearville", "~Bo_Li2": "MIT"}
NAMES = {"~Ada_Gear1": "Ada Gear", "~Zoe_Cog1": "Zoe Cog", "~Bo_Li2": "Bo Li"}
NO_ORDER = "affiliations in an order that is not known"


def record(number: int, people: list[str], columns: list[str]) -> dict[str, Any]:
    return {
        "title": f"A Paper of {number} Kites",
        "author": "; ".join(NAMES[each] for each in people),
        "authorids": ";".join(people),
        "aff": ";".join(columns),
        "status": "Poster",
        "id": str(number),
    }


def papers(folder: Path, records: list[dict[str, Any]]) -> tuple[list[Paper], list[Notice]]:
    (folder / "cogs2030.json").write_text(json.dumps(records))
    found = list(importers()["paperlists"].read(SourceFile(folder / "cogs2030.json")))
    return [each for each in found if isinstance(each, Paper)], [each for each in found if isinstance(each, Notice)]


def printed(paper: Paper) -> list[str]:
    return [each.affiliations[0].printed if each.affiliations else "" for each in paper.authors]


def test_columns_in_the_order_of_profiles_give_no_author_the_affiliation_of_another(tmp_path: Path) -> None:
    people = list(PLACES)
    right, wrong = [PLACES[each] for each in people], [PLACES[each] for each in (people[1], people[0], people[2])]
    listed = [record(n, people, right if n % 3 else wrong) for n in range(9)]
    found, notices = papers(tmp_path, [*listed, record(20, people, ["MIT"] * 3)])
    assert [printed(each) for each in found[:9]] == [right if n % 3 else ["", "", ""] for n in range(9)]
    assert [each.kind for each in notices] == [NO_ORDER] * 3
    assert printed(found[9]) == ["MIT"] * 3  # whatever the order


def test_an_order_that_no_other_paper_confirms_is_left_out_with_a_notice(tmp_path: Path) -> None:
    people = list(PLACES)
    places = [f"University {n}" for n in range(90)]
    listed = [record(n, people, places[3 * n : 3 * n + 3]) for n in range(30)]
    found, notices = papers(tmp_path, listed)
    assert {place for paper in found for place in printed(paper)} == {""}
    assert [(each.severity, each.kind) for each in notices] == [("value left out", NO_ORDER)] * 30


def test_columns_in_the_order_of_authors_stay(tmp_path: Path) -> None:
    people = list(PLACES)
    found, notices = papers(tmp_path, [record(n, people, list(PLACES.values())) for n in range(30)])
    assert ({tuple(printed(paper)) for paper in found}, notices) == ({tuple(PLACES.values())}, [])


def test_affiliations_whose_number_is_not_that_of_the_authors_are_reported(tmp_path: Path) -> None:
    found, notices = papers(tmp_path, [record(1, list(PLACES), ["MIT", "Cogtown"])])
    assert printed(found[0]) == ["", "", ""]
    assert [(each.kind, each.detail) for each in notices] == [
        ("affiliations whose number is not that of the authors", "A Paper of 1 Kites: 2 for 3 authors")
    ]


def test_one_affiliation_is_that_of_all_authors_unless_the_list_leaves_out_who_has_none(tmp_path: Path) -> None:
    one = record(1, list(PLACES), ["MIT"])
    found, notices = papers(tmp_path, [one | {"authorids": ""}, one | {"id": "2", "title": "Slow Kites"}])
    assert [printed(each) for each in found] == [["MIT"] * 3, [""] * 3]
    assert len(notices) == 1


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("Machine Learning: ML: Reinforcement learning", ("Reinforcement learning",)),
        (
            "CV: Scene Analysis & Understanding; ML: Kernel Methods",
            ("Scene Analysis & Understanding", "Kernel Methods"),
        ),
        ("Kites: a survey", ("Kites: a survey",)),
        (
            "Natural Language Processing: NLP: Resources: Corpora",
            ("Natural Language Processing: NLP: Resources: Corpora",),
        ),
    ],
)
def test_a_path_of_keywords_names_the_topic_at_its_end(text: str, topics: tuple[str, ...]) -> None:
    assert keywords(text) == topics


def test_keywords_that_are_sentences_are_left_out_with_a_notice(tmp_path: Path) -> None:
    long = "we show that kites of many strings fly higher than all others"
    records = [{"title": "Kites", "author": "Ada Gear", "status": "Poster", "id": "7", "keywords": f"wind; {long}"}]
    lines, outcome = read("paperlists", tmp_path, "cogs2030.json", json.dumps(records))
    assert [(each.kind, each.detail) for each in outcome.notices] == [
        ("keyword of more than 60 letters or 6 words", "1 of 2")
    ]
    assert not any("strings fly" in line for line in lines)
