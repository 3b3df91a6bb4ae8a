"""A graph moves to another base whole: nothing is left of the old one, and nothing else changes."""

from conftest import BASE, Run, refused
from pyoxigraph import Quad
from test_build import files_no_larger_than

from graph.store.embedded import EmbeddedStore
from graph.versions.home import Home

NEW = "https://kg.example.org/convocation/"


def quads(home: Home) -> set[Quad]:
    return set(EmbeddedStore.open(home.needed().store).quads())


def test_nothing_is_left_of_the_old_base_and_nothing_else_changes(run: Run, copied: Home) -> None:
    before = quads(copied)
    (copied.needed().folder / "documents").mkdir()
    (copied.needed().folder / "documents" / "0.txt").write_text("A text that was given to the build.")
    done = run("rebase", NEW.rstrip("/"))
    assert done.out == (
        f"Published version 2 in {copied.folder}: {len(quads(copied)):,} quads, IRIs under {NEW}\n"
        f"Serve and build it with CONVOCATION_BASE={NEW}\n"
    )
    assert {str(quad) for quad in quads(copied)} == {str(quad).replace(BASE, NEW) for quad in before}
    assert not [quad for quad in quads(copied) if BASE in str(quad)]
    assert (copied.needed().base, copied.needed().made) == (NEW, f"rebase from {BASE}")
    assert (copied.needed().folder / "documents" / "0.txt").exists()
    assert BASE not in (copied.needed().folder / "statistics.json").read_text()


def test_a_graph_that_is_there_already_stays(run: Run, copied: Home) -> None:
    assert run("rebase", BASE).out == f"The IRIs of version 1 begin with {BASE} already.\n"
    assert copied.numbers() == [1]


def test_where_no_iri_can_begin_nothing_moves(run: Run, copied: Home) -> None:
    assert refused(run("rebase", "kg.example.org"), "CONVOCATION_BASE is 'kg.example.org', where no IRI can begin")
    assert copied.numbers() == [1]


def test_a_full_disk_is_reported_and_the_version_stays(run: Run, copied: Home) -> None:
    with files_no_larger_than(100_000):
        assert refused(run("rebase", NEW), "cannot be written")
    assert (copied.numbers(), copied.current_number()) == ([1], 1)


def test_a_home_without_a_version_says_how_to_build_one(run: Run, empty_home: Home) -> None:
    assert refused(run("rebase", NEW), "yet; run: convocation build")
    assert not empty_home.folder.exists()
