"""Search finds things by any of their names, the most exact first, and helps where it finds nothing."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient


def found(client: FlaskClient, text: str) -> list[str]:
    page = unescape(client.get("/search", query_string={"q": text}).text)
    return re.findall(r'<li><a href="/page/[^"]*">([^<]*)</a>', page.partition('<ul class="hits">')[2])


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("NeurIPS 2024", "NeurIPS 2024"),
        ("neurips 2024", "NeurIPS 2024"),
        ("2024 neurips", "NeurIPS 2024"),
        ("iclr", "ICLR"),
        ("kynkaanniemi", "Tuomas Kynkäänniemi"),
        ("auto-encoding variational", "Auto-Encoding Variational Bayes"),
    ],
)
def test_the_most_exact_name_comes_first(client: FlaskClient, text: str, first: str) -> None:
    assert found(client, text)[0] == first


def test_the_kind_of_what_was_found_is_shown(client: FlaskClient) -> None:
    assert '>NeurIPS 2024</a> <span class="hint">edition</span>' in client.get("/search?q=neurips+2024").text


def test_facts_are_not_found(client: FlaskClient) -> None:
    assert not [name for name in found(client, "author 1 of") if "author 1" in name]


def test_an_empty_result_says_what_to_try(client: FlaskClient) -> None:
    page = client.get("/search?q=Nerips+2024").text
    assert "Nothing is called so. Try one word" in page
    assert "NeurIPS 2024" in found(client, "Nerips 2024")


def test_a_search_without_words_asks_for_some(client: FlaskClient) -> None:
    for text in ("", "   "):
        assert "Write a name" in client.get("/search", query_string={"q": text}).text


@pytest.mark.parametrize("text", ["<b>x</b>", '"', "\\", "?_base", "漢字", "a" * 5000, "%00", "-"])
def test_any_text_can_be_searched(client: FlaskClient, text: str) -> None:
    answer = client.get("/search", query_string={"q": text})
    assert answer.status_code == 200
    assert "<b>x" not in answer.text
