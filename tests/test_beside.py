"""Tests of two processes share what they build, each with a copy, and one that measures runs alone."""

from pathlib import Path
from threading import Event, Thread

import beside
import pytest


def running(name: str, order: list[str], *, alone: bool) -> tuple[Thread, Event]:
    """Begin a test that notes its begin and its end; return it with what ends it."""
    end = Event()

    def run() -> None:
        with beside.turn(alone=alone):
            order.append(f"{name} begins")
            end.wait(30)
            order.append(f"{name} ends")

    thread = Thread(target=run)
    thread.start()
    return thread, end


@pytest.fixture
def several(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Locks of its own, as if this were one of several processes."""
    (tmp_path / "gate").touch()
    monkeypatch.setattr(beside, "GATE", tmp_path / "gate")
    monkeypatch.setattr(beside, "BESIDE", True)


@pytest.mark.usefixtures("several")
def test_a_test_that_measures_does_not_begin_beside_another_nor_another_beside_it() -> None:
    order: list[str] = []
    first, end_first = running("first", order, alone=False)
    while not order:
        first.join(0.01)
    alone, end_alone = running("alone", order, alone=True)
    alone.join(0.2)
    assert order == ["first begins"]
    end_first.set()
    while len(order) < 3:
        alone.join(0.01)
    last, end_last = running("last", order, alone=False)
    last.join(0.2)
    assert order[2:] == ["alone begins"]
    for end in (end_alone, end_last):
        end.set()
    for thread in (first, alone, last):
        thread.join(30)
    assert order[3:] == ["alone ends", "last begins", "last ends"]


def test_what_is_made_for_all_is_made_once_and_what_failed_is_made_again(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    made: list[Path] = []

    def make(folder: Path) -> None:
        made.append(folder)
        folder.mkdir()
        if len(made) == 1:
            raise OSError("half of it")
        (folder / "file").write_text("whole")

    name = "of-test-beside"
    with pytest.raises(OSError, match="half of it"):
        beside.copy_of(name, make, tmp_path_factory)
    copies = [beside.copy_of(name, make, tmp_path_factory) for _ in range(2)]
    (copies[0] / "file").unlink()
    assert (copies[1] / "file").read_text() == "whole"
    assert len(made) == 2
