"""Things go to other programs whole and well formed: references, calendars, feeds and tables."""

import csv
import json
from datetime import date, datetime, timedelta
from io import StringIO
from xml.etree import ElementTree as ET

import pytest
import rispy
from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares import SeparateCoAuthors, SplitNameParts
from flask.testing import FlaskClient
from icalendar import Calendar
from pyoxigraph import Literal, NamedNode

from graph.sources.parts import guessed
from graph.store.embedded import EmbeddedStore
from graph.terms import CVN, RDF, RDFS, Triple
from server.formats import formats
from server.formats.calendar import in_zone

BASE = "http://127.0.0.1:5000/"
ATOM = "{http://www.w3.org/2005/Atom}"
MIRAGE = "paper/neurips-2023/are-emergent-abilities-of-large-language-models-2e7973e0"


def get(client: FlaskClient, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.text


def paths(store: EmbeddedStore, kind: NamedNode) -> list[str]:
    found = store.engine.quads_for_pattern(None, RDF.type, kind, None)
    return sorted({Triple.of(each).subject.value.removeprefix(f"{BASE}id/") for each in found})


def bibtex(text: str) -> list[dict[str, str]]:
    library = parse_string(text)
    assert not library.failed_blocks
    return [{"key": each.key, **{field.key: field.value for field in each.fields}} for each in library.entries]


def test_every_paper_is_a_reference_in_every_format_with_all_its_authors(
    client: FlaskClient, store: EmbeddedStore
) -> None:
    for path in paths(store, CVN.Paper):
        (entry,) = bibtex(get(client, f"/data/{path}.bib"))
        (record,) = rispy.loads(get(client, f"/data/{path}.ris"))
        (item,) = json.loads(get(client, f"/data/{path}.csl.json"))
        iri = NamedNode(f"{BASE}id/{path}")
        (title,) = [each.object for each in store.engine.quads_for_pattern(iri, RDFS.label, None, None)][:1]
        assert isinstance(title, Literal)
        assert entry["title"] == f"{{{title.value}}}"
        assert record["title"] == item["title"] == title.value
        authors = entry["author"].removesuffix(" and others").split(" and ")
        assert authors == record["authors"]
        assert len(authors) == len([each for each in item["author"] if each != {"literal": "others"}])
        assert entry["author"].endswith(" and others") == ("notes" in record) == (len(authors) < len(item["author"]))


def test_names_keep_their_diacritics_and_their_order(client: FlaskClient, store: EmbeddedStore) -> None:
    text = "\n".join(get(client, f"/data/{path}.bib") for path in paths(store, CVN.Paper))
    library = parse_string(text, append_middleware=[SeparateCoAuthors(), SplitNameParts()])
    names = [name for entry in library.entries for name in entry.fields_dict["author"].value]
    assert any(not "".join((*each.first, *each.last)).isascii() for each in names)
    assert all(each.last for each in names)
    mirage = library.entries_dict["schaeffer-etal-2023-emergent"].fields_dict["author"].value
    assert [" ".join(each.last) for each in mirage] == ["Schaeffer", "Miranda", "Koyejo"]


@pytest.mark.parametrize(
    ("printed", "inverted"),
    [
        ("Kyunghyun Cho", "Cho, Kyunghyun"),
        ("Ludwig van Beethoven", "van Beethoven, Ludwig"),
        ("Jürgen Müller", "Müller, Jürgen"),
        ("Plato", "Plato"),
    ],
)
def test_a_name_is_taken_apart_by_the_rules_of_bibtex(printed: str, inverted: str) -> None:
    assert guessed(printed).inverted == inverted


def test_a_person_and_an_edition_have_all_their_papers(client: FlaskClient) -> None:
    assert len(bibtex(get(client, "/data/person/yoshua-bengio.bib"))) == 2
    papers = bibtex(get(client, "/data/edition/iclr-2024.bib"))
    assert len(papers) == 16
    assert len({each["key"] for each in papers}) == 16
    assert len(rispy.loads(get(client, "/data/edition/iclr-2024.ris"))) == 16
    assert len(json.loads(get(client, "/data/edition/iclr-2024.csl.json"))) == 16


@pytest.mark.parametrize(
    "path", ["person/marco-cuturi.ics", "person/moritz-hardt.bib", "edition/neurips-2016.csl.json"]
)
def test_a_format_in_which_there_is_nothing_is_neither_offered_nor_given(client: FlaskClient, path: str) -> None:
    answer = client.get(f"/data/{path}")
    assert (answer.status_code, "There is nothing of" in answer.text) == (404, True)
    assert path not in client.get(f"/page/{path.partition('.')[0]}").text


def test_an_author_with_two_printed_names_is_cited_once(client: FlaskClient) -> None:
    [entry] = bibtex(get(client, "/data/paper/neurips-2024/visual-autoregressive-modeling-scalable-image-55c8b937.bib"))
    assert entry["author"].startswith("Tian, Keyu and ")
    assert entry["author"].count(" and ") == 4


def test_the_calendar_of_an_edition_has_its_program_in_the_zone_of_the_place(client: FlaskClient) -> None:
    calendar = Calendar.from_ical(get(client, "/data/edition/neurips-2023.ics"))
    events = {str(event["summary"]): event for event in calendar.walk("VEVENT")}
    whole = events["NeurIPS 2023"]
    assert (whole.decoded("dtstart"), whole.decoded("dtend")) == (date(2023, 12, 10), date(2023, 12, 17))
    session = events["NeurIPS 2023 Oral 6A LLMs"]
    start = session.decoded("dtstart")
    assert start == datetime.fromisoformat("2023-12-14T15:20:00-06:00")
    assert session["dtstart"].params["TZID"] == "America/Chicago"
    assert start.utcoffset() == timedelta(hours=-6)
    assert "Hall C2" in str(session["location"])
    assert len({str(event["uid"]) for event in calendar.walk("VEVENT")}) == len(calendar.walk("VEVENT")) == 24
    assert all(event["dtstamp"] for event in calendar.walk("VEVENT"))


def test_the_calendar_of_a_person_has_what_they_present(client: FlaskClient) -> None:
    calendar = Calendar.from_ical(get(client, "/data/person/greg-corrado.ics"))
    assert [str(event["summary"]) for event in calendar.walk("VEVENT")] == [
        "Award talk on Distributed Representations of Words and Phrases and their Compositionality"
    ]


def test_a_moment_whose_offset_no_zone_of_the_country_has_stays_as_it_is() -> None:
    at = datetime.fromisoformat("2023-12-14T15:20:00+05:45")
    assert in_zone(at, "US") == at
    assert in_zone(at, "US").utcoffset() == at.utcoffset()
    assert in_zone(at, "XX", "Nowhere") == at


@pytest.mark.parametrize(("path", "first"), [("series/neurips", "NeurIPS 2025"), ("edition/neurips-2024", None)])
def test_a_feed_is_well_formed_and_complete(client: FlaskClient, path: str, first: str | None) -> None:
    response = client.get(f"/data/{path}.atom")
    assert response.mimetype == "application/atom+xml"
    feed = ET.fromstring(response.text)  # noqa: S314 - our own
    assert feed.tag == f"{ATOM}feed"
    for element in (feed, *feed.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert element.findtext(f"{ATOM}{name}")
        assert datetime.fromisoformat(element.findtext(f"{ATOM}updated") or "").tzinfo
    assert feed.find(f"{ATOM}author/{ATOM}name") is not None
    (own,) = [link.get("href") for link in feed.findall(f"{ATOM}link") if link.get("rel") == "self"]
    assert own == f"{BASE}data/{path}.atom"
    titles = [entry.findtext(f"{ATOM}title") for entry in feed.findall(f"{ATOM}entry")]
    assert titles
    assert first is None or titles[0] == first


def test_every_table_of_a_page_is_there_whole_as_csv(client: FlaskClient) -> None:
    text = get(client, "/page/edition/neurips-2024")
    addresses = [part.partition('"')[0] for part in text.split('class="csv" href="')[1:]]
    assert "/table/edition/neurips-2024/observations.csv" in addresses
    for address in addresses:
        response = client.get(address)
        assert response.content_type == "text/csv; charset=utf-8"
        head, *rows = csv.reader(StringIO(response.text))
        assert head[0] == "iri"
        assert head[-2:] == ["source", "lines"]
        assert {len(row) for row in rows} == {len(head)}
    reported = list(csv.DictReader(StringIO(get(client, addresses[0].rpartition("/")[0] + "/observations.csv"))))
    assert len(reported) == 55  # of which the page shows 50
    registrations = {
        row["as_printed"]: row for row in reported if row["measure"] == "registrations" and not row["mode"]
    }
    assert registrations["19,756"]["source"] == "NeurIPS 2024 fact sheet"
    assert registrations["16,500"]["lines"] == "11"


@pytest.mark.parametrize(
    "path",
    [
        "/data/paper/nothing.bib",
        "/data/place/ca.bib",
        "/table/edition/neurips-2024/nothing.csv",
        "/table/nothing/x.csv",
    ],
)
def test_what_is_not_there_is_said_so(client: FlaskClient, path: str) -> None:
    response = client.get(path, headers={"Accept": "application/problem+json"})
    assert response.status_code == 404
    assert response.json
    assert response.json["detail"]


def test_a_page_names_its_formats_in_links_and_in_its_head_lines(client: FlaskClient) -> None:
    response = client.get(f"/page/{MIRAGE}")
    for form in formats():
        if CVN.Paper in form.of:
            address = f"/data/{MIRAGE}.{form.media.suffix}"
            assert (
                f'<link rel="alternate" type="{form.media.type}" title="{form.name}" href="{address}">' in response.text
            )
            assert f'<a href="{address}" type="{form.media.type}">{form.name}</a>' in response.text
            assert f'<{address}>; rel="alternate"; type="{form.media.type}"' in response.headers.getlist("Link")
    assert "@inproceedings{" in response.text


def test_a_citation_leads_to_the_paper_and_not_to_its_data(client: FlaskClient) -> None:
    cited = {each["title"]: each["url"] for each in bibtex(get(client, "/data/edition/neurips-2023.bib"))}
    assert cited
    assert not [url for url in cited.values() if "huggingface.co" in url or "github.com" in url]
