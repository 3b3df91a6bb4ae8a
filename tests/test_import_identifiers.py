"""A paper of a list keeps the identifiers and the page that its record gives, in whichever column."""

import json
from pathlib import Path

import pytest
from generated import ledger

RECORD = {"title": "On Cogs", "author": "Ada Byron", "id": "zBcd12_xYz", "authorids": "~Ada_Byron1"}

AUTHOR = (
    '<author id="ann-lee" orcid="0000-0002-1825-0097" openreview="~Ann_Lee7">'
    "<first>Ann</first><last>Lee</last></author>"
)
VOLUME = """<collection id="2031.cogs"><volume id="1"><meta><booktitle>{}</booktitle><year>2031</year>
<venue>cogs</venue>
</meta><paper id="1"><title>On Cogs</title>{}</paper></volume></collection>"""


def of_anthology(tmp_path: Path, title: str) -> str:
    (tmp_path / "acl_anthology").mkdir()
    path = tmp_path / "acl_anthology" / "2031.cogs.xml"
    path.write_text(VOLUME.format(title, AUTHOR))
    return "\n".join(ledger(path, tmp_path / "home")[0])


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


def test_an_author_of_the_anthology_has_an_orcid_and_a_profile(tmp_path: Path) -> None:
    found = of_anthology(tmp_path, "Proceedings of COGS")
    scheme = "https://w3id.org/convocation/code/identifier-scheme"
    assert f'"0000-0002-1825-0097"^^<{scheme}/orcid>' in found
    assert f'"~Ann_Lee7"^^<{scheme}/openreview-person>' in found


def test_a_workshop_of_a_conference_is_not_its_main_track(tmp_path: Path) -> None:
    found = of_anthology(tmp_path, "Proceedings of the First Workshop on Mills")
    assert "/edition/cogs-2031/track/workshop>" in found


@pytest.mark.parametrize(
    ("booktitle", "track"),
    [("COGS (Findings)", "findings"), ("COGS (Workshop)", "workshop"), ("COGS (Companion Volume)", "companion-volume")],
)
def test_what_dblp_lists_beside_the_conference_is_in_a_track_of_its_own(
    tmp_path: Path, booktitle: str, track: str
) -> None:
    (tmp_path / "dblp").mkdir()
    path = tmp_path / "dblp" / "cogs2031.xml"
    fields = f"<author>Ann Lee</author><title>On Cogs.</title><year>2031</year><booktitle>{booktitle}</booktitle>"
    path.write_text(f'<dblp><inproceedings key="conf/cogs/Lee31">{fields}</inproceedings></dblp>')
    assert f"/edition/cogs-2031/track/{track}>" in "\n".join(ledger(path, tmp_path / "home")[0])


def test_the_rdf_of_dblp_says_the_track_too(tmp_path: Path) -> None:
    (tmp_path / "dblp").mkdir()
    path = tmp_path / "dblp" / "cogs2031.ttl"
    path.write_text(
        "@prefix dblp: <https://dblp.org/rdf/schema#> .\n"
        "<https://dblp.org/rec/conf/cogs/Lee31> a dblp:Publication, dblp:Inproceedings ;\n"
        '  dblp:title "On Cogs." ; dblp:yearOfPublication "2031" ; dblp:publishedIn "COGS (Findings)" .\n'
    )
    assert "/edition/cogs-2031/track/findings>" in "\n".join(ledger(path, tmp_path / "home")[0])
