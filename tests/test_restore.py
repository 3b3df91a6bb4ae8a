"""A dump becomes a version with the same quads, or nothing changes and the reason is reported."""

import gzip
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import BASE, Run, refused
from pyoxigraph import Quad
from test_build import files_no_larger_than

from graph.errors import SourceError
from graph.exchange.dump import DESCRIPTION, GRAPH, SUMS, dump_folder
from graph.store.embedded import EmbeddedStore
from graph.terms import CVN, RDF
from graph.versions.home import Home
from graph.versions.ledgers import ARCHIVE, unpack

ELSEWHERE = "https://kg.example.org/"


def quads(home: Home) -> set[Quad]:
    return set(EmbeddedStore.open(home.needed().store).quads())


@pytest.fixture(scope="module")
def dumped(home: Home, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dump of the bundled graph."""
    folder, version = tmp_path_factory.mktemp("dumped") / "monday", home.needed()
    dump_folder(EmbeddedStore.open(version.store), version, "https://example.org/license", folder)
    return folder


@pytest.fixture
def dump(dumped: Path, tmp_path: Path) -> Path:
    """A copy of it, which may be damaged."""
    return Path(shutil.copytree(dumped, tmp_path / "monday"))


@pytest.fixture
def unchecked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what is restored not be checked against the shapes, which takes some time."""
    monkeypatch.setenv("CONVOCATION_VALIDATE", "no")


@pytest.fixture
def other(empty_home: Home, unchecked: None) -> Iterator[Home]:  # noqa: ARG001
    """A home with a small version, which is there afterwards too."""
    with empty_home.publishing(BASE) as draft:
        EmbeddedStore.write(draft.store, [Quad(CVN.Person, RDF.type, RDF.type)])
    yield empty_home
    assert (empty_home.numbers(), empty_home.current_number()) == ([1], 1)
    assert not list(empty_home.versions.glob(".*"))


def test_an_empty_home_gets_the_same_quads(run: Run, home: Home, empty_home: Home, dump: Path) -> None:
    done = run("restore", dump)
    assert done.out.startswith(f"Published version 1 in {empty_home.folder}: {len(quads(home)):,} quads, IRIs under ")
    assert quads(empty_home) == quads(home)
    version = empty_home.needed()
    assert (version.made, version.base, version.counts["quads"]) == ("restore of monday", BASE, len(quads(home)))
    assert (version.folder / "statistics.json").read_bytes() == (home.needed().folder / "statistics.json").read_bytes()


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize("name", ["graph.nq.gz", "graph.nq"])
def test_a_mere_file_is_restored_too(run: Run, home: Home, empty_home: Home, dump: Path, name: str) -> None:
    if name.endswith(".nq"):
        (dump / name).write_bytes(gzip.decompress((dump / GRAPH).read_bytes()))
    assert run("restore", dump / name).code == 0
    assert quads(empty_home) == quads(home)


@pytest.mark.usefixtures("unchecked")
def test_a_dump_is_moved_to_another_base_when_asked(run: Run, empty_home: Home, dump: Path) -> None:
    assert run("restore", dump, "--base", ELSEWHERE, "--rebase").code == 0
    assert empty_home.needed().base == ELSEWHERE
    text = "".join(map(str, quads(empty_home)))
    assert BASE not in text
    assert f"<{ELSEWHERE}id/edition/neurips-2024>" in text


@pytest.mark.usefixtures("other")
def test_a_dump_of_another_base_is_refused(run: Run, dump: Path) -> None:
    done = run("restore", dump, "--base", ELSEWHERE)
    assert refused(done, f"those of this installation with {ELSEWHERE}; set CONVOCATION_BASE={BASE}, or restore with")


@pytest.mark.usefixtures("other")
def test_a_file_of_another_base_is_refused(run: Run, dump: Path) -> None:
    done = run("restore", dump / GRAPH, "--base", ELSEWHERE)
    assert refused(done, f"No IRI begins with {ELSEWHERE}, so nothing was published; set CONVOCATION_BASE")


@pytest.mark.usefixtures("other")
@pytest.mark.parametrize("name", [GRAPH, DESCRIPTION])
@pytest.mark.parametrize("damage", ["cut", "altered", "empty"])
def test_a_damaged_dump_is_refused(run: Run, dump: Path, name: str, damage: str) -> None:
    data = bytearray((dump / name).read_bytes())
    data[len(data) // 2] ^= 1
    kinds = {"cut": bytes(data[: len(data) // 2]), "altered": bytes(data), "empty": b""}
    (dump / name).write_bytes(kinds[damage])
    assert refused(run("restore", dump), f"{name} is not the file that was dumped: its checksum is another; fetch it")


@pytest.mark.usefixtures("other")
@pytest.mark.parametrize("size", [0, 10, 100_000, -4])
def test_a_file_that_breaks_off_is_refused(run: Run, dump: Path, size: int) -> None:
    (dump / "cut.nq.gz").write_bytes((dump / GRAPH).read_bytes()[:size])
    done = run("restore", dump / "cut.nq.gz")
    words = "No IRI begins with" if size == 0 else "cut.nq.gz breaks off or is damaged ("
    assert refused(done, words)


@pytest.mark.usefixtures("other")
def test_a_file_that_is_not_compressed_is_reported(run: Run, tmp_path: Path) -> None:
    (tmp_path / "plain.nq.gz").write_text("<a:b> <a:b> <a:b> .\n")
    assert refused(run("restore", tmp_path / "plain.nq.gz"), "breaks off or is damaged (Not a gzipped file")


@pytest.mark.usefixtures("other")
def test_text_that_is_no_quads_is_reported_with_its_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "wheel.nq").write_text("<a:b> <a:b> <a:b> .\n<a:b> wheel\n")
    assert refused(run("restore", tmp_path / "wheel.nq"), "The N-Quads are not well formed: Parser error at line 2")


@pytest.mark.usefixtures("other")
@pytest.mark.parametrize("name", [GRAPH, DESCRIPTION, SUMS])
def test_a_folder_that_lacks_a_file_is_no_dump(run: Run, dump: Path, name: str) -> None:
    (dump / name).unlink()
    assert refused(run("restore", dump), f"monday is no dump: it has no {name}; give a folder that `convocation dump`")


@pytest.mark.usefixtures("other")
@pytest.mark.parametrize(
    ("name", "words"), [("nowhere", "is no dump: give"), ("nowhere.nq", "cannot be read: No such")]
)
def test_a_path_to_nothing_is_reported(run: Run, tmp_path: Path, name: str, words: str) -> None:
    assert refused(run("restore", tmp_path / name), words)


@pytest.mark.usefixtures("other")
@pytest.mark.parametrize("size", [0, 1000, 100_000])
def test_a_full_disk_is_reported_and_the_version_stays(run: Run, dump: Path, size: int) -> None:
    with files_no_larger_than(size):
        done = run("restore", dump)
    assert refused(done, "cannot be written: ")
    assert "free some space there, or set CONVOCATION_HOME" in done.err


def test_a_dump_that_breaks_a_shape_is_refused(
    run: Run, other: Home, dump: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CONVOCATION_VALIDATE", "yes")
    lines = gzip.decompress((dump / GRAPH).read_bytes())
    bad = f"<{BASE}id/person/x> {RDF.type} {CVN.Person} .\n".encode()
    (dump / "bad.nq").write_bytes(lines + bad)
    done = run("restore", dump / "bad.nq")
    assert done.code == 1
    assert done.err.startswith("convocation: Nothing was published: the graph has ")
    assert f"{BASE}id/person/x" in done.err
    assert other.current_number() == 1


@pytest.mark.usefixtures("other")
def test_a_remote_engine_takes_no_dump(run: Run, dump: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONVOCATION_STORE", "sparql+http://127.0.0.1:9/query")
    assert refused(run("restore", dump), "keeps the graph; unset CONVOCATION_STORE")


@pytest.fixture
def imported(copied: Home) -> Home:
    """A home whose version keeps what a source says."""
    folder = copied.needed().ledgers / "lists"
    folder.mkdir(parents=True)
    lines = [f"<https://a.example.org/> <{BASE}p> <{BASE}o> .\n", f"<{BASE}s> <{BASE}p> <{BASE}o> .\n"]
    (folder / "one.nq.gz").write_bytes(gzip.compress("".join(sorted(lines)).encode()))
    (folder / "one.jsonl.gz").write_bytes(gzip.compress(f'{{"page":"{BASE}x"}}\n'.encode()))
    (folder.parent / "index.json").write_text(f'{{"base": "{BASE}"}}')
    return copied


def ledgers(home: Home) -> dict[str, bytes]:
    """Return the texts that the current version keeps of its sources."""
    folder = home.needed().ledgers
    files = {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}
    return {
        name: gzip.decompress(path.read_bytes()) if name.endswith(".gz") else path.read_bytes()
        for name, path in files.items()
    }


@pytest.mark.usefixtures("unchecked")
def test_what_sources_say_is_dumped_and_restored_too(
    run: Run, imported: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("dump", tmp_path / "one")
    run("dump", tmp_path / "two")
    assert (tmp_path / "one" / ARCHIVE).read_bytes() == (tmp_path / "two" / ARCHIVE).read_bytes()
    subprocess.run(["sha256sum", "--check", "--strict", SUMS], cwd=tmp_path / "one", check=True)
    before = ledgers(imported)
    monkeypatch.setenv("CONVOCATION_HOME", str(tmp_path / "other"))
    assert run("restore", tmp_path / "one").code == 0
    other = Home(tmp_path / "other")
    assert ledgers(other) == before
    assert run("restore", tmp_path / "one", "--base", ELSEWHERE, "--rebase").code == 0
    moved = ledgers(other)
    assert not [name for name, text in moved.items() if BASE.encode() in text]
    lines = moved["lists/one.nq.gz"].splitlines()
    assert lines == sorted(lines)
    assert {each.replace(ELSEWHERE.encode(), BASE.encode()) for each in lines} == set(
        before["lists/one.nq.gz"].splitlines()
    )


def test_an_archive_that_is_damaged_is_refused(run: Run, imported: Home, tmp_path: Path) -> None:
    run("dump", tmp_path / "dump")
    (tmp_path / "dump" / ARCHIVE).write_bytes(b"wheel")
    assert refused(run("restore", tmp_path / "dump"), f"{ARCHIVE} is not the file that was dumped")
    (tmp_path / "dump" / ARCHIVE).unlink()
    assert refused(run("restore", tmp_path / "dump"), "cannot be read: No such file or directory")
    assert imported.numbers() == [1]


def test_what_sources_say_moves_to_another_base_too(run: Run, imported: Home) -> None:
    before = ledgers(imported)
    assert run("rebase", ELSEWHERE).code == 0
    moved = ledgers(imported)
    assert moved.keys() == before.keys()
    assert not [name for name, text in moved.items() if BASE.encode() in text]


@pytest.mark.parametrize("name", ["../out", "/nowhere/out", "a/../../out"])
def test_an_archive_that_would_write_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    with tarfile.open(tmp_path / "x.tar", "w") as tar:
        tar.addfile(tarfile.TarInfo(name))
    with pytest.raises(SourceError, match="which none of ours does; take another dump"):
        unpack(tmp_path / "x.tar", tmp_path / "folder")
    assert not (tmp_path / "out").exists()
