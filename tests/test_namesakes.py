"""People of one name who stay apart: the graph, their pages and searches keep them apart."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import BASE
from flask.testing import FlaskClient

from graph.files import ROOT
from graph.identity.mentions import Mention, PaperAuthors
from graph.identity.namesakes import namesakes
from graph.identity.rule import Identities
from graph.names import Names, code, slug
from graph.sources.authors import classed
from graph.sources.records import Identifier
from graph.store.embedded import EmbeddedStore
from graph.terms import CVN, Triple
from graph.versions.home import Home
from server.__main__ import cli

NEURIPS = ROOT.parent / "shared" / "data" / "paperlists" / "nips" / "nips2021.json.gz"
KITEFORD = {"aff": "Kiteford;Kiteford", "aff_unique_index": "0;0", "aff_unique_norm": "University of Kiteford"}
PAPERS = [
    {"title": "Fast Kites", "author": "Wei Wang;Ada Quill", **KITEFORD},
    {"title": "Slow Kites", "author": "Wei Wang;Ada Quill", **KITEFORD},
    {"title": "Deep Cogs", "author": "Wei Wang;Bo Moss", "aff": "Wrenton Institute;Wrenton Institute"},
    {"title": "Two Wangs", "author": "Wei Wang;Wei Wang", "authorids": "~Wei_Wang7;~Wei_Wang8", "aff": ";"},
]


@pytest.fixture(scope="module")
def wangs(home: Home, tmp_path_factory: pytest.TempPathFactory, editable: Callable[..., FlaskClient]) -> FlaskClient:
    """A client of a graph in which four people are called Wei Wang."""
    folder = tmp_path_factory.mktemp("wangs")
    shutil.copytree(home.folder, folder / "home", symlinks=True)
    path = folder / "cogs2031.json"
    path.write_text(json.dumps([{"id": str(number), "status": "Poster"} | each for number, each in enumerate(PAPERS)]))
    done = CliRunner().invoke(cli, ["import", "paperlists", str(path), "--home", str(folder / "home")])
    assert done.exit_code == 0, (done.output, done.exception)
    return editable(folder / "home")


def suggested(client: FlaskClient) -> tuple[list[str], list[str], list[str]]:
    answer = client.get("/search/suggest?q=wei+wang").json
    assert answer
    return answer[1], answer[2], answer[3]


def pairs(client: FlaskClient, name: str) -> int:
    query = f"SELECT ?one ?other WHERE {{ ?one <{CVN.prefix}{name}> ?other . ?other <{CVN.prefix}{name}> ?one }}"
    answer = client.get("/sparql", query_string={"query": query}, headers={"Accept": "application/sparql-results+json"})
    assert answer.json
    return len(answer.json["results"]["bindings"])


def test_seven_equal_lines_for_one_name_have_something_to_distinguish_them(wangs: FlaskClient) -> None:
    names, hints, links = suggested(wangs)
    assert names == ["Wei Wang"] * 4
    assert "person, University of Kiteford, 2031, 2 papers" in hints
    assert "person, Wrenton Institute, 2031, 1 paper" in hints
    assert len({*links}) == 4
    assert "University of Kiteford, 2031, 2 papers" in wangs.get("/search?q=wei+wang&kind=person").text


def test_a_page_says_that_namesakes_exist_and_why_its_papers_are_one_persons(wangs: FlaskClient) -> None:
    _, hints, links = suggested(wangs)
    place = next(link for hint, link in zip(hints, links, strict=True) if "2 papers" in hint)
    text = wangs.get(place.removeprefix(BASE.rstrip("/"))).text
    assert "Others of this name" in text
    assert text.count("possibly the same") >= 3
    assert "Wrenton Institute" in text
    assert "Why these papers are of one person" in text
    assert "a co-author" in text
    assert "0.992" in text


def test_authors_of_one_paper_are_namesakes_and_not_possibly_the_same(wangs: FlaskClient) -> None:
    assert pairs(wangs, "namesake") == 2  # there and back
    assert pairs(wangs, "possiblySameAs") == 4 * 3 - 2


@pytest.mark.parametrize(
    ("one", "other", "may_be"),
    [
        ("orcid:0000-0002-1825-0097", "orcid:0000-0001-5109-3700", False),
        ("openreview-person:~Wei_Wang1", "openreview-person:~Wei_Wang2", False),
        ("ieee-person:37000000001", "ieee-person:37000000002", True),  # one person can have two of these
        ("orcid:0000-0002-1825-0097", "openreview-person:~Wei_Wang2", True),
    ],
)
def test_only_verified_identifiers_make_namesakes_two_people(one: str, other: str, may_be: bool) -> None:  # noqa: FBT001
    papers = [
        PaperAuthors(node, [Mention(node, "Wei Wang", (Identifier(*each.split(":", 1)),), (), (), person=node)])
        for node, each in (("a", one), ("b", other))
    ]
    assert namesakes(papers) == {"a": {"b": may_be}, "b": {"a": may_be}}


def test_a_bare_slug_of_the_anthology_does_not_pass_as_an_identifier() -> None:
    [found] = classed([Identifier("acl-person", "wei-wang")], "Wei Wang")
    assert found == Identifier("acl-person-name", "wei-wang")
    [kept] = classed([Identifier("acl-person", "wei-wang-kiteford")], "Wei Wang")
    assert kept.scheme == "acl-person"
    mentions = [Mention(node, "Wei Wang", (found,), (), ()) for node in "ab"]
    assert len(Identities([PaperAuthors(each.node, [each]) for each in mentions], slug).find()) == 2


def test_the_kind_of_evidence_is_that_of_the_class_of_an_identifier() -> None:
    for scheme, value, kind in (
        ("orcid", "0000-0002-1825-0097", "verified-identifier"),
        ("dblp-person", "78/459-1", "assigned-identifier"),
    ):
        mentions = [Mention(node, "Wei Wang", (Identifier(scheme, value),), (), ()) for node in "ab"]
        Identities([PaperAuthors(each.node, [each]) for each in mentions], slug).find()
        assert [each.kind for each in mentions[1].evidence] == [kind]


@pytest.mark.slow
@pytest.mark.skipif(not NEURIPS.exists(), reason="the paper lists are next to the repository, in ../shared")
def test_a_program_chair_is_the_author_of_his_papers(home: Home, tmp_path: Path) -> None:
    """No document states where these chairs work, but their names are rare; that of Jie Tang is not."""
    shutil.copytree(home.folder, tmp_path / "home", symlinks=True)
    done = CliRunner().invoke(cli, ["import", "paperlists", str(NEURIPS), "--home", str(tmp_path / "home")])
    assert done.exit_code == 0, (done.output, done.exception)
    triples = set(map(Triple.of, EmbeddedStore.open(Home(tmp_path / "home").needed().store).default_quads()))
    papers = {str(each.subject): int(each.object.value) for each in triples if each.predicate == CVN.paperCount}
    chairs = {each.subject for each in triples if each[1:] == (CVN.role, code("role", "program-chair"))}
    found = {each.object for each in triples if each.predicate == CVN.person and each.subject in chairs}
    assert len(found) == 4
    assert all(papers.get(str(each), 0) > 0 for each in found)
    one, other = (Names(BASE).id("person", each) for each in ("jie-tang", "jie-tang-2"))
    assert {Triple(one, CVN.possiblySameAs, other), Triple(other, CVN.possiblySameAs, one)} <= triples
