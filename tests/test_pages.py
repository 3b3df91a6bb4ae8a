"""Pages say what is said, by whom and at which line, and what differs; they need no scripts and no other site."""

import csv
import io
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, QuerySolutions, QueryTriples

from graph.build import Inputs, build
from graph.policy import local
from graph.query import Query, read_query
from graph.settings import Settings
from graph.store.embedded import EmbeddedStore
from graph.terms import CVN, OWL, RDF, XSD, Triple
from graph.versions.home import Home
from graph.vocabulary.ontology import terms
from server.application import create_app
from server.display.asking import QUERIES
from server.display.words import address, words
from server.pages.panels import Panel, panels, read_panel
from server.sparql.completion import examples

BASE = "http://127.0.0.1:5000/"
EDITION = "/page/edition/neurips-2024"
SHEET = "/page/source/neurips-2024-fact-sheet"
PAGES = [
    "/", "/sources", "/ontology", "/shapes", "/search", "/search?q=neurips", "/sparql", "/code/measure",
    "/code/measure/registrations", EDITION, SHEET, "/page/series/neurips", "/id/nothing",
]  # fmt: skip


def page(client: FlaskClient, path: str) -> str:
    return unescape(client.get(path, headers={"Accept": "text/html"}).text)


def rows(text: str) -> list[str]:
    return re.findall(r"<tr\b.*?</tr>", text, re.DOTALL)


def said(text: str) -> list[str]:
    return re.findall(r"<dd>.*?</dd>", text.partition('<dl class="said">')[2].partition("</dl>")[0], re.DOTALL)


def triples(store: EmbeddedStore, *pattern: Any) -> list[Triple]:
    return [Triple.of(quad) for quad in store.engine.quads_for_pattern(*pattern)]


def things(store: EmbeddedStore, kind: NamedNode) -> list[str]:
    found = triples(store, None, RDF.type, kind, DefaultGraph())
    return sorted(each.subject.value.replace(f"{BASE}id/", "/page/") for each in found)


def test_both_values_are_on_the_page_where_sources_disagree(client: FlaskClient) -> None:
    found = [row for row in rows(page(client, EDITION)) if "19,756" in row or "16,500" in row]
    assert len(found) == 2
    assert "NeurIPS 2024 fact sheet, line\xa013" in found[0]
    assert "preferred. Decided by a curator" in found[0]
    assert "NeurIPS 2024 press release, line\xa011" in found[1]
    assert "not preferred." in found[1]


def test_an_edition_begins_with_its_numbers_and_a_sentence_on_what_sources_differ(client: FlaskClient) -> None:
    text = page(client, EDITION)
    block = text.partition('<dl class="facts">')[2].partition("</dl>")[0]
    numbers = re.findall(r'<a class="figure"[^>]*>([\d,.%]+)</a>', block)
    assert numbers == ["19,756", "16,777", "2,978", "17,491", "4,497", "25.71%", "25.3%", "25.8%"]
    assert "NeurIPS 2024 fact sheet, line\xa013" in block
    assert '<span class="change">+27% in a year</span>' in block
    assert 'class="mark' not in block
    conflict = text.partition('<p class="conflict">')[2].partition("</p>")[0]
    assert ">16,500</a>" in conflict
    assert "NeurIPS 2024 press release, line\xa011" in conflict
    assert "not preferred. Decided by a curator: The fact sheet gives the parts" in conflict


def test_every_big_number_leads_to_its_page(client: FlaskClient) -> None:
    for path in (EDITION, "/page/series/neurips", f"{EDITION}/track/main"):
        block = page(client, path).partition('<dl class="facts">')[2].partition("</dl>")[0]
        places = re.findall(r'<a class="figure" href="([^"]*)"', block)
        assert places
        assert all('<p class="amount' in page(client, place) for place in places)


def test_an_edition_has_a_chart_a_list_of_its_sections_and_its_tracks_before_its_statements(
    client: FlaskClient,
) -> None:
    text = page(client, EDITION)
    contents = re.findall(r'href="#([a-z-]+)"', text.partition('<nav class="contents"')[2].partition("</nav>")[0])
    assert contents[:5] == ["tracks", "people", "awards", "program", "papers"]
    assert all(f'<section id="{name}"' in text for name in contents)
    order = [
        text.index(f'<section id="{name}"') for name in ("attendance-by-year", *contents[:6], "findings", "complete")
    ]
    assert order == sorted(order)


def test_people_begin_with_the_chairs_and_a_role_without_a_name_is_no_link(client: FlaskClient) -> None:
    people = page(client, "/page/edition/neurips-2023").partition('<section id="people"')[2].partition("</section>")[0]
    assert re.findall(r"<h3><a[^>]*>([^<]+)", people)[:2] == ["general chair", "program chair"]
    assert "The sources do not name the communication chair" in people
    assert ">not named<" not in people
    mentors = page(client, "/page/edition/iclr-2024").partition('<section id="people"')[2].partition("</section>")[0]
    assert mentors.count(">ICLR 2024 mentor chats<") == 1


def test_a_committee_without_listed_members_shows_who_chaired_the_edition(client: FlaskClient) -> None:
    text = page(client, "/page/committee/neurips-2023/organizing")
    chairs = text.partition('<section id="chairs"')[2].partition("</section>")[0]
    assert re.findall(r'<span class="value"><a[^>]*>([^<]+)', chairs)[:2] == ["Alice Oh", "Tristan Naumann"]
    assert 'id="chairs"' not in page(client, "/page/committee/neurips-2024/best-paper-main")


def test_a_person_begins_with_the_affiliation_and_the_years(client: FlaskClient) -> None:
    head = page(client, "/page/person/moritz-hardt").partition("<h1")[2].partition("<table")[0]
    assert "Max Planck Institute for Intelligent Systems, Tübingen" in head
    assert "2023 to 2024" in head
    assert 'src="/view/person-by-year.svg?bare=1&person=person/moritz-hardt"' in head


def test_a_source_is_named_once_by_its_letter(client: FlaskClient) -> None:
    text = page(client, EDITION)
    legend = text.partition('<ul class="legend">')[2].partition("</ul>")[0]
    assert re.findall(r"<b>(\w)</b> <a[^>]*>([^<]+)", legend) == [
        ("a", "NeurIPS 2024 fact sheet"), ("b", "NeurIPS 2024 press release"), ("c", "Notes on a video about NeurIPS")
    ]  # fmt: skip
    assert re.search(r'<a href="[^"]*line=13#line-13" title="NeurIPS 2024 fact sheet, line\xa013"[^>]*><b>a</b>', text)


def test_the_program_stands_by_day_in_the_time_of_the_place_with_lines(client: FlaskClient) -> None:
    program = (
        page(client, "/page/edition/neurips-2023").partition('<section id="program"')[2].partition("</section>")[0]
    )
    days = re.findall(r"<h3><time[^>]*>([^<]+)</time> <span[^>]*>([^<]+)</span>", program)
    assert days == [
        ("Tuesday, December 12, 2023", "UTC−06:00"),  # noqa: RUF001
        ("Wednesday, December 13, 2023", "UTC−06:00"),  # noqa: RUF001
        ("Thursday, December 14, 2023", "UTC−06:00"),  # noqa: RUF001
    ]
    session = next(row for row in rows(program) if "Oral 6A LLMs" in row)
    assert "15:20–16:20" in session  # noqa: RUF001
    assert "Hall C2" in session
    assert "NeurIPS 2023 press release, line\xa0" in session


def test_a_person_has_one_line_for_each_edition(client: FlaskClient) -> None:
    text = page(client, "/page/person/moritz-hardt").partition('<section id="timeline"')[2].partition("</section>")[0]
    lines = rows(text)[1:]
    assert [re.findall(r'<th scope="row"><a[^>]*>([^<]+)', line) for line in lines] == [["ICLR 2024"], ["NeurIPS 2023"]]
    assert "invited speaker" in lines[0]
    assert "mentor" in lines[0]
    assert "ICLR 2024 fact sheet, line\xa070" in lines[0]


def test_a_track_has_the_numbers_that_are_given_for_it(client: FlaskClient) -> None:
    block = (
        page(client, "/page/edition/neurips-2024/track/main").partition('<dl class="facts">')[2].partition("</dl>")[0]
    )
    assert "15,671" in block
    assert "25.8%" in block
    assert block.count("NeurIPS 2024 fact sheet, line") >= 6


def test_the_numbers_of_a_series_lead_to_their_lines(client: FlaskClient) -> None:
    editions = page(client, "/page/series/neurips").partition('<section id="editions"')[2].partition("</section>")[0]
    line = next(row for row in rows(editions) if ">NeurIPS 2010<" in row)
    assert "1,354" in line
    assert "NeurIPS 2024 fact sheet, line\xa033" in line
    assert '<a href="/page/stat/neurips-2010/attendance/neurips-2024-fact-sheet">1,354</a>' in line


def test_the_overlap_of_jury_and_recipients_is_found_and_without_one_is_not_shown(client: FlaskClient) -> None:
    assert "Members and recipients" not in page(client, "/page/committee/neurips-2024/best-paper-main")
    jury, member, other, award, paper, edition = (NamedNode(f"urn:x:{each}") for each in "jmoape")
    said: list[tuple[NamedNode, NamedNode, NamedNode | Literal]] = [
        (NamedNode("urn:x:h1"), CVN["in"], jury),
        (NamedNode("urn:x:h1"), CVN.person, member),
        (NamedNode("urn:x:h2"), CVN["in"], jury),
        (NamedNode("urn:x:h2"), CVN.person, other),
        (award, CVN.winner, member),
        (award, CVN.edition, edition),
        (award, CVN.awardName, Literal("Best Paper Award")),
        (award, CVN.paper, paper),
    ]
    store = EmbeddedStore.memory(Quad(*each, DefaultGraph()) for each in said)
    found = store.query(read_query(QUERIES / "panels" / "committee-overlap.rq").bind(entity=jury))
    assert isinstance(found, QuerySolutions)
    assert [(row["person"], row["paper"]) for row in found] == [(member, paper)]


def test_the_home_page_shows_differences_side_by_side(client: FlaskClient) -> None:
    block = page(client, "/").partition('id="differences"')[2]
    sides = re.findall(r'class="figure"><a[^>]*>([\d,]+)<', block)
    assert sides[:2] == ["19,756", "16,500"]
    assert "</a>: place" not in block  # a venue and the city that it is in are no difference


def test_the_home_page_counts_what_is_there(client: FlaskClient, store: EmbeddedStore) -> None:
    text = page(client, "/")
    for what, kind in {"editions": CVN.Edition, "papers": CVN.Paper, "people": CVN.Person}.items():
        count = f"{len(things(store, kind)):,}"
        assert f'<dt>{what}</dt><dd><span class="figure"><a href="/browse/{what}">{count}</a></span></dd>' in text


@pytest.mark.parametrize("kind", ["Edition", "Paper", "Authorship", "RoleHolding", "Observation", "Track", "Committee"])
def test_every_fact_of_a_page_has_source_and_line(client: FlaskClient, store: EmbeddedStore, kind: str) -> None:
    for path in things(store, CVN[kind])[:20]:
        text = page(client, path)
        assert all("/page/source/" in value for value in said(text)), path
        for table in re.findall(r"<table>.*?</table>", text, re.DOTALL):
            if "<caption" in table and not any(each in table for each in ("Decisions", "The same elsewhere")):
                assert all("/page/source/" in row for row in rows(table)[1:]), path


def test_the_line_of_a_fact_is_on_the_page_it_leads_to(client: FlaskClient) -> None:
    for place in set(re.findall(r'href="(/page/source/[^"]*#line-\d+)"', page(client, EDITION))):
        assert f'id="{urlsplit(place).fragment}"' in page(client, place), place


def test_a_value_that_was_not_chosen_is_marked_with_the_reason(
    write: Callable[..., Path], tmp_path: Path, engine: str
) -> None:
    entry = "editions:\n  - {{line: 2, edition: cogs-2031, ordinal: {}}}\n"
    files = (write(entry.format(11), key="a", kind="press-release"), write(entry.format(12), key="b"))
    build(Home(tmp_path / "home"), BASE, Inputs(files))
    client = create_app(Settings(home=str(tmp_path / "home"), base=BASE), engine).test_client()
    text = page(client, "/page/edition/cogs-2031").partition('<div class="disputed">')[2].partition("</div>")[0]
    assert text.index("12 <") < text.index(">chosen<") < text.index("11 <") < text.index(">not chosen<")
    assert "Sources differ. The A made-up fact-sheet is trusted above the A made-up press-release." in text


def test_authors_are_in_their_order(client: FlaskClient, store: EmbeddedStore) -> None:
    for path in things(store, CVN.Paper):
        table = page(client, path).partition('id="authorships"')[2].partition("</table>")[0]
        positions = [int(each) for each in re.findall(r'<th scope="row"><a[^>]*>(\d+)</a>', table)]
        assert positions == sorted(positions), path


def test_a_contested_claim_is_only_on_the_page_of_its_source(
    client: FlaskClient, store: EmbeddedStore, settings: Settings, engine: str
) -> None:
    shown = create_app(settings.changed(allegations="yes"), engine).test_client()
    claims = {each.subject for each in triples(store, None, RDF.type, CVN.Claim, None)}
    contested = [each for each in claims if not triples(store, each, None, None, DefaultGraph())]
    assert contested
    for claim in contested:
        place = client.get(claim.value.replace(f"{BASE}id/", "/page/")).headers["Location"]
        statement = triples(store, claim, CVN.statement, None, None)[0].object.value
        about = triples(store, claim, CVN.about, None, None)[0].object.value
        assert statement not in page(client, place)
        entry = page(shown, place).partition(statement)[2].partition("</li>")[0]
        assert "claim: <a" in entry
        assert "kept with this source alone" in entry
        assert "/page/source/" in about or statement not in page(client, about.replace(f"{BASE}id/", "/page/"))


def test_a_source_says_everything_it_says(client: FlaskClient, store: EmbeddedStore) -> None:
    graph = NamedNode(f"{BASE}graph/source/neurips-2024-fact-sheet")
    begun = {each.object.value.partition("-")[0] for each in triples(store, None, CVN.sourceLine, None, graph)}
    first = page(client, SHEET)
    last = int(re.findall(r"Page 1 of (\d+)", first)[0])
    pages = [first, *(page(client, f"{SHEET}?page={number}") for number in range(2, last + 1))]
    assert {line for text in pages for line in re.findall(r'<li id="line-(\d+)"', text)} == begun


def test_long_groups_go_on_to_further_pages(client: FlaskClient) -> None:
    first, second = page(client, EDITION), page(client, f"{EDITION}?group=observations&page=2")
    assert '<a rel="next" href="?group=observations&page=2#observations">' in first
    assert len(set(rows(first)) & set(rows(second))) < len(rows(second))
    assert '<a rel="prev" href="?group=observations&page=1#observations">' in second


@pytest.mark.parametrize("number", ["0", "-1", "99999999999999999999", "x", "²"])
def test_a_page_that_is_not_there_is_the_nearest_that_is(client: FlaskClient, number: str) -> None:
    assert client.get(f"{EDITION}?group=observations&page={number}").status_code == 200
    assert client.get(f"{SHEET}?page={number}").status_code == 200
    assert client.get(f"{SHEET}?line={number}").status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_every_page_has_title_search_footer_and_no_foreign_or_inline_code(client: FlaskClient, path: str) -> None:
    text = page(client, path)
    assert re.search(r"<title>[^<]+ · Convocation</title>", text)
    assert '<a class="skip" href="#main">' in text
    assert 'action="/search"' in text
    assert "<footer>" in text
    assert "Version 1 of the graph" in text
    allowed = r'type="(?:module" src="/(?:static|assets)/|application/ld\+json">)'
    assert not re.search(rf"<script(?! {allowed})|<style|\sstyle=|\son\w+=", text)
    assert not re.findall(r'<(?:link rel="stylesheet"|img|iframe)[^>]*(?:href|src)="(?:https?:)?//', text)


@pytest.mark.parametrize("path", PAGES)
def test_every_link_of_a_page_to_this_site_leads_somewhere(client: FlaskClient, path: str) -> None:
    places = {place.partition("#")[0] for place in re.findall(r'href="(/[^"]*)"', page(client, path))}
    broken = {place for place in sorted(places)[:150] if client.get(place, buffered=True).status_code not in (200, 303)}
    assert not broken


@pytest.mark.parametrize("path", PAGES)
def test_no_two_things_of_a_page_have_one_id(client: FlaskClient, path: str) -> None:
    ids = re.findall(r'\sid="([^"]+)"', page(client, path))
    assert len(ids) == len(set(ids))


def test_every_example_runs_as_it_is_and_finds_something(store: EmbeddedStore) -> None:
    for example in examples():
        assert {"title", "summary"} <= example.header.keys()
        results = store.query(example.text)
        assert isinstance(results, QuerySolutions | QueryTriples)
        assert list(results), example.name


def test_the_form_holds_the_example_asked_for(client: FlaskClient) -> None:
    assert "foaf:knows" in page(client, "/sparql?example=coauthors")
    assert "foaf:knows" not in page(client, "/sparql")


def test_the_schema_of_curated_files_is_served(client: FlaskClient) -> None:
    schema = client.get("/schema/curated.json").json
    assert schema
    assert "$defs" in schema


@pytest.mark.parametrize("path", sorted(QUERIES.rglob("*.rq")), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_query_of_the_pages_says_what_it_is_and_runs_as_it_is(store: EmbeddedStore, path: Path) -> None:
    query = read_query(path)
    assert {"title", "summary"} <= query.header.keys()
    assert query.header["title"][0].isupper()
    store.query(local(query.text))


@pytest.mark.parametrize("panel", panels(), ids=lambda panel: panel.query.name)
def test_a_panel_shows_a_class_of_the_ontology_a_page_at_a_time(panel: Panel) -> None:
    classes = {each.subject for each in terms() if each.predicate == RDF.type and each.object == OWL.Class}
    assert panel.shows is None or panel.shows in classes
    assert panel.shows is None or ("LIMIT 50 OFFSET 0" in panel.query.text and "UNDEF" in panel.query.text)
    assert panel.shows or panel.is_for_others or "of" in panel.query.header


def test_a_folder_with_one_more_file_has_one_more_panel(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    query = Query(
        "edition-cities",
        {"title": "Cities", "summary": "Where it was.", "of": "cvn:Edition", "order": "1"},
        f"SELECT ?thing ?city WHERE {{ ?_entity {CVN.city} ?thing . BIND (1 AS ?city) }}",
    )
    monkeypatch.setattr("server.pages.panels.panels", lambda: (read_panel(query), *panels()))
    assert '<h2 id="cities-title">Cities <span class="count">1</span>' in page(client, EDITION)


def test_values_that_are_not_well_formed_are_shown_as_they_are() -> None:
    for text, kind, shown in (
        ("2024-02-31", XSD.date, "2024-02-31"),
        ("many", XSD.integer, "many"),
        ("19756", XSD.integer, "19,756"),
        ("2024-12-10", XSD.date, "December 10, 2024"),
        ("2024-12-10T09:00:00-08:00", XSD.dateTime, "December 10, 2024, 09:00 (UTC-0800)"),
        ("true", XSD.boolean, "yes"),
        ("2024", XSD.gYear, "2024"),
    ):
        assert words(Literal(text, datatype=kind)) == shown


def test_only_addresses_of_the_web_are_links(client: FlaskClient) -> None:
    client.get("/")
    assert address(NamedNode("https://example.org/")) == "https://example.org/"
    for iri in ("javascript:alert(1)", "mailto:someone@example.org", "urn:isbn:1"):
        assert address(NamedNode(iri)) == ""


def test_a_paper_without_an_edition_is_once_on_the_line_of_years(client: FlaskClient) -> None:
    table = (
        client.get("/page/person/ilya-sutskever").text.partition('<table class="timeline">')[2].partition("</table>")[0]
    )
    rows = [row for row in table.split("<tr>")[2:] if "Intriguing properties" in row and "author" in row]
    assert ["elsewhere" in row for row in rows] == [True]


@pytest.mark.parametrize("path", ["/views/", "/sparql/", "/sources/?x=1", "/page/edition/neurips-2024/"])
def test_an_address_with_a_slash_too_many_leads_to_its_page(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers={"Accept": "text/html"})
    assert (answer.status_code, answer.headers["Location"].replace("/?", "?")) == (
        308,
        path.replace("/?", "?").rstrip("/"),
    )


def test_a_line_and_its_time_in_a_recording_stand_together(client: FlaskClient) -> None:
    page = client.get("/page/person/keyu-tian").text
    assert re.search(r">16</a> at 04:06:00, <a [^>]*>20</a> at 04:24:00|16</a> at 04:06:00", page)
    assert "at 04:24:00 at 04:06:00" not in page


def test_a_name_that_one_source_prints_otherwise_names_that_source(client: FlaskClient) -> None:
    table = list(csv.DictReader(io.StringIO(client.get("/table/person/keyu-tian/papers.csv").text)))
    assert [row["name_as_printed"] for row in table] == ["K. Tion (Notes on a video about NeurIPS)"]
