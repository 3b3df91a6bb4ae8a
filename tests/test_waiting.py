"""A command waits for a write or another build that is under way, says so, and does not fail at once."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest
from conftest import BASE, Run

from graph.updates.writer import Change, Writer
from graph.versions.home import Home

LIST = Path(__file__).parent / "importers" / "paperlists" / "cogs2030.json"
UPDATE = f"INSERT DATA {{ <{BASE}id/x> <http://www.w3.org/2000/01/rdf-schema#label> 'x' }}"


@contextmanager
def writing(home: Home, seconds: float, *, update: bool = False) -> Iterator[None]:
    """Hold a home for some seconds, or until the block ends, and then publish a version by an update if asked."""
    begun, ended = Event(), Event()

    def write() -> None:
        writer = Writer(home, validate=(lambda _: _pause()) if update else None)
        if update:
            writer.write(Change("update", BASE, UPDATE))
            writer.close()
        else:
            with home.locked():
                _pause()

    def _pause() -> None:
        begun.set()
        ended.wait(seconds)

    thread = Thread(target=write)
    thread.start()
    begun.wait(30)
    yield
    ended.set()
    thread.join()


@pytest.mark.parametrize("command", [("import", "paperlists", LIST), ("build",)], ids=["import", "build"])
def test_a_short_write_does_not_make_a_command_fail(run: Run, copied: Home, command: tuple[object, ...]) -> None:
    with writing(copied, 2, update=True):
        done = run(*command)
    assert (done.code, copied.numbers()) == (0, [1, 2, 3])
    assert done.err.count(f"Another build or write is under way in {copied.folder}: waiting 60 s for its end.") == 1
    assert "Traceback" not in done.err


def test_a_command_does_not_wait_for_ever(run: Run, copied: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONVOCATION_WAIT", "1")
    with writing(copied, 60):
        begun = time.monotonic()
        done = run("build")
    assert 1 <= time.monotonic() - begun < 20
    assert (done.code, copied.numbers()) == (1, [1])
    assert done.err.endswith(
        f"Another build is under way in {copied.folder}; wait for it, or set CONVOCATION_HOME to another folder.\n"
    )


def test_what_was_written_while_a_rebase_waited_is_not_lost(run: Run, copied: Home) -> None:
    with writing(copied, 2, update=True):
        done = run("rebase", "https://kg.example.org/")
    assert (done.code, copied.numbers()) == (1, [1, 2])
    assert "Version 2 came while this waited for it; run the command again." in done.err
