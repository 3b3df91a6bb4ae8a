"""A dump holds a version whole, says what it is and what its checksum is, and is the same file for the same graph."""

import gzip
import re
import subprocess
from hashlib import sha256
from pathlib import Path

import pytest
from conftest import BASE, Run, refused
from pyoxigraph import RdfFormat, parse
from test_build import files_no_larger_than

from graph.exchange.dump import DESCRIPTION, GRAPH, SUMS
from graph.store.embedded import EmbeddedStore
from graph.versions.home import Home

pytestmark = pytest.mark.usefixtures("served")


def test_a_folder_holds_the_quads_their_checksum_and_a_description(run: Run, home: Home, tmp_path: Path) -> None:
    done = run("dump", tmp_path / "dump")
    assert re.fullmatch(rf"Version 1 is in {tmp_path}/dump \(0\.\d MB\), IRIs under {re.escape(BASE)}\n", done.out)
    assert sorted(path.name for path in (tmp_path / "dump").iterdir()) == sorted([GRAPH, DESCRIPTION, SUMS])
    lines = gzip.decompress((tmp_path / "dump" / GRAPH).read_bytes()).decode().splitlines()
    assert lines == sorted(lines)
    assert set(parse("\n".join(lines), format=RdfFormat.N_QUADS)) == set(
        EmbeddedStore.open(home.needed().store).quads()
    )
    subprocess.run(["sha256sum", "--check", "--strict", SUMS], cwd=tmp_path / "dump", check=True)


def test_the_description_is_dcat(run: Run, tmp_path: Path) -> None:
    run("dump", tmp_path / "dump")
    here = f"file://{tmp_path}/dump/"
    data = (tmp_path / "dump" / GRAPH).read_bytes()
    quads = parse(path=tmp_path / "dump" / DESCRIPTION, format=RdfFormat.TURTLE, base_iri=here)
    facts = {(quad.predicate.value.rpartition("#")[2], getattr(quad.object, "value", "")) for quad in quads}
    assert {
        ("distribution", f"{here}{GRAPH}"),
        ("downloadURL", f"{here}{GRAPH}"),
        ("byteSize", str(len(data))),
        ("checksumValue", sha256(data).hexdigest()),
        ("algorithm", "http://spdx.org/rdf/terms#checksumAlgorithm_sha256"),
        ("uriSpace", BASE),
        ("version", "1"),
        ("mediaType", "https://www.iana.org/assignments/media-types/application/n-quads"),
    } <= facts


def test_two_dumps_of_a_version_are_the_same_files(run: Run, tmp_path: Path) -> None:
    for name in ("one", "two"):
        run("dump", tmp_path / name)
    for name in (GRAPH, DESCRIPTION, SUMS):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_a_file_is_compressed_where_its_name_says_so(run: Run, tmp_path: Path) -> None:
    for name in ("dump.nq", "dump.nq.gz"):
        run("dump", tmp_path / name)
    assert gzip.decompress((tmp_path / "dump.nq.gz").read_bytes()) == (tmp_path / "dump.nq").read_bytes()


def test_a_dump_that_is_there_is_not_written_over(run: Run, tmp_path: Path) -> None:
    (tmp_path / "dump").mkdir()
    done = run("dump", tmp_path / "dump")
    assert refused(done, "already, which is left as it is; give the path of a new folder")
    assert not list((tmp_path / "dump").iterdir())


@pytest.mark.parametrize("name", ["dump", "dump.nq", "dump.nq.gz"])
def test_a_full_disk_is_reported_and_nothing_is_left(run: Run, tmp_path: Path, name: str) -> None:
    with files_no_larger_than(100_000):
        done = run("dump", tmp_path / name)
    assert refused(done, f"{name} cannot be written: File too large; give another path, or free some space there")
    assert not list(tmp_path.iterdir())


def test_a_file_stays_where_a_dump_fails(run: Run, tmp_path: Path) -> None:
    (tmp_path / "dump.nq").write_text("old")
    with files_no_larger_than(100_000):
        run("dump", tmp_path / "dump.nq")
    assert (tmp_path / "dump.nq").read_text() == "old"
