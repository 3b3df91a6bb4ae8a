"""A version is published whole or not at all, whatever happens to the process that builds it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from graph.errors import HomeError, VersionError
from graph.files import ROOT
from graph.versions.home import KEEP, Home

BASE = "https://kg.example.org/"
KILLED = """
import os, signal, sys
from pathlib import Path
from graph.versions.home import Home

folder, left = sys.argv[1], int(sys.argv[2])

def count(frame, event, argument):
    global left
    if frame.f_code.co_name not in ("publishing", "_publish", "point"):
        return None
    left -= event == "line"
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return count

sys.settrace(count)
with Home(Path(folder)).publishing("https://kg.example.org/") as draft:
    draft.store.mkdir()
    (draft.store / "label").write_text("new")
"""


def publish(home: Home, label: str) -> int:
    """Publish a version whose store is a folder with a label."""
    with home.publishing(BASE) as draft:
        draft.store.mkdir()
        (draft.store / "label").write_text(label)
        draft.counts = {"sources": 1}
    return draft.number


def label(home: Home) -> str:
    """Return the label that the current version holds."""
    return (home.needed().store / "label").read_text()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with one version."""
    home = Home(tmp_path / "home")
    publish(home, "old")
    return home


def test_a_published_version_is_the_current_one(home: Home) -> None:
    version = home.needed()
    assert (version.number, version.base, version.counts) == (1, BASE, {"sources": 1})
    assert label(home) == "old"


def test_a_version_knows_when_it_was_built(home: Home) -> None:
    facts = json.loads((home.versions / "1" / "version.json").read_text())
    assert set(facts) == {"number", "base", "built", "counts", "seconds", "made"}
    assert facts["built"].endswith("+00:00")


def test_the_next_version_has_the_next_number(home: Home) -> None:
    assert publish(home, "new") == 2
    assert (home.numbers(), home.current_number(), label(home)) == ([1, 2], 2, "new")


def test_only_the_last_versions_are_kept(home: Home) -> None:
    for number in range(2, KEEP + 3):
        publish(home, str(number))
    assert home.numbers() == [3, 4, 5, 6, 7]
    assert label(home) == "7"


@pytest.mark.parametrize("made", ["build", "restore of monday", "rebase from https://x.example.org/", "import of dblp"])
def test_the_last_version_that_no_write_made_is_kept(home: Home, made: str) -> None:
    for number in range(KEEP + 2):
        with home.publishing(BASE, made if number == 0 else "update") as draft:
            draft.store.mkdir()
    assert home.numbers() == [2, 4, 5, 6, 7, 8]


def broken_off(home: Home, error: type[BaseException]) -> None:
    with home.publishing(BASE) as draft:
        draft.store.mkdir()
        raise error


@pytest.mark.parametrize("error", [ValueError, OSError, KeyboardInterrupt, SystemExit, MemoryError])
def test_an_exception_leaves_everything_as_it_was(home: Home, error: type[BaseException]) -> None:
    with pytest.raises(error):
        broken_off(home, error)
    assert (home.numbers(), label(home)) == ([1], "old")
    assert not (home.versions / ".building").exists()


def test_a_draft_is_not_served(home: Home) -> None:
    with home.publishing(BASE) as draft:
        draft.store.mkdir()
        assert (home.numbers(), label(home)) == ([1], "old")


def test_two_builds_at_once_are_one_too_many(home: Home) -> None:
    with home.publishing(BASE) as draft:
        with pytest.raises(HomeError, match=r"Another build is under way in .*; wait for it, or set CONVOCATION_HOME"):
            publish(home, "other")
        draft.store.mkdir()
        (draft.store / "label").write_text("first")
    assert (home.numbers(), label(home)) == ([1, 2], "first")


def test_what_a_crash_left_is_cleared(home: Home) -> None:
    left = home.versions / ".building" / "store"
    left.mkdir(parents=True)
    (left / "CURRENT").write_text("half")
    (home.folder / ".current").write_text("9")
    assert publish(home, "new") == 2
    assert sorted(path.name for path in home.versions.iterdir()) == ["1", "2"]


def test_a_version_that_was_never_pointed_to_does_not_are_in_the_way(home: Home) -> None:
    (home.versions / "2").mkdir()
    assert publish(home, "new") == 3
    assert label(home) == "new"


@pytest.mark.slow
def test_a_build_that_is_killed_at_any_line_leaves_a_whole_version(home: Home) -> None:
    lines, labels, done = 0, set(), -signal.SIGKILL
    while done == -signal.SIGKILL:
        lines += 1
        arguments = [sys.executable, "-c", KILLED, str(home.folder), str(lines)]
        done = subprocess.run(arguments, cwd=ROOT, check=False).returncode
        labels.add(label(home))
        assert publish(home, "old") == home.current_number()
    assert (done, labels) == (0, {"old", "new"})
    assert lines > 15


def test_a_home_without_a_version_says_how_to_build_one(tmp_path: Path) -> None:
    home = Home(tmp_path / "nowhere")
    assert (home.current(), home.numbers()) == (None, [])
    with pytest.raises(VersionError, match=r"There is no graph in .*nowhere yet; run: convocation build"):
        home.needed()
    assert not home.folder.exists()


@pytest.mark.parametrize("content", [b"", b"one", b"1.0", b"1 2", b"\xff\xfe", b"\x00" * 4096])
def test_a_pointer_that_is_no_number_is_reported_with_a_hint(home: Home, content: bytes) -> None:
    home.pointer.write_bytes(content)
    with pytest.raises(
        HomeError, match=r"current does not hold the number of a version .*; write the number of a folder"
    ):
        home.needed()


def test_a_pointer_to_no_version_is_reported_with_those_that_there_are(home: Home) -> None:
    publish(home, "new")
    home.point(9)
    with pytest.raises(VersionError, match=r"There is no whole version 9 in .*; there are 1, 2"):
        home.needed()


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"number": 1}', '{"wheel": 1}', "null"])
def test_a_version_whose_facts_are_broken_is_not_whole(home: Home, content: str) -> None:
    (home.versions / "1" / "version.json").write_text(content)
    with pytest.raises(VersionError, match="There is no whole version 1"):
        home.needed()


def test_a_broken_pointer_is_corrected_by_the_next_build(home: Home) -> None:
    home.pointer.write_text("wheel")
    publish(home, "new")
    assert label(home) == "new"


def test_an_older_version_can_be_made_current_again(home: Home) -> None:
    publish(home, "new")
    home.point(1)
    assert (label(home), home.numbers()) == ("old", [1, 2])
    assert publish(home, "newest") == 3


@pytest.mark.parametrize("name", ["12a", "²", ".building", "-1", "notes.txt"])
def test_other_folders_are_not_versions(home: Home, name: str) -> None:
    (home.versions / name).mkdir()
    assert home.numbers() == [1]


def test_a_home_that_is_a_file_is_reported_with_a_hint(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("wheel")
    with pytest.raises(HomeError, match=r"home cannot be written: .*; free some space there, or set CONVOCATION_HOME"):
        publish(Home(tmp_path / "home"), "new")
    with pytest.raises(HomeError, match="current does not hold the number of a version"):
        Home(tmp_path / "home").current()


def test_a_home_that_may_not_be_written_is_reported_with_a_hint(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    home.folder.mkdir(mode=0o500)
    with (
        nobody(),
        pytest.raises(HomeError, match="cannot be written: Permission denied; free some space there"),
    ):
        publish(home, "new")


@contextmanager
def nobody() -> Iterator[None]:
    """Give up the rights of root for a while, before which every folder can be written."""
    user = os.geteuid()
    os.seteuid(user or 65534)
    try:
        yield
    finally:
        os.seteuid(user)
