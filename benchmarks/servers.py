"""Starts the servers that are compared, waits until they are at rest, and ends them."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path

from benchmarks.client import BrokenError, Connection, Reply
from benchmarks.processes import cpu_seconds

PATIENCE = 600.0  # seconds that reading the whole graph into memory may take
START = 60.0  # seconds that a start may take
NOTHING = "ASK {}"
CPU_AT_REST = 0.05  # seconds of CPU in a second below which a server is at rest


class StartError(Exception):
    """A server did not start; its log says why."""


@dataclass
class Server:
    """A running server: its name, its port, the path of its endpoint, and the process that began it."""

    name: str
    port: int
    path: str
    process: subprocess.Popen[bytes]

    def ask(self, text: str, *, keep: bool = False) -> Reply:
        """Answer one query over a new connection."""
        connection = Connection(self.port)
        try:
            return connection.ask(self.path, text, keep=keep)
        finally:
            connection.close()

    def cpu(self) -> float:
        """Return the CPU seconds used until now by all processes of the server."""
        return cpu_seconds(self.process.pid)

    def reach(self, log: Path) -> None:
        """Wait until the server answers a query.

        Raises:
            StartError: it does not.
        """
        deadline = time.monotonic() + START
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                if self.ask(NOTHING).status == HTTPStatus.OK:
                    return
            except (BrokenError, OSError):
                time.sleep(0.01)
        raise StartError(f"Nothing answers at port {self.port}: {log.read_text()[-500:]}")

    def settle(self) -> None:
        """Wait until the server is at rest, all that it reads in read in."""
        deadline, quiet = time.monotonic() + PATIENCE, 0
        while quiet < 2 and time.monotonic() < deadline:  # noqa: PLR2004
            before = self.cpu()
            time.sleep(1)
            quiet = quiet + 1 if self.cpu() - before < CPU_AT_REST else 0


@dataclass(frozen=True)
class Place:
    """Where servers run: a scratch folder for their logs, the first port."""

    folder: Path
    port: int


@contextmanager
def running(server: tuple[str, int, str], command: Sequence[str], log: Path, **more: str) -> Iterator[Server]:
    """Run a command as a server (name, port, path) until the block ends.

    Raises:
        StartError: it does not listen.
    """
    name, port, path = server
    environment = {key: value for key, value in os.environ.items() if not key.startswith("CONVOCATION_")} | more
    with log.open("wb") as file:
        process = subprocess.Popen(command, stdout=file, stderr=file, env=environment, start_new_session=True)
        try:
            found = Server(name, port, path, process)
            found.reach(log)
            yield found
        finally:
            _end(process)


def ours(
    place: Place, number: int, home: Path, base: str, settings: Mapping[str, str]
) -> AbstractContextManager[Server]:
    """Run `convocation serve` on a home; `number` is its place behind the first port."""
    mode = settings.get("CONVOCATION_MEMORY", "auto")
    name = {"yes": "ours, memory", "no": "ours, disk"}.get(mode, "ours")
    port, log = place.port + number, place.folder / f"ours-{number}.log"
    command = [sys.executable, "-P", "-m", "server", "serve", "--port", str(port), "--home", str(home), "--base", base]
    return running((name, port, "/sparql"), command, log, **settings)


def native_program() -> str:
    """Return the native program.

    Raises:
        StartError: it is not installed.
    """
    program = shutil.which("oxigraph", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if not program:
        raise StartError("The native server is not installed; run: pip install -e '.[bench]'")
    return program


def native(place: Place, number: int, location: Path | None, *options: str) -> AbstractContextManager[Server]:
    """Run the native server on a copy of a store, or empty and in memory."""
    program, port = native_program(), place.port + number
    name = "native, disk" if location else "native, memory"
    kind = ["serve-read-only", "--location", str(location)] if location else ["serve"]
    command = [program, *kind, "--bind", f"127.0.0.1:{port}", *options]
    return running((name, port, "/query"), command, place.folder / f"native-{number}.log")


def load(server: Server, quads: Path) -> None:
    """Load N-Quads into the native server in memory.

    Raises:
        StartError: it refuses them.
    """
    connection = HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
    with quads.open("rb") as file:
        length = {"Content-Length": str(quads.stat().st_size), "Content-Type": "application/n-quads"}
        connection.request("POST", "/store?no_transaction&lenient", file, length)
        answer = connection.getresponse()
    if answer.status >= HTTPStatus.MULTIPLE_CHOICES:
        raise StartError(f"The native server refused the quads: {answer.status} {answer.read(500)!r}")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
