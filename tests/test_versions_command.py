"""`convocation versions` lists versions, compares, goes back and removes, and never takes what is in use."""

import json
import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import BASE, Run, Server, refused
from pyoxigraph import Literal, NamedNode, Quad

from graph.store.embedded import EmbeddedStore
from graph.updates.writer import Change, Writer
from graph.versions.home import Home

THING = NamedNode(f"{BASE}id/person/a")
LABEL = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")


def publish(home: Home, *labels: str) -> None:
    """Publish a version in which a thing has some labels."""
    with home.publishing(BASE) as draft:
        EmbeddedStore.write(draft.store, [Quad(THING, LABEL, Literal(each)) for each in labels])
        draft.counts = {"sources": 1, "quads": len(labels)}


@pytest.fixture
def kept(empty_home: Home) -> Home:
    """A home with three versions."""
    for labels in (["one"], ["one", "two"], ["two", "three"]):
        publish(empty_home, *labels)
    return empty_home


def test_the_versions_are_listed_with_the_current_one_marked(run: Run, kept: Home) -> None:
    lines = run("versions", "list").out.splitlines()
    assert lines[0].split() == ["version", "built", "(UTC)", "how", "sources", "quads", "MB"]
    assert [line.split()[0] for line in lines[1:3]] == ["1", "2"]
    assert re.fullmatch(r"\* +3  20\d\d-\d\d-\d\d \d\d:\d\d +build +1 +2 +\d+\.\d", lines[3])
    assert lines[4].startswith("On disk together")
    assert kept.current_number() == 3


def test_the_versions_are_listed_for_programs(run: Run, kept: Home) -> None:
    facts = json.loads(run("versions", "list", "--json").out)
    assert [(each["number"], each["counts"]["quads"], each["current"]) for each in facts] == [
        (1, 1, False),
        (2, 2, False),
        (3, 2, True),
    ]
    size = sum(path.stat().st_size for path in (kept.versions / "3").rglob("*") if path.is_file())
    assert facts[2]["bytes"] == size


def test_a_version_that_is_not_whole_is_reported(run: Run, kept: Home) -> None:
    (kept.versions / "2" / "version.json").unlink()
    assert "Version 2 is not whole; a build that was killed left it. Remove " in run("versions", "list").out


def test_two_versions_are_compared_in_counts(run: Run, kept: Home) -> None:
    lines = run("versions", "diff", 1, 3).out.splitlines()
    assert lines[0] == "Version 3 has 2 quads more and 1 less than 1."
    assert lines[3].split() == ["default", "graph", "2", "1"]
    assert run("versions", "diff", 1).out.splitlines() == lines
    assert run("versions", "diff", 3, 3).out == "Version 3 has 0 quads more and 0 less than 3.\n"
    assert kept.numbers() == [1, 2, 3]


@pytest.mark.usefixtures("kept")
def test_the_patch_goes_to_a_file_or_to_standard_output(run: Run, tmp_path: Path) -> None:
    run("versions", "diff", 1, 2, "--patch", tmp_path / "patch")
    text = (tmp_path / "patch").read_text()
    assert text.splitlines()[2:] == ["TX .", f'A {THING} {LABEL} "two" .', "TC ."]
    for place in (["-"], []):
        done = run("versions", "diff", 1, 2, "--patch", *place)
        assert done.out == text
        assert "Version 2 has 1 quads more" in done.err


@pytest.mark.usefixtures("kept")
def test_a_number_of_a_version_is_not_taken_for_the_file_of_the_patch(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert refused(run("versions", "diff", "--patch", 1, 2), "put --patch behind the versions")
    assert not (tmp_path / "1").exists()


def test_a_store_that_breaks_off_is_no_difference(run: Run, kept: Home) -> None:
    for path in (kept.versions / "2" / "store").glob("*.sst"):
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    done = run("versions", "diff", 1, 2)
    assert (done.code, "Traceback" in done.err) == (1, False)
    assert str(kept.versions / "2" / "store") in done.err


def test_the_quads_of_a_version_that_was_written_are_reported_exactly(run: Run, copied: Home) -> None:
    writer = Writer(copied)
    writer.write(Change("update", copied.needed().base, "DROP NAMED"))
    writer.close()
    count = len(EmbeddedStore.open(copied.needed().store).engine)
    assert count < copied.version(1).counts["quads"]
    assert f" {count:,} " in run("versions", "list").out
    assert "about" not in run("versions", "list").out
    assert json.loads(run("versions", "list", "--json").out)[1]["counts"]["quads"] == count


@pytest.mark.usefixtures("kept")
def test_a_patch_that_cannot_be_written_is_reported(run: Run, tmp_path: Path) -> None:
    done = run("versions", "diff", 1, 2, "--patch", tmp_path / "nowhere" / "patch")
    assert refused(done, "patch cannot be written: No such file or directory; give another path or free some space")


@pytest.mark.parametrize("command", [("diff", 7), ("diff", 1, 7), ("rollback", 7), ("rollback", 0)])
def test_an_unknown_version_is_reported_with_those_that_there_are(run: Run, kept: Home, command: tuple[object]) -> None:
    assert refused(run("versions", *command), f"in {kept.folder}; there are 1, 2, 3.")
    assert kept.current_number() == 3


@pytest.mark.parametrize("command", [("list",), ("diff", 1), ("rollback", 1), ("prune",)])
def test_a_home_without_versions_says_how_to_build_one(run: Run, empty_home: Home, command: tuple[object]) -> None:
    assert refused(run("versions", *command), f"There is no graph in {empty_home.folder} yet; run: convocation build")
    assert not empty_home.folder.exists()


def test_going_back_makes_an_older_version_the_current_one(run: Run, kept: Home) -> None:
    assert run("versions", "rollback", 1).out.startswith("Version 1 is the current one again, and was 3 before: built ")
    assert (kept.current_number(), kept.numbers()) == (1, [1, 2, 3])
    assert run("versions", "rollback", 1).out.startswith("Version 1 is the current one already")
    publish(kept, "four")
    assert kept.current_number() == 4


def test_one_does_not_go_back_to_a_version_that_cannot_be_read(run: Run, kept: Home) -> None:
    shutil.rmtree(kept.needed().folder.parent / "1" / "store")
    assert refused(run("versions", "rollback", 1), "holds no graph that can be read")
    assert kept.current_number() == 3


def test_one_does_not_go_back_while_a_build_is_under_way(run: Run, kept: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONVOCATION_WAIT", "0")
    with kept.locked():
        assert refused(run("versions", "rollback", 1), "Another build is under way")
    assert kept.current_number() == 3


def test_old_versions_are_removed(run: Run, kept: Home) -> None:
    assert re.fullmatch(
        r"Removed versions 1, 2, \d+\.\d MB; there are version 3.\n", run("versions", "prune", "--keep", 1).out
    )
    assert (kept.numbers(), kept.current_number()) == ([3], 3)


def test_the_current_version_is_never_removed(run: Run, kept: Home) -> None:
    kept.roll_back(1)
    run("versions", "prune", "--keep", 1)
    assert (kept.numbers(), kept.current_number()) == ([1, 3], 1)


def test_a_version_that_is_read_is_never_removed(run: Run, kept: Home) -> None:
    store = EmbeddedStore.open(kept.version(1).store)
    done = run("versions", "prune", "--keep", 1)
    assert done.out.splitlines()[1] == "A server still reads version 1; prune again when it has stopped or gone on."
    assert kept.numbers() == [1, 3]
    assert store.holds(Quad(THING, LABEL, Literal("one")))


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("keep", ["0", "-1", "many"])
def test_at_least_one_version_is_kept(run: Run, keep: str) -> None:
    assert run("versions", "prune", "--keep", keep).code == 2
    assert run("versions", "prune").out.startswith("Removed versions none, 0.0 MB")


def test_a_remote_engine_keeps_one_version(run: Run, kept: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONVOCATION_STORE", "sparql+http://127.0.0.1:9/query")
    assert refused(run("versions", "rollback", 1), "keeps the graph; unset CONVOCATION_STORE")
    assert kept.current_number() == 3


@pytest.mark.slow
def test_a_running_server_follows_one_that_goes_back(serve: Callable[..., Server], home: Home, tmp_path: Path) -> None:
    copy = Home(shutil.copytree(home.folder, tmp_path / "home"))
    publish(copy, "two")
    server = serve(home=str(copy.folder))
    ask = f"SELECT ?name {{ {THING} {LABEL} ?name }}"
    assert server.ask(ask, format="csv")[2].split() == [b"name", b"two"]
    copy.roll_back(1)
    until = time.monotonic() + 10
    while (answer := server.ask(ask, format="csv"))[1]["x-convocation-version"] != "1" and time.monotonic() < until:
        time.sleep(0.02)
    status, headers, body = answer
    assert (status, headers["x-convocation-version"], body.split()) == (200, "1", [b"name"])
    assert server.open("/")[1]["x-convocation-version"] == "1"
