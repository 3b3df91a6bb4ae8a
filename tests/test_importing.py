"""What sources say comes into a version once, changes by its difference alone, and never spoils what is there."""

import gzip
import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from conftest import BASE

from graph.build import Inputs, build
from graph.importing.statements import rank
from graph.indexes.finalization import rebuild
from graph.indexes.search_writer import FILE, write_index
from graph.indexes.statistics import Statistics
from graph.names import Names
from graph.rules.findings import Findings
from graph.settings import Settings
from graph.store.embedded import EmbeddedStore
from graph.terms import Triple
from graph.updates.writer import Change, Writer
from graph.validate.reports import kept
from graph.validate.whole import judged
from graph.versions.derived import LISTS, SEARCH, STATISTICS, is_signed, missing
from graph.versions.home import Home
from server.__main__ import cli
from server.application import create_app

SAMPLES = Path(__file__).parent / "importers"
LIST, ANTHOLOGY = SAMPLES / "paperlists" / "cogs2030.json", SAMPLES / "mlanthology" / "cogs-2030.json"
REGISTRY = SAMPLES / "ror" / "ror-sample.jsonl"
PROFILES = "paper/cogs-2030/profiles-in-another-order-f250ff2e"
Import = Callable[..., Result]


@pytest.fixture
def own(home: Home, tmp_path: Path) -> Home:
    """A home of its own with the bundled graph."""
    shutil.copytree(home.folder, tmp_path / "home", symlinks=True)
    return Home(tmp_path / "home")


@pytest.fixture
def with_list(own: Home, listed: Home) -> None:
    """The list of papers in that home, as one import of it left it."""
    shutil.rmtree(own.folder)
    shutil.copytree(listed.folder, own.folder, symlinks=True)


@pytest.fixture
def imports(own: Home) -> Import:
    """What imports files into that home."""

    def imports(source: str, *paths: Path, home: Home = own, code: int = 0) -> Result:
        result = CliRunner().invoke(cli, ["import", source, *map(str, paths), "--home", str(home.folder)])
        assert result.exit_code == code, (result.output, result.exception)
        return result

    return imports


def quads(home: Home) -> set[str]:
    """Return what the current version holds, but for what changes with the bytes of a file alone."""
    store = EmbeddedStore.open(home.needed().store)
    return {str(each) for each in store.quads() if "#sha256>" not in str(each) and "#lineCount>" not in str(each)}


def default(home: Home) -> set[tuple[str, str, str]]:
    """Return the triples of the default graph, by the values of their parts."""
    found = set()
    for each in EmbeddedStore.open(home.needed().store).default_quads():
        triple = Triple.of(each)
        found.add((triple.subject.value, triple.predicate.value, triple.object.value))
    return found


def said(home: Home, path: str) -> set[tuple[str, str]]:
    """Return the last part of each property of a thing in the default graph, with its value."""
    start = f"{BASE}id/"
    return {
        (predicate.replace("#", "/").rpartition("/")[2], value.removeprefix(start))
        for subject, predicate, value in default(home)
        if subject == start + path
    }


def changed(path: Path, place: Path, change: Callable[[list[dict[str, Any]]], Any]) -> Path:
    """Write a list with a change under the same name into another folder."""
    records = json.loads(path.read_text(encoding="utf-8"))
    change(records)
    place.mkdir(exist_ok=True)
    (place / path.name).write_text(json.dumps(records), encoding="utf-8")
    return place / path.name


def test_an_import_publishes_a_version_that_breaks_no_shape(own: Home, imports: Import) -> None:
    result = imports("paperlists", LIST)
    assert "1 edition, 3 paper, 1 series" in result.output
    assert "Published version 2" in result.output
    assert ("title", "Profiles in Another Order") in said(own, PROFILES)
    assert set(kept(own.needed())) == set(judged(EmbeddedStore.open(own.needed().store)))


@pytest.mark.usefixtures("with_list")
def test_the_page_of_an_imported_paper_shows_its_authors_and_its_source(own: Home) -> None:
    with create_app(Settings(home=str(own.folder), base=BASE, access_log="no")).test_client() as client:
        page = client.get(f"/page/{PROFILES}").text
        assert all(name in page for name in ("Dana Kul", "Bo Li", "Eve Adams"))
        assert "Works of Levers" in page
        assert client.get("/page/source/paperlists-cogs-2030").status_code == 200


@pytest.mark.usefixtures("with_list")
def test_each_fact_of_an_imported_paper_names_its_source_and_its_people_lead_elsewhere(own: Home) -> None:
    with create_app(Settings(home=str(own.folder), base=BASE, access_log="no")).test_client() as client:
        page = client.get(f"/page/{PROFILES}").text
        rows = page.partition("<tbody>")[2].partition("</tbody>")[0].split("</tr>")[:-1]
        values = page.partition('<dl class="said">')[2].partition("</dl>")[0].split("<dd>")[1:]
        assert len(rows) == 3
        assert values
        assert all("/page/source/paperlists-cogs-2030" in each for each in (*rows, *values))
        assert "implied" not in page
        assert client.get(f"/data/{PROFILES}.bib").text.count(" and ") == 2
        person = client.get("/page/person/eve-adams").text
        assert '<a href="https://orcid.org/0000-0002-1825-0097" rel="external">ORCID 0000-0002-1825-0097</a>' in person


@pytest.mark.usefixtures("with_list")
def test_what_a_profile_gives_comes_to_the_author_it_belongs_to(own: Home) -> None:
    assert ("identifier", "0000-0002-1825-0097") in said(own, "person/eve-adams")
    assert ("identifier", "0000-0001-5109-3700") in said(own, "person/dana-kul")


@pytest.mark.usefixtures("with_list")
def test_the_same_file_again_changes_nothing(own: Home, imports: Import) -> None:
    result = imports("paperlists", LIST)
    assert "0 statements added, 0 removed" in result.output
    assert "no new version" in result.output
    assert own.current_number() == 2


@pytest.mark.usefixtures("with_list")
def test_a_changed_file_changes_its_difference_alone(own: Home, imports: Import, tmp_path: Path) -> None:
    before = quads(own)

    def change(records: list[dict[str, Any]]) -> None:
        records[1]["title"] = "Profiles in Another Order, Revised"

    result = imports("paperlists", changed(LIST, tmp_path / "new", change))
    after = quads(own)
    assert "Published version 3" in result.output
    assert len(before - after) == len(after - before) <= 10
    assert ("title", "Profiles in Another Order, Revised") in said(own, PROFILES)  # the IRI is kept


@pytest.mark.usefixtures("with_list")
def test_what_is_derived_after_a_change_is_what_is_derived_again(own: Home, imports: Import, tmp_path: Path) -> None:
    few = changed(LIST, tmp_path / "few", lambda records: records[1].update(title="Another", author="Li Wei;Wei Li"))
    imports("paperlists", few)
    version = own.needed()
    store = EmbeddedStore.open(version.store)
    graph = Names(BASE).graph("findings")
    assert is_signed(version.folder)
    assert Statistics.read(version.folder) == Statistics.of(store)
    assert missing(version.folder) == []
    assert indexed(version.folder / FILE) == indexed(write_index(store, tmp_path))
    assert set(store.stating_in(graph)) == set(Findings(store, Names(BASE)).triples())


def indexed(path: Path) -> set[tuple[object, ...]]:
    """Return the names in a search index, with their things and weights."""
    with closing(sqlite3.connect(path)) as database:
        query = "SELECT name, plain, iri, label, kind, weight FROM names JOIN things ON things.id = thing"
        return set(database.execute(query))


def test_a_small_change_of_a_large_graph_leaves_the_index_to_the_background(
    own: Home, imports: Import, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    imports("paperlists", LIST)
    monkeypatch.setattr("graph.indexes.finalization.LARGE", 1)
    imports("paperlists", changed(LIST, tmp_path, lambda records: records.pop(1)))
    version = own.needed()
    assert missing(version.folder) == [STATISTICS, SEARCH, LISTS]
    assert version.counts["quads"] == len(EmbeddedStore.open(version.store).engine)
    rebuild(version.folder, report=False)
    assert missing(version.folder) == []


def test_step_by_step_leads_to_what_one_import_gives(own: Home, imports: Import, tmp_path: Path) -> None:
    other = Home(tmp_path / "other")
    shutil.copytree(own.folder, other.folder, symlinks=True)
    few = changed(LIST, tmp_path / "few", lambda records: records.pop(1))
    imports("paperlists", few)
    imports("mlanthology", ANTHOLOGY)
    imports("paperlists", LIST)
    imports("mlanthology", ANTHOLOGY, home=other)
    imports("paperlists", LIST, home=other)
    gone = {
        each.split(" ")[0] for each in quads(own) if "#type> <https://w3id.org/convocation/ontology#Tombstone>" in each
    }
    assert {each for each in quads(own) if each.split(" ")[0] not in gone} == quads(other)
    assert all("/id/person/" in each for each in gone)  # who were taken for others before all was known


@pytest.mark.usefixtures("with_list")
def test_a_paper_that_is_no_longer_listed_has_a_tombstone(own: Home, imports: Import, tmp_path: Path) -> None:
    less = changed(LIST, tmp_path / "less", lambda records: records.pop(1))
    result = CliRunner().invoke(cli, ["import", "paperlists", str(less), "--home", str(own.folder), "--allow-shrink"])
    assert "1 records gone from their source" in result.output
    assert said(own, PROFILES) == {
        ("type", "https://w3id.org/convocation/ontology#Tombstone"),
        ("label", "Profiles in Another Order"),
        ("goneFrom", "source/paperlists-cogs-2030"),
    }
    assert ("type", "https://w3id.org/convocation/ontology#Tombstone") in said(own, "person/eve-adams")
    imports("paperlists", LIST)
    assert ("type", "https://w3id.org/convocation/ontology#Paper") in said(own, PROFILES)
    assert ("type", "https://w3id.org/convocation/ontology#Tombstone") not in said(own, "person/eve-adams")


def many(folder: Path, count: int) -> Path:
    """Write a list of some papers."""
    papers = [{"title": f"Paper {number}", "author": "Ann Arbor;Bo Li", "status": "Poster"} for number in range(count)]
    folder.mkdir(exist_ok=True)
    path = folder / "cogs2031.json"
    path.write_text(json.dumps(papers), encoding="utf-8")
    return path


def test_a_file_that_shrank_by_more_than_a_fifth_is_refused(own: Home, imports: Import, tmp_path: Path) -> None:
    imports("paperlists", many(tmp_path / "many", 20))
    before = quads(own)
    result = imports("paperlists", many(tmp_path / "few", 10), code=1)
    assert "10 of the 20 records" in str(result.exception)
    assert "--allow-shrink" in str(result.exception)
    assert quads(own) == before


@pytest.mark.usefixtures("with_list")
def test_papers_of_two_sources_meet(own: Home, imports: Import) -> None:
    imports("mlanthology", ANTHOLOGY)
    met = said(own, PROFILES)
    assert {value for name, value in met if name == "source"} == {
        "source/paperlists-cogs-2030",
        "source/mlanthology-cogs-2030",
    }
    assert {value for name, value in met if name == "identifier"} == {
        "abcDEF1234",
        "10.1000/abc.183",
        "conf/cogs/KulLA30",
    }
    assert ("authorCount", "3") in met
    assert [value for name, value in met if name == "title"] == ["Profiles in another Order"]  # of the more trusted one
    other = [each for each in quads(own) if '"Profiles in Another Order"' in each and "graph/source/paperlists" in each]
    assert len(other) == 1


def test_a_paper_of_a_curated_document_meets_its_record(own: Home, imports: Import, tmp_path: Path) -> None:
    title = "Auto-Encoding Variational Bayes"
    path = next(s.removeprefix(f"{BASE}id/") for s, p, o in default(own) if o == title and p.endswith("/title"))
    before = said(own, path)
    edition = path.split("/")[1]
    record = {"title": "Auto-encoding variational Bayes", "author": "Diederik P. Kingma;Max Welling", "track": "main"}
    record |= {"status": "Oral", "site": "https://openreview.net/forum?id=33X9fd2-9FyZd", "aff": "University of Cogs;"}
    lists = tmp_path / f"{edition.replace('-', '')}.json"
    lists.write_text(json.dumps([record, {**record, "title": "Another", "status": "Poster", "site": ""}]))
    imports("paperlists", lists)
    after = said(own, path)
    assert ("identifier", "33X9fd2-9FyZd") in after
    assert before - after <= {("authorCount", "2")}
    assert {pair for pair in after if pair[0] == "author"} == {pair for pair in before if pair[0] == "author"}
    assert ("title", title) in after
    authorship = f"authorship/{path.removeprefix('paper/')}/max-welling"
    assert ("position", "2") in said(own, authorship)


@pytest.mark.usefixtures("with_list")
def test_an_organization_is_the_registered_one_if_just_one_is_called_so(own: Home, imports: Import) -> None:
    imports("ror", REGISTRY)
    known = said(own, "org/university-of-cogs")
    assert {("identifier", "02v51f717"), ("basedIn", "place/th/cogtown"), ("paperCount", "2")} <= known
    assert ("partOfPlace", "place/th") in said(own, "place/th/cogtown")
    assert not {
        value for name, value in said(own, "org/institute-of-gears") if name == "identifier"
    }  # two have the name
    assert ("identifier", "01ggx4157") in said(own, "org/institute-of-gears-01ggx4157")
    printed = said(own, f"authorship/{PROFILES.removeprefix('paper/')}/eve-adams")
    assert {("affiliation", "org/university-of-cogs"), ("affiliationAsPrinted", "University of Cogs")} <= printed


def test_an_organization_in_another_spelling_becomes_the_registered_one(
    own: Home, imports: Import, tmp_path: Path
) -> None:
    other = tmp_path / LIST.name
    other.write_text(LIST.read_text(encoding="utf-8").replace("University of Cogs", "The Univ. of Cogs (Thailand)"))
    imports("paperlists", other)
    assert ("paperCount", "2") in said(own, "org/the-univ-of-cogs-thailand")
    imports("ror", REGISTRY)
    assert {("identifier", "02v51f717"), ("paperCount", "2")} <= said(own, "org/university-of-cogs")
    assert said(own, "org/the-univ-of-cogs-thailand") == set()


@pytest.mark.usefixtures("with_list")
def test_a_build_keeps_what_was_imported(own: Home, imports: Import) -> None:
    before = quads(own)
    build(own, BASE, Inputs.bundled())
    assert quads(own) == before
    assert "no new version" in imports("paperlists", LIST).output


@pytest.mark.usefixtures("with_list")
def test_an_update_keeps_what_was_imported(own: Home, imports: Import) -> None:
    note = f'<{BASE}id/{PROFILES}> <http://www.w3.org/2000/01/rdf-schema#comment> "read"'
    text = f"INSERT DATA {{ GRAPH <{BASE}graph/notes> {{ {note} }} }}"
    Writer(own).write(Change("update", BASE, text))
    assert "no new version" in imports("paperlists", LIST).output
    imports("mlanthology", ANTHOLOGY)
    assert any("graph/notes" in each for each in quads(own))


def cut_off(path: Path) -> None:
    path.with_suffix(".json.gz").write_bytes(gzip.compress(LIST.read_bytes())[:-40])


def not_compressed(path: Path) -> None:
    path.with_suffix(".json.gz").write_bytes(LIST.read_bytes())


def broken_in_the_middle(path: Path) -> None:
    path.write_text(
        LIST.read_text(encoding="utf-8").replace('"gender": "F;M;M"}', '"gender": "F;M;M"'), encoding="utf-8"
    )


def of_another_source(path: Path) -> None:
    shutil.copy(ANTHOLOGY, path)


def without_papers(path: Path) -> None:
    path.write_text('[{"name": "x"}]', encoding="utf-8")


def empty(path: Path) -> None:
    path.write_text("", encoding="utf-8")


def no_text(path: Path) -> None:
    path.write_bytes(b'[{"title": "\xff\xfe"}]')


MISTAKES: dict[Callable[[Path], None], str] = {
    cut_off: "is cut off",
    not_compressed: "is not compressed as its name says",
    broken_in_the_middle: "line 10: this is no JSON",
    of_another_source: "is it of another source?",
    without_papers: "no record with title and author",
    empty: "this is no JSON",
    no_text: "no record with title and author",
}


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda each: each.__name__)
def test_a_bad_file_is_reported_and_others_are_taken(
    mistake: Callable[[Path], None], own: Home, imports: Import, tmp_path: Path
) -> None:
    folder = tmp_path / "lists"
    folder.mkdir()
    mistake(folder / "bad2030.json")
    many(folder, 3)
    result = imports("paperlists", folder, code=1)
    assert MISTAKES[mistake] in str(result.exception)
    assert "bad2030.json" in str(result.exception)
    assert own.current_number() == 2
    assert any("Paper 2" in each for each in quads(own))


def test_a_file_that_is_not_there_is_reported(imports: Import, tmp_path: Path, own: Home) -> None:
    assert "cannot be read" in str(imports("paperlists", tmp_path / "cogs2030.json", code=1).exception)
    assert own.current_number() == 1


def test_a_folder_without_files_of_the_source_is_reported(imports: Import, tmp_path: Path) -> None:
    assert "no file of paperlists" in str(imports("paperlists", tmp_path / "home", code=1).exception)


def test_a_source_without_importer_is_reported(imports: Import) -> None:
    assert "no importer 'paperlist'" in str(imports("paperlist", LIST, code=1).exception)


def test_a_dry_run_writes_nothing(own: Home) -> None:
    result = CliRunner().invoke(cli, ["import", "paperlists", str(LIST), "--dry-run", "--home", str(own.folder)])
    assert "1 edition, 3 paper, 1 series" in result.output
    assert "Nothing was written" in result.output
    assert own.current_number() == 1


def test_a_limit_takes_that_many_records(own: Home, tmp_path: Path) -> None:
    path = many(tmp_path / "many", 20)
    result = CliRunner().invoke(cli, ["import", "paperlists", str(path), "--limit", "5", "--home", str(own.folder)])
    assert "1 edition, 3 paper, 1 series" in result.output
    result = CliRunner().invoke(cli, ["import", "paperlists", str(path), "--home", str(own.folder)])
    assert "1 edition, 20 paper, 1 series" in result.output


@pytest.mark.usefixtures("with_list")
def test_an_orcid_of_two_profiles_says_nobody(own: Home, imports: Import, tmp_path: Path) -> None:
    iri = ("identifier", "0000-0002-1825-0097")
    assert iri in said(own, "person/eve-adams")
    other = {"id": "abcDEF9999", "title": "Another Profile", "track": "main", "status": "Oral", "author": "Eve Adams"}
    other |= {"or_profile": "~Eve_Adams9", "orcid": iri[1], "aff": ""}
    again = changed(LIST, tmp_path / "again", lambda records: records.append(other))
    imports("paperlists", again)
    persons = [f"person/eve-adams{each}" for each in ("", "-2")]
    assert all(("identifier", f"~Eve_Adams{each}") in said(own, path) for each, path in zip("19", persons, strict=True))
    assert not any(iri in said(own, path) for path in persons)
    imports("paperlists", LIST)
    assert iri in said(own, "person/eve-adams")


@pytest.mark.parametrize(
    ("award", "found"),
    [
        ("Outstanding Paper", "winner"),
        ("Honorable Mention for Best Theme Paper", "honorable-mention"),
        ("Best Demonstration Runner-up", "runner-up"),
    ],
)
def test_the_name_of_an_award_says_its_rank(award: str, found: str) -> None:
    assert rank(award) == found


@pytest.mark.usefixtures("with_list")
def test_the_papers_of_a_topic_meet_under_each_way_to_write_it(own: Home) -> None:
    topic = said(own, "topic/gear-train")
    assert {("label", "gear trains"), ("altLabel", "Gear trains"), ("paperCount", "2")} <= topic
    assert ("source", "source/paperlists-cogs-2030") in topic
    papers = {s.removeprefix(f"{BASE}id/") for s, _, o in default(own) if o == f"{BASE}id/topic/gear-train"}
    assert papers == {PROFILES, "paper/cogs-2030/doubled-lists-of-k-means-authors-in-holder-413a1233"}
    assert ("paperCount", "1") in said(own, "topic/machine-learning")
    assert len([each for each in said(own, "topic/machine-learning") if each[0] == "label"]) == 1


@pytest.mark.usefixtures("with_list")
def test_a_topic_that_no_paper_has_any_more_is_gone(own: Home, imports: Import, tmp_path: Path) -> None:
    imports("paperlists", changed(LIST, tmp_path / "few", lambda records: records[1].update(keywords="worm gears")))
    assert ("paperCount", "1") in said(own, "topic/gear-train")
    assert ("paperCount", "1") in said(own, "topic/worm-gear")
    imports(
        "paperlists", changed(LIST, tmp_path / "none", lambda records: [each.pop("keywords", 0) for each in records])
    )
    assert not said(own, "topic/gear-train")
    assert {each for each in said(own, "topic/machine-learning") if each[0] == "paperCount"} == set()


@pytest.mark.parametrize(("count", "named"), [(2, 2), (20, 2), (120, 1)])
def test_the_line_of_an_edition_names_some_papers_and_counts_the_others(
    own: Home, imports: Import, tmp_path: Path, count: int, named: int
) -> None:
    imports("paperlists", many(tmp_path / "many", count))
    with create_app(Settings(home=str(own.folder), base=BASE, access_log="no")).test_client() as client:
        line = (
            client.get("/page/person/ann-arbor").text.partition('<table class="timeline">')[2].partition("</table>")[0]
        )
    assert line.count("/page/paper/cogs-2031/") == named
    assert f"&thinsp;{count}<" in line
    assert (f"and {count - named} more" in line) == (count > named)
