"""IRIs are minted in one place; the ones here are promises, so a change that breaks them breaks links of others."""

import pytest
from pyoxigraph import NamedNode

from graph.names import Names, code, digest, slug

NAMES = Names("https://kg.example.org/")
LONG = "Winding Springs by Hand: A Long and Patient Study of Wheels and Gears"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("NeurIPS 2024", "neurips-2024"),
        ("  two  --  words ", "two-words"),
        ("Schrödinger's Bridges", "schrodingers-bridges"),
        ("O’Brien", "obrien"),  # noqa: RUF001 - the apostrophe of print
        ("Łukasz Groß", "lukasz-gross"),
        ("José", "jose"),
        ("Jose\u0301", "jose"),
        ("İstanbul", "istanbul"),
        ("Владимир Набоков", "vladimir-nabokov"),
        ("Αλέξανδρος", "alexandros"),
        ("张三", "zhangsan"),
        ("한국어", "hangugeo"),
        ("ไทย", "aithy"),
        ("أحمد", "hmd"),
        ("क्षत्रिय", "kstriy"),
        ("🎡", "ferris-wheel"),
        ("a_b/c?d#e", "a-b-c-d-e"),
    ],
)
def test_a_text_of_any_script_becomes_latin_words(text: str, expected: str) -> None:
    assert slug(text) == expected


@pytest.mark.parametrize(("text", "expected"), [("___", "bda25155"), ("?", "8a8de823"), ("", "e3b0c442")])
def test_a_text_without_words_becomes_its_hash(text: str, expected: str) -> None:
    assert slug(text) == expected


@pytest.mark.parametrize(
    ("iri", "expected"),
    [
        (NAMES.id("edition", "cogs-2031"), "id/edition/cogs-2031"),
        (NAMES.graph("source", "made-up"), "graph/source/made-up"),
        (NAMES.person("Ada Byron"), "id/person/ada-byron"),
        (NAMES.organization("Muslims in ML"), "id/org/muslims-in-ml"),
        (NAMES.paper("cogs-2031", "Springs That Remember"), "id/paper/cogs-2031/springs-that-remember-1e355b16"),
        (
            NAMES.paper("cogs-2031", LONG),
            "id/paper/cogs-2031/winding-springs-by-hand-a-long-and-patient-study-7b584e0a",
        ),
        (NAMES.paper("cogs-2031", "?"), "id/paper/cogs-2031/8a8de823-be1b7241"),
        (NAMES.within(NAMES.id("edition", "cogs-2031"), "track", "main"), "id/edition/cogs-2031/track/main"),
        (
            NAMES.between("authorship", NAMES.paper("cogs-2031", "Springs That Remember"), NAMES.person("Ada Byron")),
            "id/authorship/cogs-2031/springs-that-remember-1e355b16/ada-byron",
        ),
    ],
)
def test_an_iri_stays_as_it_is(iri: NamedNode, expected: str) -> None:
    assert iri.value == f"https://kg.example.org/{expected}"


def test_a_code_has_the_same_iri_on_every_installation() -> None:
    assert code("mode", "in-person").value == "https://w3id.org/convocation/code/mode/in-person"


@pytest.mark.parametrize("other", ["Springs that remember", "“Springs” that—remember!", "SPRINGS THAT REMEMBER"])
def test_a_title_printed_otherwise_is_the_same_paper(other: str) -> None:
    assert NAMES.paper("cogs-2031", other) == NAMES.paper("cogs-2031", "Springs That Remember")


@pytest.mark.parametrize("other", [f"{LONG} Again", f"{LONG[:-5]}Springs", LONG.replace("Hand", "Hands")])
def test_long_titles_that_begin_alike_are_reported_apart(other: str) -> None:
    assert NAMES.paper("cogs-2031", other) != NAMES.paper("cogs-2031", LONG)


def test_one_title_in_two_editions_is_two_papers() -> None:
    assert NAMES.paper("cogs-2031", LONG) != NAMES.paper("cogs-2032", LONG)


def test_a_title_of_one_endless_word_is_cut() -> None:
    assert NAMES.paper("cogs-2031", "w" * 5000).value.endswith(f"/{'w' * 48}-{digest('w' * 5000)}")


def test_a_digest_depends_on_where_its_parts_end() -> None:
    assert (digest("ab", "c"), digest("a", "bc")) == ("9617c506", "624ce4e2")


@pytest.mark.parametrize(
    ("iri", "path"),
    [
        (NAMES.person("Ada Byron"), "ada-byron"),
        (NAMES.id("edition", "cogs-2031", "track", "main"), "cogs-2031/track/main"),
        (code("measure", "attendance"), "attendance"),
    ],
)
def test_a_path_follows_the_kind(iri: NamedNode, path: str) -> None:
    assert NAMES.path(iri) == path
