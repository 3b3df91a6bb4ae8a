"""Titles and names keep every letter: of TeX, HTML and IEEE markup only the markup goes."""

import pytest
from bibtexparser.entrypoint import parse_string
from pyoxigraph import NamedNode

from graph.sources.text import clean, person_name
from server.display.works import Work
from server.formats import bibtex

TITLES = {
    "$\\texttt{TACO}$: Temporal Cogs": "TACO: Temporal Cogs",
    "distilling $\\texttt{Cog-RRT}$ for": "distilling Cog-RRT for",
    "$q\\texttt{COGS}$": "qCOGS",
    "\\textsf{Cogs} \\textup{of} \\textmd{a} \\mbox{mill}": "Cogs of a mill",
    "\\unheard{Cogs} of a mill": "Cogs of a mill",
    "Cogs \\iid of {\\em a} mill": "Cogs iid of a mill",
    "Mills: \\sqrtT Regret": "Mills: √(T) Regret",
    "Bounds for a<b and c>d": "Bounds for a<b and c>d",
    "When p<i and q>j": "When p<i and q>j",
    '<i>k</i>-means<sub class="x">2</sub>': "k-means2",
    "R&D of {COGS}": "R&D of COGS",
    "$\\ell_{1}$-norm & $L_2$": "\u2113_1-norm & L_2",
    "100% of {Cogs}": "100% of Cogs",
    "A ``Cog'' in a linear--radial mill": "A \u201cCog\u201d in a linear\u2013radial mill",
    "M(PC)\\textasciicircum{}2 \\textasciitilde{} \\textbackslash{}x": "M(PC)^2 ~ \\x",
    "Cogs\\\\Before a Mill": "Cogs Before a Mill",
    "85\\% of R\\&D\\_x": "85% of R&D_x",
    "A $5 mill beats $10 mills": "A $5 mill beats $10 mills",
    "C# and {F}#": "C# and F#",
    "/spl epsi/-nets and H/sub /spl infin// control": "ε-nets and H∞ control",
    "The 6/spl times/6 mill": "The 6\u00d76 mill",
}


@pytest.mark.parametrize("printed", TITLES)
def test_a_title_keeps_its_letters(printed: str) -> None:
    assert clean(printed) == TITLES[printed]


def test_a_letter_behind_a_macro_is_not_taken_for_a_part_of_it() -> None:
    assert person_name("Jakub \\Lącki") == "Jakub Łącki"


def test_marks_of_affiliations_are_no_part_of_a_name() -> None:
    assert person_name("Ann Lee1,2") == "Ann Lee"


@pytest.mark.parametrize(
    "title", ["How Good is 85%? Survey & Tool_X", "$5 and #1", "a {b} c", "On C:\\mills", "f'' -- x^2 ~ ?`"]
)
def test_a_title_comes_back_from_our_bibtex_as_it_was(title: str) -> None:
    work = Work(iri=NamedNode("https://kg.example.org/id/paper/1"), title=title, edition="COGS 2031", year="2031")
    [entry] = parse_string(bibtex.entry(work)).entries
    assert clean(entry.fields_dict["title"].value) == title


@pytest.mark.parametrize("name", ["O", "\u738b", "Ann O"])
def test_a_name_of_one_letter_is_a_name(name: str) -> None:
    assert person_name(name) == name


@pytest.mark.parametrize("name", ["Anonymous", "Anonymous Authors", "et al.", "*", "a"])
def test_what_names_nobody_is_no_name(name: str) -> None:
    assert person_name(name) == ""


def test_the_number_that_dblp_adds_is_no_part_of_a_name() -> None:
    assert person_name("Ann Lee 0001") == "Ann Lee"
