"""A derived file that is missing, damaged or of another program never breaks a page, and is made again."""

import os
import random
import re
import shutil
import tarfile
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from conftest import BASE
from flask.testing import FlaskClient

from graph.indexes.finalization import rebuild
from graph.indexes.search import SearchIndex
from graph.indexes.statistics import Statistics
from graph.settings import Settings
from graph.store.embedded import EmbeddedStore
from graph.system.locks import unused
from graph.updates.writer import Change, Writer
from graph.validate.reports import kept
from graph.versions.derived import KINDS, LISTS, SEARCH, Derived, missing
from graph.versions.home import Home
from server.application import create_app
from server.background import begin
from server.pages.sitemap import KINDS as THINGS
from server.views.catalog import views

HOMES = sorted((Path(__file__).parent / "homes").glob("*.tar.xz"))
OTHERS = (
    *(
        "/",
        "/views",
        "/checks/",
        "/checks/report.ttl",
        "/checks/report.csv",
        "/checks/shapes.ttl",
        "/checks/shapes.csv",
    ),
    *("/search", "/search?q=neurips", "/search?q=nuerips", "/search/suggest?q=neu", "/search?q=2dnO3LLiJ1"),
    *("/void", "/dcat", "/sparql", "/sparql/vocabulary.json", "/sitemap.xml", "/page/edition/nothing-like-it"),
    *("/data/edition/neurips-2024.ttl", "/sources", "/ontology", "/openapi.json"),
)


def stirred() -> random.Random:
    return random.Random(20)  # noqa: S311 - the same in every run


def half(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def noise(path: Path) -> None:
    path.write_bytes(stirred().randbytes(path.stat().st_size))


def flipped(path: Path) -> None:
    """Change one byte in fifty, but for the head of the file."""
    content = bytearray(path.read_bytes())
    for place in stirred().sample(range(150, len(content)), len(content) // 50):
        content[place] ^= 0xFF
    path.write_bytes(content)


def emptied(path: Path) -> None:
    """Take away the tables, or all lines but the first."""
    content = path.read_bytes()
    if path.suffix == ".sqlite":
        page = int.from_bytes(content[16:18])
        path.write_bytes(content[:100] + bytes(page - 100) + content[page:])
    else:
        path.write_bytes(content.partition(b"\n")[0][:70] + b"}\n[]\n")


def foreign(path: Path) -> None:
    """Have another program be the maker."""
    content = path.read_bytes()
    new = content[:60] + b"\0\0\0\1" + content[64:] if path.suffix == ".sqlite" else b"{}" + content
    path.write_bytes(new)


MISTAKES: list[Callable[[Path], None]] = [Path.unlink, half, noise, flipped, emptied, foreign]


def of_every_kind(client: FlaskClient) -> list[str]:
    """Return the page of a thing of each kind, every view, and the other pages."""
    parts = [client.get(f"/sitemap/{kind}-1.xml").text for kind in THINGS]
    pages = [urlsplit(found[0]).path for part in parts if (found := re.findall(r"<loc>(.*?)</loc>", part))]
    assert len(pages) > 8
    return [*pages, *OTHERS, *(f"/view/{name}" for name in views())]


def failing(client: FlaskClient) -> list[tuple[str, int]]:
    answers = ((path, client.get(path).status_code) for path in of_every_kind(client))
    return [(path, status) for path, status in answers if status >= 500]


@pytest.fixture
def served(home: Home, tmp_path: Path, engine: str) -> tuple[Path, FlaskClient]:
    """The folder of a version of its own, and a client of what serves it."""
    shutil.copytree(home.folder, tmp_path / "home")
    client = create_app(Settings(home=str(tmp_path / "home"), base=BASE), engine).test_client()
    return Home(tmp_path / "home").needed().folder, client


@pytest.mark.parametrize("archive", HOMES, ids=lambda path: path.name)
def test_a_home_that_an_earlier_commit_built_is_served_without_a_failure(
    archive: Path, tmp_path: Path, engine: str
) -> None:
    folder = tmp_path / "versions" / "1"
    with tarfile.open(archive) as found:
        found.extractall(folder, filter="data")
    (tmp_path / "current").write_text("1")
    with (folder / "graph.nq").open("rb") as lines:
        EmbeddedStore.load(folder / "store", lines)
    assert set(missing(folder)) == set(KINDS), "no file of the fixture may pass for one of this program"
    client = create_app(Settings(home=str(tmp_path), base=BASE), engine).test_client()
    assert failing(client) == []
    assert "NeurIPS 2024" in client.get("/search?q=neurips").text


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake.__name__)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_a_derived_file_with_a_mistake_breaks_no_page(
    kind: Derived, mistake: Callable[[Path], None], served: tuple[Path, FlaskClient]
) -> None:
    folder, client = served
    mistake(folder / kind.name)
    assert failing(client) == []
    assert "NeurIPS 2024" in client.get("/search?q=neurips").text
    rebuild(folder, report=True)
    assert missing(folder) == []
    assert client.get("/checks/shapes.csv").status_code == 200
    assert Statistics.read(folder) is not None
    assert {each.label for each in SearchIndex(folder / SEARCH.name).suggestions("neurips 2024", 5)} >= {"NeurIPS 2024"}


def test_a_damaged_file_is_set_aside_and_reported_once(
    served: tuple[Path, FlaskClient], caplog: pytest.LogCaptureFixture
) -> None:
    folder, client = served
    flipped(folder / SEARCH.name)
    for _ in range(3):
        assert client.get("/search?q=neurips").status_code == 200
    reported = [record.getMessage() for record in caplog.records if record.name == "convocation.derived"]
    assert [str(folder / SEARCH.name) in words for words in reported] == [True]
    assert (folder / f"{SEARCH.name}.damaged").exists()


def test_a_page_is_the_same_without_the_lists(served: tuple[Path, FlaskClient]) -> None:
    folder, client = served
    before = client.get("/page/edition/neurips-2024").text
    with (folder / LISTS.name).open("r+b") as file:
        file.write(b"no database")
    assert client.get("/page/edition/neurips-2024").text == before


def test_an_update_after_a_damaged_version_has_whole_files(served: tuple[Path, FlaskClient]) -> None:
    folder, _ = served
    for kind in KINDS:
        flipped(folder / kind.name)
    home = Home(folder.parent.parent)
    writer = Writer(home)
    text = f"INSERT DATA {{ <{BASE}id/person/zaphod> <http://www.w3.org/2000/01/rdf-schema#label> 'Zaphod' }}"
    writer.write(Change("update", BASE, text))
    writer.close()
    new = home.needed().folder
    assert new != folder
    assert len(rebuild(new, report=True)) == len(KINDS)
    assert missing(new) == []
    assert list(kept(home.needed()))


def test_two_processes_do_not_make_the_files_of_a_version_at_once(served: tuple[Path, FlaskClient]) -> None:
    folder, _ = served
    (folder / SEARCH.name).unlink()
    with unused(folder) as free:
        assert free
        assert rebuild(folder, report=True) == []
    assert rebuild(folder, report=True) == [SEARCH]


def test_what_a_version_lacks_is_made_in_the_background_and_reported(
    served: tuple[Path, FlaskClient], capsys: pytest.CaptureFixture[str]
) -> None:
    folder, _ = served
    (folder / f".{SEARCH.name}-1").write_bytes(b"what a process left that was killed")
    for kind in KINDS:
        (folder / kind.name).unlink()
    begin(Home(folder.parent.parent).needed(), report=True)
    until = time.monotonic() + 60
    while missing(folder) and time.monotonic() < until:
        time.sleep(0.1)
    assert missing(folder) == []
    assert not list(folder.glob(".*"))
    names = ", ".join(kind.name for kind in KINDS)
    assert capsys.readouterr().err == f"Version 1 has no {names} of this program; made in the background.\n"
