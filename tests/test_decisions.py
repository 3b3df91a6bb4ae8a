"""Decisions by people about who is who win over the rule, contradict nothing, and leave nothing when undone."""

import gzip
import json
import re
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from beside import copy_of
from click.testing import CliRunner, Result
from conftest import BASE

from graph.curated.decisions import NAME, former_hash
from graph.importing.deciding import ImportedPeople
from graph.importing.renaming import carries
from graph.settings import Settings
from graph.store.embedded import EmbeddedStore
from graph.versions.home import Home
from server.__main__ import cli
from server.application import create_app

REVIEWER = "https://orcid.org/0000-0002-1825-0097"
FIRST, SECOND, THIRD = "0000-0002-1694-233X", "0000-0003-1613-5981", "0000-0001-2345-6789"
PAPERS = [  # title, authors, affiliations, ORCID iDs
    ("Wide Gears", "Wei Wang;Ada Quill", "Institute of Gears;Institute of Gears", ";"),
    ("Wider Gears", "Wei Wang;Ada Quill", "Institute of Gears;Institute of Gears", ";"),
    ("Small Levers", "Wei Wang;Bo Stern", "Works of Levers;Works of Levers", ";"),
    ("Smaller Levers", "Wei Wang;Bo Stern", "Works of Levers;Works of Levers", ";"),
    ("Kites", "Jon Moss;Eve Kul", "Kiteford;Kiteford", f"{FIRST};"),
    ("More Kites", "Jon Moss;Fay Iver", "Mossley;Mossley", f"{SECOND};"),
    ("Last Kites", "Joan Moss-Hale;Gil Oak", "Oakham;Oakham", f"{FIRST};"),
    ("Old Cogs", "Kim Rookwood;Hal Ash", "Ashby;Ashby", f"{THIRD};"),
    ("Older Cogs", "Kim Rookwood;Hal Ash", "Ashby;Ashby", ";"),
    ("New Cogs", "Kay Rookwood;Hal Ash", "Ashby;Ashby", f"{THIRD};"),
    ("Odd Cogs", "Kim Rookwood;Ida Elm", "Elmton;Elmton", ";"),
]
Runs = Callable[..., Result]


def records(papers: Sequence[tuple[str, ...]]) -> list[dict[str, str]]:
    head = {"track": "main", "status": "Poster"}
    columns = ("title", "author", "aff", "orcid")
    return [{"id": f"k{n}", **head, **dict(zip(columns, each, strict=True))} for n, each in enumerate(papers)]


@pytest.fixture(scope="session")
def met(listed: Home, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with a second list, in which people of one name meet."""

    def make(folder: Path) -> None:
        shutil.copytree(listed.folder, folder, symlinks=True)
        path = tmp_path_factory.mktemp("lists") / "cogs2031.json"
        path.write_text(json.dumps(records(PAPERS)), encoding="utf-8")
        done = CliRunner().invoke(cli, ["import", "paperlists", str(path), "--home", str(folder)])
        assert done.exit_code == 0, (done.output, done.exception)

    return Home(copy_of("met", make, tmp_path_factory))


@pytest.fixture
def own(met: Home, tmp_path: Path) -> Home:
    """A copy of that home to change."""
    shutil.copytree(met.folder, tmp_path / "home", symlinks=True)
    return Home(tmp_path / "home")


@pytest.fixture
def decides(own: Home) -> Runs:
    """What decides in that home."""

    def decides(*words: str, code: int = 0, reason: str = "They say so.") -> Result:
        given = [*words, "--reviewer", REVIEWER, "--reason", reason, "--home", str(own.folder)]
        result = CliRunner().invoke(cli, ["identity", "decide", *given])
        assert result.exit_code == code, (result.output, result.exception)
        return result

    return decides


@pytest.fixture
def runs(own: Home) -> Runs:
    """What runs another command on that home."""

    def runs(*words: str, code: int = 0) -> Result:
        result = CliRunner().invoke(cli, [*words, "--home", str(own.folder)])
        assert result.exit_code == code, (result.output, result.exception)
        return result

    return runs


def output(result: Result) -> str:
    """Return what a command printed, and the error that it ended with."""
    return f"{result.output}{result.exception or ''}"


def persons(home: Home) -> dict[str, str]:
    """Return the person of each authorship, by the short title of its paper and the name in it."""
    people = ImportedPeople(home.needed())
    return {node(each.node): path for path, mentions in people.persons.items() for each in mentions}


def node(path: str) -> str:
    paper, _, name = path.rpartition("/")
    return f"{paper.rpartition('/')[2].rpartition('-')[0]}/{name}"


def authorship(home: Home, short: str) -> str:
    people = ImportedPeople(home.needed())
    return next(each.node for found in people.persons.values() for each in found if node(each.node) == short)


def facts(home: Home) -> tuple[set[str], dict[str, bytes]]:
    """Return the quads of the current version and the bytes of its ledgers."""
    version = home.needed()
    ledgers = {str(each.relative_to(version.ledgers)): each.read_bytes() for each in version.ledgers.rglob("*.*")}
    return {str(each) for each in EmbeddedStore.open(version.store).quads()}, ledgers


ONE, OTHER = "wide-gears/wei-wang", "small-levers/wei-wang"


def test_people_of_one_name_are_one_person_by_a_decision(own: Home, decides: Runs) -> None:
    before = persons(own)
    assert before[ONE] != before[OTHER]
    decides("same", f"person:{before[ONE]}", f"{BASE}id/person/{before[OTHER]}")
    after = persons(own)
    assert {after[each] for each in after if each.endswith("/wei-wang")} == {after[ONE]}
    store = EmbeddedStore.open(own.needed().store)
    assert any(
        f'"{REVIEWER}"^^<https://w3id.org/convocation/code/identity-evidence/decision>' in str(each)
        for each in store.quads()
    )


def test_the_address_of_a_person_who_was_joined_leads_to_the_other_for_good(own: Home, decides: Runs) -> None:
    before = persons(own)
    decides("same", f"person:{before[ONE]}", f"person:{before[OTHER]}")
    stays = persons(own)[ONE]
    gone = ({before[ONE], before[OTHER]} - {stays}).pop()
    with create_app(Settings(home=str(own.folder), base=BASE, access_log="no")).test_client() as client:
        answer = client.get(f"/page/person/{gone}")
        assert (answer.status_code, answer.headers["Location"]) == (301, f"/page/person/{stays}")


def test_one_person_is_two_by_a_decision_and_stays_so_with_the_next_import(
    own: Home, decides: Runs, runs: Runs, tmp_path: Path
) -> None:
    one, other = (authorship(own, f"{each}/wei-wang") for each in ("wide-gears", "wider-gears"))
    decides("different", one, other)
    apart = persons(own)
    assert apart["wide-gears/wei-wang"] != apart["wider-gears/wei-wang"]
    path = tmp_path / "cogs2032.json"
    path.write_text(json.dumps(records([("Widest Gears", *PAPERS[0][1:])])), encoding="utf-8")
    runs("import", "paperlists", str(path))
    later = persons(own)
    assert {each: later[each] for each in apart} == apart
    assert later["widest-gears/wei-wang"] in {apart["wide-gears/wei-wang"], apart["wider-gears/wei-wang"]}


@pytest.mark.parametrize("kind", ["same", "different", "prefer"])
def test_an_undone_decision_leaves_every_byte_of_ledgers_and_every_fact_as_it_was(
    kind: str, own: Home, decides: Runs, runs: Runs
) -> None:
    before, known = facts(own), persons(own)
    if kind == "same":
        decides("same", f"person:{known[ONE]}", f"person:{known[OTHER]}")
    elif kind == "different":
        decides("different", *(authorship(own, f"{each}/wei-wang") for each in ("wide-gears", "wider-gears")))
    else:
        decides("prefer", f"person:{known[ONE]}", "William Wang")
    assert facts(own) != before
    runs("identity", "undo", "1")
    assert facts(own)[0] == before[0]
    assert facts(own)[1] == before[1]
    assert not (own.folder / NAME).exists()


@pytest.mark.parametrize("kind", ["same", "different"])
def test_a_decision_that_contradicts_an_orcid_id_is_refused_and_changes_nothing(
    kind: str, own: Home, decides: Runs
) -> None:
    before, version = facts(own), own.needed().number
    pairs = {
        "same": (authorship(own, "kites/jon-moss"), authorship(own, "more-kites/jon-moss")),
        "different": (authorship(own, "kites/jon-moss"), authorship(own, "last-kites/joan-moss-hale")),
    }
    result = decides(kind, *pairs[kind], code=1)
    assert "ORCID iD" in output(result)
    assert f"{NAME}:" in output(result)
    assert (facts(own), own.needed().number, (own.folder / NAME).exists()) == (before, version, False)


def test_circular_sameness_is_refused_with_the_decisions_that_it_contradicts(own: Home, decides: Runs) -> None:
    a, b, c = (authorship(own, f"{each}/wei-wang") for each in ("wide-gears", "small-levers", "smaller-levers"))
    decides("same", a, b)
    decides("same", b, c)
    result = decides("different", a, c, code=1)
    assert f"line 2 of {NAME} and line 8 of {NAME}" in output(result)


def test_two_authors_of_one_paper_are_not_one_person(own: Home, decides: Runs) -> None:
    pair = authorship(own, "wide-gears/wei-wang"), authorship(own, "wide-gears/ada-quill")
    assert "are authors of" in output(decides("same", *pair, code=1))


def test_an_import_leaves_out_a_decision_that_contradicts_and_says_where(own: Home, runs: Runs, tmp_path: Path) -> None:
    before = persons(own)
    a, b = authorship(own, "kites/jon-moss"), authorship(own, "more-kites/jon-moss")
    lines = [f"reason: x, reviewer: '{REVIEWER}', date: 2026-01-02}}"] * 2
    entries = (f"- {{same: [{a}, {b}], {lines[0]}", f"- {{same: [{a}, cogs-2031/none/nobody], {lines[1]}")
    (own.folder / NAME).write_text("decisions:\n" + "\n".join(entries), encoding="utf-8")
    path = tmp_path / "cogs2032.json"
    path.write_text(json.dumps(records([("Widest Gears", *PAPERS[0][1:])])), encoding="utf-8")
    result = runs("import", "paperlists", str(path))
    assert f"{NAME}:2: This decision has no effect: both" not in result.output
    assert f"{NAME}:2: This decision has no effect" in result.output
    assert f"{NAME}:3: This decision has no effect" in result.output
    assert {each: persons(own)[each] for each in before} == before


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("- {same: [orcid:0000-0002-1825-0098, a/b/c], ", "check its digits"),
        ("- {same: [Ada Quill], ", "names no person"),
        ("- {same: [a/b/c], different: [a/b/c, d/e/f], ", "one of same"),
        ("- {different: [a/b/c], ", "at least 2"),
    ],
)
def test_a_mistake_in_the_file_of_decisions_is_reported_with_its_line(
    content: str, words: str, own: Home, runs: Runs
) -> None:
    end = f"reason: x, reviewer: '{REVIEWER}', date: 2026-01-02}}"
    (own.folder / NAME).write_text(f"decisions:\n{content}{end}\n", encoding="utf-8")
    result = runs("identity", "decisions", code=1)
    assert f"{NAME}:2:" in output(result)
    assert words in output(result)


def test_a_preferred_name_is_the_label_and_the_printed_ones_are_further_names(own: Home, decides: Runs) -> None:
    known = persons(own)
    decides("prefer", f"person:{known[ONE]}", "William Wang")
    quads = {str(each) for each in EmbeddedStore.open(own.needed().store).quads()}
    me = f"<{BASE}id/person/{known[ONE]}>"
    labels = {each for each in quads if each.startswith(me) and ("#label>" in each or "#altLabel>" in each)}
    assert any('label> "William Wang"' in each for each in labels)
    assert any('altLabel> "Wei Wang"' in each for each in labels)


def test_a_build_keeps_what_was_decided(own: Home, decides: Runs, runs: Runs) -> None:
    before = persons(own)
    decides("same", f"person:{before[ONE]}", f"person:{before[OTHER]}")
    after = persons(own)
    runs("build")
    assert persons(own) == after


def everything(home: Home) -> bytes:
    """Return all that the current version and its ledgers hold, and the file of decisions."""
    version = home.needed()
    quads = "\n".join(map(str, EmbeddedStore.open(version.store).quads())).encode()
    files = [each for each in version.folder.rglob("*") if each.is_file() and "store" not in each.parts]
    texts = [each.read_bytes() for each in files]
    unpacked = [gzip.decompress(text) if text.startswith(b"\x1f\x8b") else text for text in texts]
    return b"\n".join((quads, *unpacked, (home.folder / NAME).read_bytes(), " ".join(map(str, files)).encode()))


def test_a_former_name_is_nowhere_after_a_decision_and_not_after_the_next_import_either(
    own: Home, decides: Runs, runs: Runs, tmp_path: Path
) -> None:
    known = persons(own)
    everyone = {path for each, path in known.items() if each.endswith("-rookwood")}
    decides("same", *(f"person:{each}" for each in everyone))
    result = decides(
        "former",
        f"person:{persons(own)['old-cogs/kim-rookwood']}",
        "Kim Rookwood",
        "Kay Rookwood",
        reason="A new name.",
    )
    assert "convocation versions prune" in result.output
    after = persons(own)
    mine = {path for each, path in after.items() if each.endswith("-rookwood")}
    assert len(mine) == 1
    for times in range(2):
        held = everything(own).lower().splitlines()
        assert [line[:300] for line in held if re.search(rb"kim[-_ ]rookwood", line)] == []
        with create_app(Settings(home=str(own.folder), base=BASE, access_log="no")).test_client() as client:
            assert client.get("/page/person/kim-rookwood").status_code == 404
            assert client.get(f"/page/person/{next(iter(mine))}").status_code == 200
        path = tmp_path / "cogs2031.json"
        path.write_text(json.dumps(records(PAPERS), indent=times), encoding="utf-8")
        runs("import", "paperlists", str(path))
        assert persons(own) == after


def test_a_namesake_keeps_a_name_that_is_the_former_one_of_another_person(own: Home, decides: Runs) -> None:
    decides("former", f"orcid:{FIRST}", "Jon Moss", "Joan Moss-Hale", reason="A new name.")
    after = persons(own)
    assert after["kites/joan-moss-hale"] == after["last-kites/joan-moss-hale"]
    assert "more-kites/jon-moss" in after


@pytest.mark.parametrize("text", ["~Kim_Rookwood1", "r/KimRookwood2", "kim-rookwood-2", "the co-author Kim Rookwood"])
def test_a_text_holds_a_name_however_it_is_written(text: str) -> None:
    assert carries(text, former_hash("Kim Rookwood"))
    assert not carries(text, former_hash("Kay Rookwood"))


def test_a_former_name_that_is_shown_again_leaves_ledgers_as_they_were(
    own: Home, decides: Runs, runs: Runs, tmp_path: Path
) -> None:
    before, known = facts(own), persons(own)
    decides("former", f"person:{known['last-kites/joan-moss-hale']}", "Joan Moss-Hale", "Jo Hale", reason="A new name.")
    result = runs("identity", "undo", "1")
    assert "cogs2031.json" in result.output
    path = tmp_path / "cogs2031.json"
    path.write_text(json.dumps(records(PAPERS)), encoding="utf-8")
    runs("import", "paperlists", str(path))
    assert facts(own)[0] == before[0]
    assert facts(own)[1] == before[1]


def test_an_explanation_has_the_evidence_of_each_authorship_and_why_a_namesake_is_another(met: Home) -> None:
    runner, folder = CliRunner(), str(met.folder)
    shown = runner.invoke(cli, ["identity", "explain", "Jon Moss", "--home", folder]).output
    assert "certain: a verified identifier: ORCID" in shown
    assert "different identifiers: ORCID" in shown
    found = json.loads(runner.invoke(cli, ["identity", "explain", "Wei Wang", "--json", "--home", folder]).output)
    assert len(found) == 2
    assert {one["strength"] for each in found for one in each["authorships"]} == {"", "strong"}
    assert [*found[0]["namesakes"].values()] == ["nothing in common but the name"]
    assert runner.invoke(cli, ["identity", "explain", "Nobody Known", "--home", folder]).exit_code == 1


def test_candidates_are_people_whom_no_identifier_and_no_decision_keeps_apart(own: Home, decides: Runs) -> None:
    def pairs() -> list[set[str]]:
        result = CliRunner().invoke(cli, ["identity", "candidates", "--json", "--home", str(own.folder)])
        assert result.exit_code == 0, result.exception
        return [{*each["persons"]} for each in json.loads(result.output) if each["may_be"] == "one"]

    known = persons(own)
    wanted = {known[ONE], known[OTHER]}
    assert wanted in pairs()
    assert {known["kites/jon-moss"], known["more-kites/jon-moss"]} not in pairs()
    decides("different", *(f"person:{each}" for each in sorted(wanted)))
    assert wanted not in pairs()
