"""Cleaning real titles and names loses no letter but for markup, marks and notes."""

import pytest
from letters import GAINED, LOST, SAME, SIGNS, Texts, counted, kind, names, titles
from samples import DATA, MISSING

STEP = 10  # the tenth of the records that is read


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("On Cogs", "On Cogs", SAME),
        ("On $k$ Cogs", "On k Cogs", SIGNS),
        ("On $\\alpha$ Cogs", "On \u03b1 Cogs", GAINED),
        ("On \\texttt{Cogs} and Mills", "On and Mills", LOST),
        ("Bounds for a<b and c>d", "Bounds for ad", LOST),
        ("Jakub Łącki", "Jakub", LOST),
    ],
)
def test_a_lost_letter_is_found(before: str, after: str, expected: str) -> None:
    assert kind(before, after) == expected


@pytest.mark.slow
@pytest.mark.skipif(not DATA.is_dir(), reason=MISSING)
@pytest.mark.parametrize(("texts", "least"), [(titles(STEP), 20_000), (names(STEP), 90_000)], ids=["titles", "names"])
def test_no_letter_of_real_titles_and_names_is_lost(texts: Texts, least: int) -> None:
    counts, examples = counted(texts)
    assert counts.total() >= least
    assert examples[LOST] == []
    assert counts[SAME] > 0.99 * counts.total()
