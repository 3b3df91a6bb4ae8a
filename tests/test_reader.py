"""A curated file is read into what its document says, with the document's own texts where the document is given."""

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

import pytest

from graph.curated.curation import Curation, Identity
from graph.curated.documents import Document, open_document
from graph.curated.entry import TRUST
from graph.curated.reader import CuratedSource, open_file, read
from graph.errors import CuratedFileError, DocumentError
from graph.files import CURATED_FILES, ROOT
from graph.model import Record
from graph.model.award import AwardConferral, AwardRound
from graph.model.claim import Claim
from graph.model.committee import Committee
from graph.model.edition import Edition
from graph.model.link import Link
from graph.model.organization import Organization
from graph.model.paper import Authorship, Paper
from graph.model.person import Person
from graph.model.place import Place
from graph.model.program import Presentation, ProgramItem
from graph.model.role import RoleHolding
from graph.model.series import NamePeriod, Series
from graph.model.source import Source
from graph.model.statistic import Observation
from graph.model.track import Track
from graph.names import Names, code
from graph.terms import CVN

NAMES = Names("https://kg.example.org/")
NOBODY = Curation()
VALID = ROOT / "tests" / "curated" / "valid.yaml"
TEXT = VALID.with_suffix(".txt")
EDITION = NAMES.id("edition", "cogs-2031")
SPRING = NAMES.paper("cogs-2031", "Springs That Remember")
ADA, BLAISE, HYPATIA = (NAMES.person(name) for name in ("Ada Byron", "Blaise Lever", "Hypatia Moon"))
Write = Callable[..., Path]
Kind = TypeVar("Kind", bound=Record)


def opened(path: Path, document: Document | None = None, curation: Curation = NOBODY) -> CuratedSource:
    return read(open_file(path), NAMES, curation, document)


def records(source: CuratedSource, kind: type[Kind]) -> list[Kind]:
    return [said.record for said in source.said if isinstance(said.record, kind)]


def number(write: Write, printed: str, more: str = "") -> Decimal | int:
    text = f'numbers:\n  - {{line: 2, edition: cogs-2031, measure: participants, printed: "{printed}"{more}}}\n'
    [found] = records(opened(write(text)), Observation)
    return found.value


@pytest.fixture(scope="module")
def valid() -> CuratedSource:
    """The content of the valid file, without its document."""
    return opened(VALID)


@pytest.fixture(scope="module")
def whole() -> CuratedSource:
    """The content of the valid file, with its document."""
    return opened(VALID, open_document(TEXT))


@pytest.mark.parametrize("path", CURATED_FILES, ids=lambda path: path.stem)
def test_a_bundled_file_is_read(path: Path) -> None:
    source = opened(path)
    assert source.header.key == path.stem
    assert len(source.said) > 50


def test_a_source_says_what_it_is(valid: CuratedSource) -> None:
    source = records(valid, Source)[0]
    assert (source.iri, source.label) == (NAMES.id("source", "cogs-2031-fact-sheet"), "COGS 2031 fact sheet")
    assert (source.kind, source.trust, source.line_count) == (code("source-kind", "fact-sheet"), 30, 23)
    assert source.describes == (EDITION, NAMES.id("series", "cogs"))


def test_what_a_document_says_of_itself_is_of_the_source(valid: CuratedSource) -> None:
    found = records(valid, Source)
    assert [each.title for each in found if each.title] == ["COGS 2031 Names Its Best Paper"]
    assert [each.issued for each in found if each.issued] == [date(2031, 7, 7)]
    assert [each.headings for each in found if each.headings] == [("Best Paper Award",)]
    assert [each.withheld for each in found if each.withheld] == ["e-mail address"]


@pytest.mark.parametrize("text", ["12", "2031-07-06", "true", "1e3"])
def test_a_number_or_date_where_a_text_stands_is_that_text(write: Write, text: str) -> None:
    source = opened(write(f"headings:\n  - {{line: 2, text: {text}}}\n"))
    assert [each.headings for each in records(source, Source) if each.headings] == [(text,)]


@pytest.mark.parametrize("kind", TRUST)
def test_a_source_is_trusted_by_its_kind(write: Write, kind: str) -> None:
    assert opened(write(kind=kind)).header.weight == TRUST[kind]


def test_a_file_may_say_how_much_its_source_is_trusted(write: Write) -> None:
    path = write()
    path.write_text(path.read_text().replace("lines: 30", "lines: 30\n  trust: 0"))
    assert opened(path).header.weight == 0


def test_a_former_name_of_a_series_is_a_name_period(valid: CuratedSource) -> None:
    assert {(each.acronym, each.former) for each in records(valid, NamePeriod)} == {("COGS", False), ("GEARCON", True)}


def test_an_organizer_is_an_organization(valid: CuratedSource) -> None:
    assert [each.organized_by for each in records(valid, Series) if each.organized_by] == [
        NAMES.organization("Gear Foundation")
    ]
    assert {each.type for each in records(valid, Organization) if each.label == "Gears for All"} == {CVN.AffinityGroup}


def test_what_is_said_of_an_edition_is_where_it_is_said(valid: CuratedSource) -> None:
    said = {each.record: each.evidence for each in valid.said if isinstance(each.record, Edition)}
    [ordinal] = [evidence for record, evidence in said.items() if record.ordinal == 12]
    assert ordinal
    assert (ordinal.lines, ordinal.printed) == (("4",), "12th")
    [dates] = [record for record in said if record.start_date]
    assert (dates.start_date, dates.end_date, dates.mode) == (
        date(2031, 7, 6),
        date(2031, 7, 9),
        code("mode", "hybrid"),
    )


def test_a_place_lies_in_the_next_larger_one(valid: CuratedSource) -> None:
    venue, city, country = (NAMES.id(path) for path in ("venue/hall-of-wheels", "place/ch/geneva", "place/ch"))
    inside = {(each.iri, each.type, each.part_of) for each in records(valid, Place) if each.part_of}
    assert {(venue, CVN.Venue, city), (city, CVN.City, country)} < inside
    assert (country, CVN.Country, None) in {(each.iri, each.type, each.part_of) for each in records(valid, Place)}
    assert [each.place for each in records(valid, Edition) if each.place] == [venue]


def test_a_city_in_a_region_is_reported_from_one_that_is_not(write: Write) -> None:
    place = "editions:\n  - {{line: 2, edition: cogs-2031, place: {{city: Geneva, {}country: CH}}}}\n"
    plain = records(opened(write(place.format(""))), Edition)[-1].place
    inside = records(opened(write(place.format("region: Geneva (CH-GE), "))), Edition)[-1].place
    assert (plain, inside) == (NAMES.id("place", "ch", "geneva"), NAMES.id("place", "ch-ge", "geneva"))


def test_a_track_keeps_its_name_as_printed(valid: CuratedSource) -> None:
    assert [(each.alternatives, each.first_held) for each in records(valid, Track) if each.first_held] == [
        (("competition for posters",), True)
    ]


def test_authors_are_in_order_with_their_affiliations(valid: CuratedSource) -> None:
    found = [(each.position, each.person, each.name_as_printed) for each in records(valid, Authorship)]
    assert found == [(1, ADA, "Ada Byron"), (2, BLAISE, "Blaise Lever")]


def test_a_list_of_authors_that_is_not_whole_says_so(valid: CuratedSource) -> None:
    assert [each.authors_left_out for each in records(valid, Paper) if each.title] == [True]


def test_an_author_may_have_a_place_of_its_own(write: Write) -> None:
    authors = "authors: {line: 4, names: [{name: Ada Byron, position: 7}], et_al: true}"
    path = write(f"papers:\n  - {{line: 3, paper: A, title: Wheels, edition: cogs-2031, {authors}}}\n")
    assert [each.position for each in records(opened(path), Authorship)] == [7]


def test_authors_stand_at_lines_of_their_own(write: Write) -> None:
    authors = "authors: {line: [5, 6], names: [Ada Byron]}"
    source = opened(write(f"papers:\n  - {{line: 3, paper: A, title: Wheels, edition: cogs-2031, {authors}}}\n"))
    [evidence] = [each.evidence for each in source.said if isinstance(each.record, Authorship)]
    assert evidence
    assert evidence.lines == ("5", "6")


def test_members_and_the_lead_of_a_committee_hold_roles(valid: CuratedSource) -> None:
    committee = NAMES.id("committee", "cogs-2031", "best-paper")
    held = {
        (each.person, each.role.value.rpartition("/")[2])
        for each in records(valid, RoleHolding)
        if each.where == committee
    }
    assert held == {(ADA, "award-committee-member"), (HYPATIA, "award-committee-member"), (ADA, "award-committee-lead")}
    assert [each.nominated_by for each in records(valid, Committee) if each.nominated_by] == [
        (code("role", "program-chair"),)
    ]


def test_an_affiliation_is_that_of_the_time(valid: CuratedSource) -> None:
    found = {each.affiliations_as_printed for each in records(valid, RoleHolding) if each.person == ADA}
    assert found == {("Engine House",)}


def test_a_role_that_nobody_is_named_for_stands_without_a_person(valid: CuratedSource) -> None:
    assert [each.role for each in records(valid, RoleHolding) if not each.person] == [code("role", "program-chair")]


def test_a_conferral_has_what_its_round_says(valid: CuratedSource) -> None:
    [conferral] = [each for each in records(valid, AwardConferral) if each.award]
    assert (conferral.award_name, conferral.rank, conferral.paper) == (
        "Best Paper Award",
        code("rank", "winner"),
        SPRING,
    )
    assert conferral.decided_by == NAMES.id("committee", "cogs-2031", "best-paper")
    assert (
        conferral.round == records(valid, AwardRound)[0].iri == NAMES.id("edition", "cogs-2031", "award", "best-paper")
    )


@pytest.mark.parametrize(
    ("printed", "more", "expected"),
    [
        ("4037", "", "4037"),
        ("16,500", "", "16500"),
        ("1,234,567.5", "", "1234567.5"),
        ("25.8%", "", "0.258"),
        ("25.8 %", "", "0.258"),
        ("ninety", ", value: 90", "90"),
        ("over 5.7 billion", ", value: 5.7e9", "5700000000"),
        ("minus 3", ", value: -3", "-3"),
        ("0", "", "0"),
    ],
)
def test_a_number_is_read_as_it_is_printed(write: Write, printed: str, more: str, expected: str) -> None:
    assert number(write, printed, more) == Decimal(expected)


def test_a_number_keeps_what_is_printed(valid: CuratedSource) -> None:
    printed = {each.evidence.printed for each in valid.said if isinstance(each.record, Observation) and each.evidence}
    assert printed == {"1,250", "1,000", "250", "320", "80", "25%", "over ninety"}


def test_numbers_of_one_cell_that_differ_are_reported_apart_by_their_line(write: Write) -> None:
    entry = "  - {{line: {}, edition: cogs-2031, measure: participants, printed: {}}}\n"
    text = "numbers:\n" + entry.format(2, 5) + entry.format(7, 6) + entry.format(9, 5)
    stat = NAMES.id("stat", "cogs-2031", "participants", "made-up")
    found = [each.iri for each in records(opened(write(text)), Observation)]
    assert found == [stat, NAMES.within(stat, "line-7"), stat]


def test_numbers_that_hold_for_different_things_are_reported_apart(write: Write) -> None:
    entry = "  - {{line: {}, about: series:cogs, measure: citations, printed: 5, condition: {}}}\n"
    found = records(
        opened(write("numbers:\n" + entry.format(2, "on Monday") + entry.format(3, "on Sunday"))), Observation
    )
    assert len({each.iri for each in found}) == 2


def test_a_session_has_its_slot_with_the_zone(valid: CuratedSource) -> None:
    [session] = [each for each in records(valid, ProgramItem) if each.number == "1A"]
    zone = timezone(timedelta(hours=2))
    assert (session.start, session.end) == (
        datetime(2031, 7, 6, 10, tzinfo=zone),
        datetime(2031, 7, 6, 10, 30, tzinfo=zone),
    )
    assert (session.type, session.room) == (CVN.OralSession, NAMES.id("venue", "hall-of-wheels", "room-a"))


def test_a_presentation_presents_a_paper_in_a_session(valid: CuratedSource) -> None:
    found = {each.type: each for each in records(valid, Presentation) if each.presents}
    assert {each.presents for each in found.values()} == {SPRING}
    assert found[CVN.PosterPresentation].session == NAMES.id("edition", "cogs-2031", "session", "posters")
    assert found[CVN.PosterPresentation].number == "7"


def test_a_presentation_may_have_a_slot_of_its_own(write: Write) -> None:
    text = """papers:
  - {line: 3, paper: A, title: Wheels, edition: cogs-2031}
sessions:
  - {line: 4, session: s, edition: cogs-2031, name: Posters}
presentations:
  - {line: 5, edition: cogs-2031, paper: A, kind: poster, session: s, start: 2031-07-06T10:00:00+02:00}
"""
    starts = [each.start for each in records(opened(write(text)), Presentation) if each.presents]
    assert starts == [datetime(2031, 7, 6, 10, tzinfo=timezone(timedelta(hours=2)))]


def test_a_talk_has_a_speaker(valid: CuratedSource) -> None:
    [talk] = [each for each in records(valid, Presentation) if each.title]
    assert (talk.type, talk.title) == (CVN.InvitedTalk, "Time and Its Wheels")
    assert [each.person for each in records(valid, RoleHolding) if each.where == talk.iri] == [HYPATIA]


def test_an_award_talk_is_named_for_its_paper(write: Write) -> None:
    text = """papers:
  - {line: 3, paper: A, title: Wheels, edition: cogs-2031}
talks:
  - {line: 5, edition: cogs-2031, kind: award-talk, presents: A, speakers: [Ada Byron]}
"""
    assert "Award talk on Wheels" in {each.label for each in records(opened(write(text)), Presentation)}


def test_a_link_has_its_address_and_a_broken_one_only_its_words(write: Write) -> None:
    text = """links:
  - {line: 2, of: series:cogs, kind: website, url: "https://example.org/"}
  - {line: 3, of: series:cogs, kind: blog, url: "https://example .org", broken: true}
""".replace("example .org", "example.org/%zz")
    source = opened(write(text))
    assert [str(each.url) for each in records(source, Link)] == ["<https://example.org/>", "None"]
    assert [each.evidence.printed for each in source.said if isinstance(each.record, Link) and each.evidence] == [
        "https://example.org/",
        "https://example.org/%zz",
    ]


def test_without_its_document_a_file_says_no_texts(valid: CuratedSource) -> None:
    texts = [(each.abstract, each.highlight) for each in records(valid, Paper)]
    assert set(texts) == {(None, None)}
    assert [each.evidence.quote for each in valid.said if each.evidence and each.evidence.quote] == []
    assert [each.gives_texts for each in records(valid, Source) if each.trust] == [False]


def test_with_its_document_a_file_says_its_texts(whole: CuratedSource) -> None:
    assert [each.abstract for each in records(whole, Paper) if each.abstract] == ["We wind a spring, and it remembers."]
    assert [each.rationale for each in records(whole, AwardConferral) if each.rationale] == [
        "The committee liked that the spring is small."
    ]
    assert [each.aim for each in records(whole, Series) if each.aim] == [
        "Its aim is to bring together all who like wheels."
    ]
    assert [each.theme for each in records(whole, Track) if each.theme] == ["Wheels"]
    assert [each.gives_texts for each in records(whole, Source) if each.trust] == [True]


def test_with_its_document_a_claim_has_its_words(whole: CuratedSource) -> None:
    [evidence] = [each.evidence for each in whole.said if isinstance(each.record, Claim)]
    assert evidence
    assert evidence.quote == "Some call COGS the friendliest meeting of its kind"
    assert (evidence.lines, evidence.time, evidence.at) == (("20",), "5:32", "PT5M32S")


def test_a_document_adds_only_texts(valid: CuratedSource, whole: CuratedSource) -> None:
    added = {str(each) for each in whole.said} - {str(each) for each in valid.said}
    assert len(added) == 6


def test_another_document_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other.txt").write_text(TEXT.read_text() + "\n")
    with pytest.raises(DocumentError, match=r"other\.txt is not the document of cogs-2031-fact-sheet: valid\.yaml was"):
        opened(VALID, open_document(tmp_path / "other.txt"))


def test_words_that_are_not_in_the_document_are_reported_with_the_line_of_the_file(
    write: Write, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text("One.\n" * 30)
    document = open_document(tmp_path / "a.txt")
    path = write("texts:\n  - {line: 2, of: series:cogs, kind: aim, start: Two}\n", sha256=document.sha256)
    with pytest.raises(CuratedFileError) as error:
        opened(path, document)
    assert str(error.value) == "made-up.yaml:10: a.txt: lines 2 do not hold the words 'Two'; check both."


def test_a_curator_says_who_a_printed_name_is(write: Write) -> None:
    decision = Identity(source="made-up", printed="A. Byron", person="Ada Byron", because="The same family name.")
    curation = Curation(identities=(decision,))
    path = write("roles:\n  - {line: 2, role: reviewer, of: edition:cogs-2031, people: [A. Byron, B. Lever]}\n")
    source = opened(path, curation=curation)
    assert {(each.iri, each.label, each.alternatives) for each in records(source, Person)} == {
        (ADA, "Ada Byron", ("A. Byron",)),
        (ADA, None, ("A. Byron",)),  # with its line
        (NAMES.person("B. Lever"), "B. Lever", ()),
    }
    assert [each.name_as_printed for each in records(source, RoleHolding)] == ["A. Byron", "B. Lever"]


def test_a_decision_holds_for_one_source_only(write: Write) -> None:
    decision = Identity(source="other", printed="A. Byron", person="Ada Byron", because="The same family name.")
    path = write("roles:\n  - {line: 2, role: reviewer, of: edition:cogs-2031, people: [A. Byron]}\n")
    source = opened(path, curation=Curation(identities=(decision,)))
    assert [each.iri for each in records(source, Person)] == [NAMES.person("A. Byron")]


@pytest.mark.parametrize(
    "kind", ["session:s", "program:cogs-2031/socials", "committee:c", "award:cogs/best", "round:best"]
)
def test_anything_that_is_declared_below_can_be_referred_to_above(write: Write, kind: str) -> None:
    text = f"""claims:
  - {{line: 2, claim: c, about: {kind}, status: opinion, statement: It is kind.}}
numbers:
  - {{line: 2, about: {kind}, measure: attendance, printed: 5}}
links:
  - {{line: 2, of: {kind}, kind: website}}
sessions:
  - {{line: 3, session: s, edition: cogs-2031, name: Session}}
program_parts:
  - {{line: 3, edition: cogs-2031, part: socials}}
committees:
  - {{line: 3, committee: c, edition: cogs-2031}}
awards:
  - {{line: 3, round: best, award: cogs/best, edition: cogs-2031}}
"""
    assert len(records(opened(write(text)), Claim)) == 1


@pytest.mark.slow
def test_a_file_of_five_megabytes_is_read(write: Write) -> None:
    entry = (
        "  - {{line: 2, paper: P{0}, title: The long and careful title of a made-up paper {0}, edition: cogs-2031,"
        " authors: {{line: 3, names: [Ada Byron, Author {0}]}}}}\n"
    )
    path = write("papers:\n" + "".join(entry.format(count) for count in range(40_000)))
    assert path.stat().st_size > 5_000_000
    assert len({each.iri for each in records(opened(path), Paper)}) == 40_000
