"""A disk that is full is not the client's mistake, and it is not shown a path of the server."""

import os
import resource
import shutil
import subprocess
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from conftest import BASE, TOKEN, answering
from flask.testing import FlaskClient
from hostile import seeded
from werkzeug.test import TestResponse

from graph.errors import HomeError, SpaceError, StoreError, UnknownGraphError
from graph.settings import Settings
from graph.versions.home import Home
from server.application import create_app
from server.http.errors import public
from server.sparql.writing import Writing

SMALL = "INSERT DATA { <http://example.org/a> <http://example.org/p> 1 }"
NOISE = [b64encode(seeded(number).randbytes(700)).decode() for number in range(12_000)]  # that cannot be compressed
LARGE = " ".join(f'<http://example.org/a> <http://example.org/p> "{each}" .' for each in NOISE)
UPDATE = "application/sparql-update"
WRITES: dict[str, Callable[[FlaskClient], TestResponse]] = {
    "update": lambda client: client.post("/sparql", data=f"INSERT DATA {{ {LARGE} }}", content_type=UPDATE),
    "PUT": lambda client: client.put("/store?graph=http://example.org/g", data=LARGE, content_type="text/turtle"),
    "POST": lambda client: client.post("/store?default", data=LARGE, content_type="text/turtle"),
    "PATCH": lambda client: client.patch(
        "/store?graph=http://example.org/g", data=f"INSERT DATA {{ {LARGE} }}", content_type=UPDATE
    ),
}


def assert_no_room(answer: TestResponse, home: str) -> None:
    """See that an answer says that there is no room, and not where."""
    assert (answer.status_code, answer.mimetype) == (507, "application/problem+json"), answer.text
    assert "free some space" in answer.text
    assert home not in answer.text
    assert ".log" not in answer.text
    assert ".sst" not in answer.text


@pytest.fixture
def writer(editable: Callable[..., FlaskClient]) -> FlaskClient:
    """A client of a server that has written already, to two graphs."""
    client = editable()
    assert client.post("/sparql", data={"update": SMALL}).status_code == 204
    body = "<http://example.org/a> <http://example.org/p> 1 ."
    assert client.put("/store?graph=http://example.org/g", data=body, content_type="text/turtle").status_code == 201
    return client


@pytest.mark.parametrize("write", WRITES)
def test_a_file_that_may_not_grow_is_no_mistake_of_the_client(writer: FlaskClient, write: str) -> None:
    writing: Writing = writer.application.config["WRITING"]
    home = writer.application.config["SETTINGS"].home
    assert writing.process
    resource.prlimit(writing.process.pid, resource.RLIMIT_FSIZE, (1 << 20, resource.RLIM_INFINITY))
    before = Home(Path(home)).current_number()
    assert_no_room(WRITES[write](writer), home)
    assert Home(Path(home)).current_number() == before
    resource.prlimit(writing.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    assert writer.post("/sparql", data={"update": SMALL}).status_code == 204


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """The folder of a file system of some MB; only root may mount one."""
    mount = shutil.which("mount")
    folder = tmp_path / "disk"
    folder.mkdir()
    command = [str(mount), "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(folder)]
    if not mount or os.geteuid() or subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("no file system may be mounted here")
    yield folder
    subprocess.run([shutil.which("umount") or "umount", "--lazy", str(folder)], check=True)


def test_a_disk_that_is_full_is_reported_and_the_next_write_that_fits_is_made(home: Home, small_disk: Path) -> None:
    shutil.copytree(home.folder, small_disk / "home")
    settings = Settings(home=str(small_disk / "home"), base=BASE, token=TOKEN, queries=2, validate="no")
    with ExitStack() as ends:
        app = create_app(settings, ends.enter_context(answering(settings)))
        ends.callback(app.config["WRITING"].close)
        client = app.test_client()
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {TOKEN}"
        large = f"INSERT DATA {{ {LARGE} {LARGE.replace('/a>', '/b>')} }}"
        assert_no_room(client.post("/sparql", data=large, content_type=UPDATE), settings.home)
        query = {"query": "ASK { <http://example.org/a> ?p ?o }", "format": "csv"}
        assert client.get("/sparql", query_string=query).text == "false"
        assert client.post("/sparql", data={"update": SMALL}).status_code == 204
        assert client.get("/sparql", query_string=query).text == "true"


@pytest.mark.parametrize(
    "error",
    [
        StoreError("/home/someone/.local/share/convocation/versions/3/store holds no graph (IO error: /x/y.sst)."),
        HomeError("The home folder /srv/data cannot be written: Permission denied; set CONVOCATION_HOME."),
        SpaceError("/srv/data/versions cannot be written: No space left on device: /srv/data/000010.log."),
        StoreError('"/srv/data": no such file'),
    ],
)
def test_no_path_of_the_server_is_reported(error: StoreError) -> None:
    words = public(error)
    assert not [part for part in ("/srv", "/home/", "/x/", ".sst", ".log") if part in words]
    assert "…" in words or "free some space" in words


def test_what_is_no_path_is_reported_as_it_is() -> None:
    for error in (
        UnknownGraphError("There is no graph <http://example.org/a/b>; the description of the service lists them."),
        StoreError("The engine at http://127.0.0.1:8890/sparql does not answer: gone; see that it runs there."),
    ):
        assert public(error) == str(error)


def test_a_store_that_is_damaged_while_it_is_read_is_no_mistake_of_the_query(
    editable: Callable[..., FlaskClient], settings: Settings
) -> None:
    client = editable(memory="no")
    folder = Path(client.application.config["SETTINGS"].home)
    (store,) = (folder / "versions").glob("*/store")
    large = [file for file in store.glob("*.sst") if file.stat().st_size > 100_000]
    assert large
    for file in large:
        with file.open("r+b") as damaged:  # the blocks of data, and not what is read when it is opened
            damaged.write(bytes(50_000))
    with answering(client.application.config["SETTINGS"]) as path:
        fresh = create_app(settings.changed(home=str(folder), memory="no"), path).test_client()
        answer = fresh.get("/sparql", query_string={"query": "SELECT * { ?s ?p ?o }", "format": "csv"})
    assert (answer.status_code, "cannot be read" in answer.text) == (503, True), answer.text
    assert str(folder) not in answer.text
