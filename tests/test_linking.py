"""Connectors ask other graphs by recorded answers, which a server on the loopback interface sends, and its failures."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from conftest import BASE, Run
from peers import AnsweringHandler, serving

from graph.build import Inputs, build
from graph.errors import FetchError
from graph.fetching.fetcher import Facts, Fetcher
from graph.files import ROOT
from graph.linking import connector, connectors
from graph.linksets.asking import PATIENCE, Asker
from graph.linksets.connector import Candidate, FoundAuthor, FoundWork, valid
from graph.linksets.exchange import best, exchanged, may_be_one
from graph.linksets.merging import Place, merged
from graph.linksets.policy import checked
from graph.linksets.reviewing import reviewed, waiting
from graph.linksets.sssom import MappingSet, read, text
from graph.linksets.subjects import Subject, Subjects, Work
from graph.names import Names
from graph.store.embedded import EmbeddedStore
from graph.terms import DCTERMS
from graph.versions.home import Home
from graph.vocabulary.identifiers import identifier

pytestmark = pytest.mark.usefixtures("quick_retries")

RECORDED = ROOT / "tests" / "linking"
JSON = "application/json"


@dataclass
class Graph:
    """A server of another graph: planned answers first, then recorded ones by a part of the request, else 404."""

    recorded: dict[str, bytes] = field(default_factory=dict)
    planned: list[tuple[int, dict[str, str], bytes]] = field(default_factory=list)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    address: str = ""

    def answer(self, path: str, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        """Return the answer to a request."""
        self.asked.append((path, headers))
        if self.planned:
            return self.planned.pop(0)
        body = next((body for part, body in self.recorded.items() if part in path), None)
        if body is None:
            return 404, {}, b"{}"
        if headers.get("If-None-Match") == '"one"':
            return 304, {"ETag": '"one"'}, b""
        return 200, {"ETag": '"one"', "Content-Type": JSON}, body


@pytest.fixture
def other() -> Iterator[Graph]:
    """Another graph."""
    graph = Graph()

    class Handler(AnsweringHandler):
        def reply(self, _: bytes) -> None:
            status, headers, body = graph.answer(self.path, dict(self.headers))
            self.answer(status, body, headers)

    with serving(Handler) as address:
        graph.address = address
        yield graph


@pytest.fixture
def asker(other: Graph, tmp_path: Path) -> Asker:
    """An asker of that graph, without pauses."""
    return Asker(other.address, tmp_path / "answers", Fetcher("mailto:who@example.org", pause=0))


def answer(name: str) -> bytes:
    return (RECORDED / f"{name}.json").read_bytes()


def work(path: str, title: str, year: int, people: tuple[str, ...], **ids: str) -> Work:
    authors = tuple(Subject(f"person/{name.lower().replace(' ', '-')}", name) for name in people)
    return Work(f"paper/{path}", title, valid(**ids), year, authors)


BERT = work(
    "acl-2023/bert",
    "Multi-CLS BERT: An Efficient Alternative to Traditional Ensembling",
    2023,
    ("Haw-Shiuan Chang", "Ruei-Yao Sun", "Kathryn Ricci", "Andrew McCallum"),
    doi="10.18653/v1/2023.acl-long.48",
)
ACCESS = work(
    "x-2018/oa",
    "The state of OA: a large-scale analysis of the prevalence and impact of Open Access articles",
    2018,
    (
        "Heather Piwowar",
        "Jason Priem",
        "Vincent Larivière",
        "Juan Pablo Alperin",
        "Lisa Matthias",
        "Bree Norlander",
        "Ashley Farley",
        "Jevin West",
        "Stefanie Haustein",
    ),
    doi="10.7717/peerj.4375",
)
MICE = work(
    "x-2012/mice",
    "Methylphenidate Exposure Induces Dopamine Neuron Loss and Activation of Microglia in the Basal Ganglia of Mice",
    2012,
    (),
    doi="10.1371/journal.pone.0033693",
)


def find(key: str, asker: Asker, *works: Work, **others: tuple[Subject, ...]) -> list[Candidate]:
    return list(connector(key).find(Subjects(works, others), asker))


def by_scheme(found: list[Candidate], scheme: str) -> dict[str, Candidate]:
    return {each.identifier.value: each for each in found if each.identifier.scheme.name == scheme}


def test_a_doi_brings_the_record_of_dblp_and_that_the_authors_by_position(other: Graph, asker: Asker) -> None:
    other.recorded["/search/publ/api"] = answer("dblp-search")
    found = find("dblp", asker, BERT)
    (record,) = by_scheme(found, "dblp").values()
    assert (record.identifier.value, record.confidence, record.certain) == ("conf/acl/ChangSRM23", 1.0, True)
    people = by_scheme(found, "dblp-person")
    assert people["130/1022"].subject.label == "Haw-Shiuan Chang"
    assert people["m/AndrewMcCallum"].subject.label == "Andrew McCallum"
    assert other.asked[0][1]["User-Agent"].startswith("Convocation/")


def test_one_shared_work_is_not_enough_for_a_person(other: Graph, asker: Asker) -> None:
    other.recorded["/search/publ/api"] = answer("dblp-search")
    people = by_scheme(find("dblp", asker, BERT), "dblp-person").values()
    assert {(each.confidence, each.certain) for each in people} == {(0.9, False)}


def test_two_shared_works_make_a_person_certain(other: Graph, asker: Asker) -> None:
    again = json.loads(answer("dblp-search"))
    again["result"]["hits"]["hit"][0]["info"] |= {"title": "Another Title.", "key": "conf/acl/X23", "doi": "10.1000/x"}
    other.recorded |= {"Another": json.dumps(again).encode(), "/search/publ/api": answer("dblp-search")}
    second = replace(BERT, path="paper/acl-2023/x", label="Another Title", ids=valid(doi="10.1000/x"))
    people = by_scheme(find("dblp", asker, BERT, second), "dblp-person").values()
    assert {(each.confidence, each.certain) for each in people} == {(0.99, True)}


def test_an_author_alone_is_no_list_in_dblp(other: Graph, asker: Asker) -> None:
    alone = json.loads(answer("dblp-search"))
    info = alone["result"]["hits"]["hit"][0]["info"]
    info["authors"]["author"] = info["authors"]["author"][0]
    other.recorded["/search/publ/api"] = json.dumps(alone).encode()
    found = find("dblp", asker, replace(BERT, authors=BERT.authors[:1]))
    assert set(by_scheme(found, "dblp-person")) == {"130/1022"}


def test_a_search_without_hits_finds_nothing(other: Graph, asker: Asker) -> None:
    other.recorded["/search/publ/api"] = b'{"result": {"hits": {"@total": "0"}}}'
    assert find("dblp", asker, BERT) == []
    assert asker.failures == []


def test_openalex_gives_works_authors_and_their_orcid_ids(other: Graph, asker: Asker) -> None:
    other.recorded["/works/doi:10.7717/peerj.4375"] = answer("openalex-work")
    found = find("openalex", asker, ACCESS)
    assert by_scheme(found, "openalex")["W2741809807"].certain
    assert by_scheme(found, "openalex")["A5023888391"].subject.label == "Jason Priem"
    assert by_scheme(found, "orcid")["0000-0001-6187-6610"].subject.label == "Jason Priem"


def test_the_author_that_stands_for_nobody_is_not_linked(other: Graph, asker: Asker) -> None:
    nobody = answer("openalex-work").replace(b"A5023888391", b"A9999999999")
    other.recorded["/works/"] = nobody
    found = find("openalex", asker, ACCESS)
    assert "Jason Priem" not in {each.subject.label for each in found}


def test_a_wrong_orcid_check_digit_in_a_record_is_not_linked(other: Graph, asker: Asker) -> None:
    other.recorded["/works/"] = answer("openalex-work").replace(b"0000-0001-6187-6610", b"0000-0001-6187-6611")
    assert "Jason Priem" not in {
        each.subject.label for each in by_scheme(find("openalex", asker, ACCESS), "orcid").values()
    }


def test_a_record_of_another_paper_under_the_same_doi_is_not_linked(other: Graph, asker: Asker) -> None:
    other.recorded["/works/"] = answer("openalex-work")
    wrong = replace(BERT, ids=ACCESS.ids)
    assert find("openalex", asker, wrong) == []


def test_crossref_names_the_authors_of_a_doi(other: Graph, asker: Asker) -> None:
    record = json.loads(answer("crossref-work"))
    record["message"]["author"][0]["ORCID"] = "http://orcid.org/0000-0001-6187-6610"
    other.recorded["/works/10.1371%2Fjournal.pone.0033693"] = json.dumps(record).encode()
    names = [f"{each['given']} {each['family']}" for each in record["message"]["author"]]
    people = tuple(Subject(f"person/{number}", name) for number, name in enumerate(names))
    found = find("crossref", asker, replace(MICE, authors=people))
    assert [(each.subject.label, each.identifier.value) for each in found] == [(names[0], "0000-0001-6187-6610")]


def test_semantic_scholar_gives_the_identifiers_of_other_graphs(other: Graph, asker: Asker) -> None:
    paper = {
        "paperId": "0" * 40,
        "title": BERT.label,
        "year": 2023,
        "externalIds": {
            "DOI": "10.18653/v1/2023.acl-long.48",
            "ACL": "2023.acl-long.48",
            "DBLP": "conf/acl/ChangSRM23",
        },
        "authors": [{"name": each.label} for each in BERT.authors],
    }
    other.recorded["/graph/v1/paper/DOI:10.18653"] = json.dumps(paper).encode()
    found = find("semantic-scholar", asker, BERT)
    assert {each.identifier.scheme.name for each in found} == {"semantic-scholar", "acl", "dblp"}


def test_openreview_gives_profiles_by_position_but_no_addresses(other: Graph, asker: Asker) -> None:
    mirage = work(
        "n/mirage",
        "Are Emergent Abilities of Large Language Models a Mirage?",
        2023,
        ("Rylan Schaeffer", "Sanmi Koyejo"),
        openreview="ITw9edRDlD",
    )
    content = {
        "title": {"value": mirage.label},
        "authors": {"value": ["Rylan Schaeffer", "Sanmi Koyejo"]},
        "authorids": {"value": ["~Rylan_Schaeffer2", "someone@example.org"]},
    }
    other.recorded["/notes?id=ITw9edRDlD"] = json.dumps({"notes": [{"id": "ITw9edRDlD", "content": content}]}).encode()
    found = find("openreview", asker, mirage)
    assert [(each.subject.label, each.identifier.value) for each in found] == [("Rylan Schaeffer", "~Rylan_Schaeffer2")]


def test_an_orcid_id_is_confirmed_by_two_works_and_the_name(other: Graph, asker: Asker) -> None:
    ids = [{"external-id-type": "doi", "external-id-value": each} for each in ("10.1000/a", "10.1000/b")]
    record = {
        "person": {"name": {"given-names": {"value": "Jason"}, "family-name": {"value": "Priem"}}},
        "activities-summary": {"works": {"group": [{"external-ids": {"external-id": [each]}} for each in ids]}},
    }
    other.recorded["/v3.0/0000-0001-6187-6610/record"] = json.dumps(record).encode()
    jason = Subject("person/jason-priem", "Jason Priem", valid(orcid="0000-0001-6187-6610"))
    two = [Work(f"paper/{each}", each, valid(doi=f"10.1000/{each}"), 2020, (jason,)) for each in "ab"]
    assert [each.certain for each in find("orcid", asker, *two, Person=(jason,))] == [True]
    assert [each.certain for each in find("orcid", asker, two[0], Person=(jason,))] == [False]


def test_organizations_are_found_by_name_with_their_items(other: Graph, asker: Asker) -> None:
    other.recorded["/v2/organizations"] = answer("ror-organizations")
    found = find("ror", asker, Organization=(Subject("org/tau", "Tel Aviv University"),))
    assert [(each.identifier.value, each.confidence) for each in found] == [("04mhzgx49", 0.95), ("Q319239", 0.95)]


@pytest.mark.parametrize("name", ["University of Tel Aviv", "The Tel-Aviv Univ."])
def test_an_organization_in_another_spelling_is_found_with_less_confidence(
    other: Graph, asker: Asker, name: str
) -> None:
    other.recorded["/v2/organizations"] = answer("ror-organizations")
    found = find("ror", asker, Organization=(Subject("org/tau", name),))
    assert [(each.identifier.value, each.confidence) for each in found] == [("04mhzgx49", 0.9)]


@pytest.mark.parametrize("name", ["Meta", "KAIST", "Nowhere University"])
def test_a_name_of_several_organizations_or_an_acronym_waits_for_a_review(
    other: Graph, asker: Asker, name: str
) -> None:
    other.recorded["/v2/organizations"] = answer("ror-organizations")
    found = find("ror", asker, Organization=(Subject("org/x", name),))
    assert {each.confidence for each in found} <= {0.5}


def test_items_are_found_by_the_identifiers_of_things(other: Graph, asker: Asker) -> None:
    rows = [("Q168756", "01an7q238"), ("Q319239", "04mhzgx49"), ("Q56612885", "04mhzgx49")]
    bindings = [
        {
            "item": {"type": "uri", "value": f"http://www.wikidata.org/entity/{item}"},
            "id": {"type": "literal", "value": ror},
        }
        for item, ror in rows
    ]
    other.recorded["/sparql"] = json.dumps({"results": {"bindings": bindings}}).encode()
    things = (Subject("org/a", "A", valid(ror="01an7q238")), Subject("org/b", "B", valid(ror="04mhzgx49")))
    found = find("wikidata", asker, Organization=things)
    assert "wikidata.org%2Fprop%2Fdirect%2FP6782" in other.asked[0][0]
    assert "%2204mhzgx49%22" in other.asked[0][0]
    assert {(each.subject.path, each.identifier.value, each.certain) for each in found} == {
        ("org/a", "Q168756", True),
        ("org/b", "Q319239", False),
        ("org/b", "Q56612885", False),
    }


def test_every_connector_says_its_license_and_pause() -> None:
    assert all(each.license.startswith("https://") and each.pause >= 1 for each in connectors().values())
    with pytest.raises(FetchError, match="There is no connector 'myspace'; there are crossref, dblp"):
        connector("myspace")


FAILURES = {
    "html": (200, {"Content-Type": "text/html"}, b"<html>Please log in</html>"),
    "half a JSON": (200, {"Content-Type": JSON}, b'{"result": {"hits": {"hit": [{"info"'),
    "nothing": (200, {"Content-Type": JSON}, b""),
    "another form": (200, {"Content-Type": JSON}, b'{"result": []}'),
    "an error": (500, {}, b"Internal Server Error"),
    "a refusal": (403, {}, b"Forbidden"),
}


@pytest.mark.parametrize("kind", FAILURES)
def test_an_answer_that_cannot_be_used_is_reported_and_links_nothing(other: Graph, asker: Asker, kind: str) -> None:
    other.planned = [FAILURES[kind]] * 6
    assert find("dblp", asker, BERT) == []
    assert len(asker.failures) == 1
    assert other.address in asker.failures[0]
    other.planned, other.recorded["/search/publ/api"] = [], answer("dblp-search")
    assert by_scheme(find("dblp", asker, BERT), "dblp")  # nothing of the failure was kept


def test_a_server_that_asks_to_wait_is_asked_again_after_that(other: Graph, asker: Asker) -> None:
    other.planned = [(429, {"Retry-After": "0"}, b""), (429, {"Retry-After": "0"}, b"")]
    other.recorded["/search/publ/api"] = answer("dblp-search")
    assert by_scheme(find("dblp", asker, BERT), "dblp")
    assert (len(other.asked), asker.failures) == (3, [])


def test_a_server_that_asks_to_wait_long_is_left_in_peace(other: Graph, asker: Asker) -> None:
    other.planned = [(429, {"Retry-After": "86400"}, b"")]
    assert find("dblp", asker, BERT) == []
    assert "to be asked again in 86,400 s" in asker.failures[0]
    assert len(other.asked) == 1


def test_a_server_that_fails_again_and_again_is_asked_no_more(other: Graph, asker: Asker) -> None:
    other.planned = [(403, {}, b"")] * 20
    works = [replace(BERT, path=f"paper/{number}", label=f"Title {number}") for number in range(9)]
    assert find("dblp", asker, *works) == []
    assert (len(other.asked), asker.unanswered) == (PATIENCE, 9 - PATIENCE)


def test_an_answer_is_asked_for_again_after_a_month_and_sent_if_it_has_changed(other: Graph, asker: Asker) -> None:
    other.recorded["/search/publ/api"] = answer("dblp-search")
    first, second = find("dblp", asker, BERT), find("dblp", asker, BERT)
    assert first == second
    assert len(other.asked) == 1
    (path,) = asker.folder.glob("*.json")
    facts = Facts.read(path)
    assert facts
    replace(facts, fetched="2020-01-01T00:00:00+00:00").write(path)
    assert find("dblp", asker, BERT) == first
    assert other.asked[1][1]["If-None-Match"] == '"one"'


def test_a_later_run_goes_on_where_the_limit_ended_the_first(other: Graph, asker: Asker) -> None:
    works = [replace(BERT, path=f"paper/{number}", label=f"Title {number}") for number in range(4)]
    for _ in range(2):
        find("dblp", replace(asker, limit=2, asked=0), *works)  # the server knows none of them
    assert len({path for path, _ in other.asked}) == len(other.asked) == 4


def test_nothing_is_sent_offline_but_earlier_answers_are_used(other: Graph, asker: Asker) -> None:
    other.recorded["/search/publ/api"] = answer("dblp-search")
    first = find("dblp", asker, BERT)
    quiet = Asker(other.address, asker.folder, Fetcher(offline=True))
    assert find("dblp", quiet, BERT) == first
    assert find("dblp", quiet, replace(BERT, label="Never Asked")) == []
    assert (len(other.asked), quiet.unanswered, quiet.failures) == (1, 1, [])


def record(title: str, year: int, people: tuple[str, ...], **ids: str) -> FoundWork:
    return FoundWork(title, year, valid(**ids), tuple(FoundAuthor(name) for name in people))


def test_a_work_without_a_shared_identifier_needs_title_year_and_all_authors() -> None:
    people = tuple(each.label for each in BERT.authors)
    good = record(BERT.label, 2023, people, dblp="conf/acl/A23")
    assert best(BERT, [good])
    assert best(BERT, [good, good]) is None  # two records, one of which may be the preprint
    for bad in (replace(good, year=2019), replace(good, title="Another"), replace(good, authors=good.authors[:3])):
        assert best(BERT, [bad]) is None


def test_one_person_on_two_pages_is_probably_the_same_elsewhere_but_not_identical() -> None:
    pid = valid(dblp_person="131/1783")
    pages = (Subject("person/chelsea-finn", "Chelsea Finn"), Subject("person/chelsea-finn-2", "Chelsea Finn"))
    works = [
        Work(f"paper/{key}", f"Title {key}", valid(doi=f"10.1000/{key}"), 2020, (one,))
        for key, one in zip("abc", (*pages, pages[1]), strict=True)
    ]
    found = [FoundWork(each.label, 2020, each.ids, (FoundAuthor("Chelsea Finn", pid),)) for each in works]
    links = [each for each in exchanged(works, lambda _: found) if each.identifier in pid]
    assert {(each.subject, each.confidence, each.certain) for each in links} == {(one, 0.9, False) for one in pages}
    assert all("the two may be one" in each.evidence for each in links)


def test_an_identifier_of_two_people_waits_for_a_review() -> None:
    one, two = (
        work(each, f"Title {each}", 2020, (name,), doi=f"10.1000/{each}")
        for each, name in (("a", "Wei Wang"), ("b", "W. Wang"))
    )
    pid = valid(dblp_person="35/7092")
    found = [FoundWork(each.label, 2020, each.ids, (FoundAuthor("Wei Wang", pid),)) for each in (one, two)]
    links = [each for each in exchanged([one, two], lambda _: found) if each.identifier.scheme.name == "dblp-person"]
    assert {(each.subject.label, each.confidence, each.certain) for each in links} == {
        ("Wei Wang", 0.5, False),
        ("W. Wang", 0.5, False),
    }


@pytest.mark.parametrize(
    ("first", "second", "may"),
    [
        ("Björn Krüger", "Bjorn Kruger", True),
        ("J. Zico Kolter", "Jeremy Kolter", True),
        ("Wei Wang 0001", "Wei Wang", True),
        ("Nguyen Van", "Van Nguyen", True),
        ("Kai Chen", "Bo Chen", False),
        ("Kai Chen", "Kai Cheng", False),
        ("", "Kai Chen", False),
    ],
)
def test_names_of_one_person_agree_in_the_family_name_and_begin_alike(first: str, second: str, may: bool) -> None:  # noqa: FBT001
    assert may_be_one(first, second) is may


def test_a_search_address_is_no_person_identifier() -> None:
    assert valid(dblp_person="https://dblp.org/search?q=Ada") == ()
    assert valid(dblp_person="https://dblp.org/pid/131/1783.html") == (identifier("dblp-person", "131/1783"),)
    assert valid(orcid="https://dblp.org/pid/131/1783") == ()


ADA = Subject("person/ada", "Ada")
ORCID = valid(orcid="0000-0001-5109-3700")[0]


def linked(folder: Path, *found: Candidate, identified: tuple[Subject, ...] = ()) -> MappingSet:
    result = merged(found, Place(folder, BASE, "convocation link ror"), [], identified)
    folder.mkdir(exist_ok=True)
    for each in result.sets.values():
        each.path.write_text(text(each), encoding="utf-8")
        checked([read(each.path)])
    return read(folder / f"{found[0].identifier.scheme.name}.sssom.tsv")


def test_a_second_run_writes_the_same(tmp_path: Path) -> None:
    found = Candidate(ADA, ORCID, 0.9, "semapv:CompositeMatching", "One work in common.")
    assert text(linked(tmp_path, found)) == text(linked(tmp_path, found))


def test_a_link_to_what_somebody_else_has_waits_for_a_review(tmp_path: Path) -> None:
    found = Candidate(ADA, ORCID, 1.0, "semapv:MappingChaining", "Two works in common.", certain=True)
    (row,) = linked(tmp_path, found, identified=(Subject("person/bob", "Bob", (ORCID,)),)).mappings
    assert (row.confidence, row.predicate_id) == (0.5, "skos:exactMatch")
    assert "waits for a review" in row.comment


def test_a_rejected_link_stays_rejected_whatever_is_found(tmp_path: Path) -> None:
    found = Candidate(ADA, ORCID, 0.9, "semapv:CompositeMatching", "One work in common.")
    mapping_set = linked(tmp_path, found)
    (row,) = waiting(mapping_set)
    decided = reviewed(mapping_set, row, "https://orcid.org/0000-0002-1825-0097", same=False)
    mapping_set.path.write_text(text(decided), encoding="utf-8")
    again = linked(tmp_path, replace(found, confidence=1.0, certain=True))
    assert [each.is_rejected for each in again.mappings] == [True]
    assert waiting(again) == []


ORGANIZATION = "organizations:\n  - {line: 9, organization: Aarhus University, legal_form: university}\n"


@pytest.fixture
def small(tmp_path: Path, write: Callable[..., Path]) -> tuple[Home, Path]:
    """A home whose graph has one organization, and its curated file."""
    path, home = write(ORGANIZATION), Home(tmp_path / "home")
    build(home, BASE, Inputs((path,)))
    return home, path


def test_a_link_that_was_found_is_published_by_the_next_build(
    small: tuple[Home, Path], other: Graph, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, path = small
    monkeypatch.setenv("CONVOCATION_HOME", str(home.folder))
    other.recorded["Aarhus"] = answer("ror-organizations")
    done = run("link", "ror", "--address", other.address)
    assert done.code == 0, done.err
    assert "2 new links" in done.out
    assert run("link", "ror", "--address", other.address).out.startswith("Research Organization Registry: 0 new links")
    assert run("build", path).code == 0
    found = {str(each.object) for each in EmbeddedStore.open(home.needed().store).stating_here()}
    assert "<https://ror.org/01aj84f44>" in found


def test_a_failure_ends_the_command_with_a_report_and_keeps_the_links(
    small: tuple[Home, Path], other: Graph, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, _ = small
    monkeypatch.setenv("CONVOCATION_HOME", str(home.folder))
    other.planned = [(403, {}, b"")]
    done = run("link", "ror", "--address", other.address)
    assert done.code == 1
    assert "is refused: 403" in done.err
    assert "0 new links" in done.out


def test_a_review_decides_what_is_published(
    small: tuple[Home, Path], other: Graph, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, path = small
    monkeypatch.setenv("CONVOCATION_HOME", str(home.folder))
    other.recorded["Aarhus"] = answer("ror-organizations")
    run("link", "ror", "--address", other.address)
    assert "names who reviews" in run("link", "ror", "--review").err
    monkeypatch.setattr("click.prompt", lambda *_, **__: "y")
    assert run("link", "ror", "--review", "--reviewer", "https://orcid.org/0000-0002-1825-0097").code == 0
    assert run("build", path).code == 0
    ids = [
        each for each in EmbeddedStore.open(home.needed().store).stating_here() if each.predicate == DCTERMS.identifier
    ]
    assert identifier("ror", "01aj84f44").literal in {each.object for each in ids}


def test_a_review_that_makes_two_things_one_is_refused(
    small: tuple[Home, Path], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, _ = small
    monkeypatch.setenv("CONVOCATION_HOME", str(home.folder))
    kaist = valid(ror="05apxxy63")[0]
    found = Candidate(Subject("org/another", "Another"), kaist, 0.9, "semapv:LexicalMatching", "The name.")
    linked(home.folder / "links", found)
    monkeypatch.setattr("click.prompt", lambda *_, **__: "y")
    done = run("link", "ror", "--review", "--reviewer", "https://orcid.org/0000-0002-1825-0097")
    assert "org/another and org/kaist would be one" in done.err
    (row,) = read(home.folder / "links" / "ror.sssom.tsv").mappings
    assert row.reviewer_id == ""


def test_a_link_of_an_imported_thing_is_published_too(listed: Home, tmp_path: Path, run: Run) -> None:
    home = Home(shutil.copytree(listed.folder, tmp_path / "home", symlinks=True))
    subjects = Subjects.of(EmbeddedStore.open(home.needed().store), Names(BASE))
    imported = (each for each in subjects.works if each.path.startswith("paper/cogs-2030/"))
    person = next(each for work in imported for each in work.authors if not each.value("orcid"))
    free = identifier("orcid", "0000-0002-9079-593X")
    linked(home.folder / "links", Candidate(person, free, 1.0, "semapv:MappingChaining", "Two works.", certain=True))
    assert run("build", "--home", home.folder).code == 0
    here = EmbeddedStore.open(home.needed().store)
    assert any(each.object == free.literal for each in here.stating_here() if each.predicate == DCTERMS.identifier)
    graphs = {name.value for name in here.graph_names()}
    assert f"{BASE}graph/links/orcid" in graphs
