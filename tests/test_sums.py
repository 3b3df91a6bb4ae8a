"""Bytes that change in the files of a version are found by its checksums, and nothing else is taken for that."""

import os
import shutil
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import BASE, Run, refused
from flask.testing import FlaskClient

from graph.errors import ConvocationError, DamageError
from graph.indexes.finalization import rebuild
from graph.settings import Settings
from graph.updates.writer import Change, Writer
from graph.versions.checksums import FILE, verify
from graph.versions.derived import KINDS, is_signed
from graph.versions.home import Home
from server.__main__ import cli
from server.application import create_app
from server.background import verified

LIST = Path(__file__).parent / "importers" / "paperlists" / "cogs2030.json"
OTHER = LIST.parent.parent / "mlanthology" / "cogs-2030.json"
ADD = f"INSERT DATA {{ <{BASE}id/x> <http://www.w3.org/2000/01/rdf-schema#label> 'x' }}"


def flip(path: Path) -> None:
    """Change a bit in the middle of a file, as a disk does, which leaves its time."""
    stat, content = path.stat(), bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    with path.open("r+b") as file:
        file.write(content)
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))


def longer(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"\0")


FILES = ("store/*.sst", "store/MANIFEST-*", "version.json", "sources/**/*.nq.gz")
MISTAKES: list[Callable[[Path], None]] = [flip, longer, Path.unlink]


@pytest.mark.parametrize(
    "damage", list(product(FILES, MISTAKES)), ids=lambda damage: f"{damage[1].__name__} {damage[0]}"
)
def test_a_file_that_is_not_as_it_was_published_is_named(
    run: Run,
    listed: Home,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    damage: tuple[str, Callable[[Path], None]],
) -> None:
    pattern, mistake = damage
    copied = Home(shutil.copytree(listed.folder, tmp_path / "home", symlinks=True))
    monkeypatch.setenv("CONVOCATION_HOME", str(copied.folder))
    folder = copied.needed().folder
    path = max(folder.glob(pattern), key=lambda path: path.stat().st_size)
    version = copied.needed()
    assert verify(version) > 10
    mistake(path)
    with pytest.raises(DamageError) as error:
        verify(version)
    assert str(error.value).startswith(f"{path} ")
    done = run("versions", "verify", 2)
    assert done.code == 1
    assert str(path) in done.err or "There is no whole version 2" in done.err


def test_a_version_that_is_served_and_whose_derived_files_were_made_again_is_whole(
    run: Run, copied: Home, engine: str
) -> None:
    run("build")
    version = copied.needed()
    client: FlaskClient = create_app(Settings(home=str(copied.folder), base=BASE), engine).test_client()
    assert client.get("/page/edition/neurips-2024").status_code == 200
    for kind in KINDS:
        (version.folder / kind.name).unlink()
    rebuild(version.folder, report=True)
    done = run("versions", "verify")
    assert (done.code, done.out.startswith("Version 2 is whole: its ")) == (0, True)


def test_damage_of_a_file_that_versions_share_is_not_summed_as_if_it_were_right(copied: Home) -> None:
    writer = Writer(copied)
    for words in ("'a'", "'b'"):
        writer.write(Change("update", BASE, ADD.replace("'x'", words)))
    old, shared = copied.needed(), copied.needed().store
    flip(max(shared.glob("*.sst"), key=lambda path: path.stat().st_size))
    writer.write(Change("update", BASE, ADD))
    writer.close()
    assert copied.needed().number == old.number + 1
    for version in (old, copied.needed()):
        with pytest.raises(DamageError, match=r"\.sst is not as it was published"):
            verify(version)


def test_a_version_without_checksums_is_reported_and_not_called_whole(run: Run, copied: Home) -> None:
    (copied.needed().folder / FILE).unlink()
    assert refused(run("versions", "verify"), "Version 1 has no checksums that can be read; build or import again")


def test_the_server_says_once_how_its_version_is(copied: Home, capsys: pytest.CaptureFixture[str]) -> None:
    verified(copied.needed())
    path = max(copied.needed().store.glob("*.sst"), key=lambda path: path.stat().st_size)
    flip(path)
    verified(copied.needed())
    whole, damaged = capsys.readouterr().err.splitlines()
    assert whole.startswith("Version 1 is whole: its ")
    assert damaged.startswith(f"{path} is not as it was published")


@pytest.mark.parametrize("pattern", ["index.json", "**/cogs-2030.jsonl.gz", "**/cogs-2030.nq.gz", "view/*.nq.gz"])
def test_a_damaged_ledger_is_no_traceback(listed: Home, tmp_path: Path, pattern: str) -> None:
    home = Home(shutil.copytree(listed.folder, tmp_path / "home", symlinks=True))
    paths = list(home.needed().ledgers.glob(pattern))
    assert paths
    for path in paths:
        flip(path)
    arguments = ["import", "mlanthology", str(OTHER), "--home", str(home.folder)]
    error = CliRunner().invoke(cli, arguments).exception
    assert error is None or isinstance(error, ConvocationError), error


def test_a_damaged_signature_of_the_program_counts_as_none(copied: Home) -> None:
    (copied.needed().folder / "program.txt").write_bytes(b"\xff\xfe")
    assert not is_signed(copied.needed().folder)
