"""A paper of a list keeps the identifiers and the page that its record gives, in whichever column."""

import json
from pathlib import Path

import pytest
from generated import ledger

RECORD = {"title": "On Cogs", "author": "Ada Byron", "id": "zBcd12_xYz", "authorids": "~Ada_Byron1"}


def said(tmp_path: Path, **more: str) -> str:
    (tmp_path / "paperlists").mkdir()
    path = tmp_path / "paperlists" / "cogs2031.json"
    path.write_text(json.dumps([RECORD | more]))
    return "\n".join(ledger(path, tmp_path / "home")[0])


def test_the_forum_of_a_venue_on_openreview_is_its_key_alone(tmp_path: Path) -> None:
    assert '"zBcd12_xYz"^^<https://w3id.org/convocation/code/identifier-scheme/openreview>' in said(tmp_path)


def test_a_key_is_no_forum_where_no_author_has_a_profile(tmp_path: Path) -> None:
    assert "identifier-scheme/openreview>" not in said(tmp_path, authorids="12345")


def test_a_doi_without_an_address_is_kept(tmp_path: Path) -> None:
    found = said(tmp_path, doi="10.1609/aaai.v36i9.1")
    assert '"10.1609/aaai.v36i9.1"^^<https://w3id.org/convocation/code/identifier-scheme/doi>' in found


@pytest.mark.parametrize("column", ["site", "proceeding", "oa", "url_paper"])
def test_the_page_of_a_paper_is_in_one_of_four_columns(tmp_path: Path, column: str) -> None:
    address = "https://cogs.example.org/2031/on-cogs"
    assert f"<http://xmlns.com/foaf/0.1/page> <{address}>" in said(tmp_path, **{column: address})
