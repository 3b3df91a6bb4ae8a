"""Engines that are servers, Oxigraph's own and Virtuoso, and what publishes a version in them."""

import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from graph.remote.marker import RemoteHome, home_of
from graph.remote.publish import RemotePublication
from graph.settings import Settings

BASE = "http://127.0.0.1:5000/"
PATIENCE = 120
PASSWORD = "only-for-tests"  # noqa: S105 - of a database that lives as long as these tests
VIRTUOSO = """
[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
FileExtend = 200
[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
CheckpointInterval = 0
NumberOfBuffers = 8000
MaxDirtyBuffers = 6000
ThreadsPerQuery = 2
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = .
ServerThreads = 8
"""


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@dataclass
class Native:
    """A server of an engine, its addresses, and how it is started and stopped."""

    folder: Path
    command: list[str]
    address: str
    settings: Settings
    process: subprocess.Popen[bytes] | None = field(default=None)

    def start(self) -> None:
        with (self.folder / "output").open("ab") as output:
            self.process = subprocess.Popen(self.command, cwd=self.folder, stdout=output, stderr=output)
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                httpx.get(self.address, params={"query": "ASK {}"}, timeout=10)
            except httpx.TransportError:
                time.sleep(0.1)
            else:
                return
        pytest.fail((self.folder / "output").read_text())

    def stop(self, how: int = signal.SIGTERM) -> None:
        if self.process:
            self.process.send_signal(how)
            self.process.wait(PATIENCE)


def oxigraph(folder: Path) -> Native:
    program = Path(sys.executable).with_name("oxigraph")
    if not program.exists():
        pytest.skip("the native server of Oxigraph is not installed: pip install oxigraph")
    address = f"http://127.0.0.1:{free_port()}"
    bind = address.removeprefix("http://")
    settings = Settings(
        home=str(folder / "home"),
        base=BASE,
        store=f"sparql+{address}/query",
        store_update=f"{address}/update",
        store_graphs=f"{address}/store",
    )
    command = [str(program), "serve", "--location", "store", "--bind", bind]
    return Native(folder, command, f"{address}/query", settings)


def virtuoso(folder: Path) -> Native:
    program = shutil.which("virtuoso-t")
    if not program:
        pytest.skip("Virtuoso is not installed: apt-get install virtuoso-opensource-7-bin")
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    (folder / "virtuoso.ini").write_text(VIRTUOSO.format(http=port, sql=free_port()))
    command = [program, "+foreground", "+configfile", "virtuoso.ini"]
    first = [*command, "+pwdold", "dba", "+pwddba", PASSWORD]  # makes the database, sets the password and ends
    subprocess.run(first, cwd=folder, check=True, capture_output=True, timeout=PATIENCE)
    settings = Settings(
        home=str(folder / "home"),
        base=BASE,
        store=f"sparql+{address}/sparql",
        store_update=f"{address}/sparql-auth",
        store_graphs=f"{address}/sparql-graph-crud-auth",
        store_user="dba",
        store_password=PASSWORD,
        query_seconds=PATIENCE,
    )
    return Native(folder, command, f"{address}/sparql", settings)


def publication(home: RemoteHome) -> RemotePublication:
    return RemotePublication(home, BASE, {"sources": 5, "quads": 1}, datetime.now(UTC))


def remote_home(settings: Settings) -> RemoteHome:
    home = home_of(settings)
    assert isinstance(home, RemoteHome)
    return home
