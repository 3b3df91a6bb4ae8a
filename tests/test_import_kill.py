"""Whenever an import ends, what was published is served, and the next import leads to what an undisturbed one does."""

import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import BASE, DRILL

from graph.importers import importer
from graph.importing.run import ImportRun
from graph.store.embedded import EmbeddedStore
from graph.versions.home import Home

PAPERS, EDITIONS, KILLS = 400, 6, 20 if DRILL else 7
SEED = 20301


def lists(folder: Path, version: int) -> Path:
    """Write lists of made-up papers; another version has other titles in some of them."""
    chance = random.Random(SEED)  # noqa: S311 - the same papers each time
    folder.mkdir()
    for year in range(2031, 2031 + EDITIONS):
        papers = []
        for number in range(PAPERS):
            names = [f"{chance.choice('ABCDEFGH')}nn {chance.choice('KLMNOPQR')}evin" for _ in range(3)]
            title = f"Paper {number} of {year}" + (", Revised" * (number % 7 == version))
            papers.append({"title": title, "id": f"{year}-{number}", "author": ";".join(names), "status": "Poster"})
        (folder / f"cogs{year}.json").write_text(json.dumps(papers), encoding="utf-8")
    return folder


def quads(home: Home) -> set[str]:
    return {str(each) for each in EmbeddedStore.open(home.needed().store).quads()}


@contextmanager
def importing(folder: Path, home: Home) -> Iterator[subprocess.Popen[bytes]]:
    """Run an import of a folder in another process."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("CONVOCATION_")}
    command = [sys.executable, "-P", "-m", "server", "import", "paperlists", str(folder), "--home", str(home.folder)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        yield process


@pytest.fixture
def own(home: Home, tmp_path: Path) -> Home:
    """A home of its own with the bundled graph."""
    shutil.copytree(home.folder, tmp_path / "home", symlinks=True)
    return Home(tmp_path / "home")


def run(home: Home, folder: Path) -> None:
    ImportRun(home, BASE, importer("paperlists")).run(sorted(folder.iterdir()))


@pytest.mark.slow
def test_an_import_that_is_killed_leaves_what_was_there_and_can_be_repeated(own: Home, tmp_path: Path) -> None:
    first, second = lists(tmp_path / "first", 1), lists(tmp_path / "second", 2)
    undisturbed = Home(tmp_path / "undisturbed")
    shutil.copytree(own.folder, undisturbed.folder, symlinks=True)
    begun = time.monotonic()
    with importing(first, undisturbed) as process:
        assert process.wait() == 0
    seconds = time.monotonic() - begun
    expected = quads(undisturbed)
    chance = random.Random(SEED)  # noqa: S311 - the same moments each time
    before = quads(own)
    for _ in range(KILLS):
        with importing(first, own) as process:
            time.sleep(chance.uniform(0, seconds))
            os.kill(process.pid, signal.SIGKILL)
        assert quads(own) in (before, expected)
    run(own, first)
    assert quads(own) == expected
    run(own, second)
    run(undisturbed, second)
    assert quads(own) == quads(undisturbed)


@pytest.mark.slow
@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM])
def test_an_import_that_is_interrupted_leaves_what_was_there(own: Home, tmp_path: Path, kind: signal.Signals) -> None:
    folder = lists(tmp_path / "lists", 1)
    before = own.current_number()
    with importing(folder, own) as process:
        time.sleep(2)
        process.send_signal(kind)
        assert process.wait() != 0
    assert own.current_number() == before
    run(own, folder)
    assert any("Paper 399 of 2036" in each for each in quads(own))


@pytest.mark.slow
def test_a_full_disk_leaves_what_was_there_and_is_reported(own: Home, tmp_path: Path) -> None:
    folder = lists(tmp_path / "lists", 1)
    before = quads(own)
    command = [sys.executable, "-P", "-m", "server", "import", "paperlists", str(folder), "--home", str(own.folder)]

    def small() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))  # a write beyond fails as on a full disk

    done = subprocess.run(command, capture_output=True, text=True, check=False, preexec_fn=small)
    assert done.returncode == 1
    assert "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr
    assert quads(own) == before
    run(own, folder)
    assert any("Paper 399 of 2036" in each for each in quads(own))
