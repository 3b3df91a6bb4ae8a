"""The server stops in order and comes back by itself when one of its processes ends."""

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from conftest import TOKEN, Server

from graph.files import ROOT
from graph.versions.home import Home

RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"


def children(server: Server, module: str) -> list[int]:
    """Return the direct children of the supervisor that run a module."""
    found = subprocess.run(
        ["pgrep", "-P", str(server.process.pid), "-f", module], capture_output=True, text=True, check=False
    )
    return [int(pid) for pid in found.stdout.split()]


def alive(pid: int) -> bool:
    """Return whether a process runs; one that ended and was not asked for has no command line any more."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes() != b""
    except OSError:
        return False


def answers(server: Server) -> bool:
    """Return whether the server answers again, at last."""
    for _ in range(100):
        try:
            if server.open("/health")[0] == 200:
                return True
        except OSError:
            pass
        time.sleep(0.1)
    return False


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_asked_to_stop_it_lets_a_running_query_end(serve: Callable[..., Server], number: int) -> None:
    server = serve(query_seconds="3")
    with ThreadPoolExecutor() as pool:
        running = pool.submit(server.ask, RUNAWAY, timeout="2")
        time.sleep(0.5)
        server.process.send_signal(number)
        status, _, body = running.result()
        assert (status, json.loads(body)["limit"]) == (503, "CONVOCATION_QUERY_SECONDS")
        with pytest.raises(ConnectionRefusedError):
            server.connect().close()
    assert server.process.wait(20) == 0
    assert "Traceback" not in server.log.read_text()


@pytest.mark.slow
def test_asked_twice_it_ends_at_once(serve: Callable[..., Server]) -> None:
    server = serve(query_seconds="60")
    with ThreadPoolExecutor() as pool:
        running = pool.submit(server.ask, RUNAWAY)
        time.sleep(0.5)
        server.process.terminate()
        time.sleep(0.5)
        server.process.terminate()
        assert server.process.wait(10) == 0
        assert isinstance(running.exception(), OSError)


@pytest.mark.slow
@pytest.mark.parametrize("module", ["server.engine", "server.web"])
def test_a_process_that_is_killed_is_started_again(serve: Callable[..., Server], module: str) -> None:
    server = serve()
    (pid,) = children(server, module)
    os.kill(pid, signal.SIGKILL)
    for _ in range(200):
        if children(server, module) not in ([], [pid]):
            break
        time.sleep(0.05)
    assert answers(server)
    assert children(server, module) != [pid]
    assert server.stop() == 0


@pytest.mark.slow
def test_no_process_outlives_the_server(serve: Callable[..., Server]) -> None:
    server = serve()
    pids = [*children(server, "server.engine"), *children(server, "server.web")]
    server.process.kill()
    server.process.wait()
    for _ in range(100):
        if not any(alive(pid) for pid in pids):
            return
        time.sleep(0.05)
    pytest.fail("a process is left")


def test_a_server_does_not_run_the_python_files_of_the_folder_that_it_is_started_in(
    serve: Callable[..., Server], home: Home, tmp_path: Path
) -> None:
    folder, marker = tmp_path / "folder", tmp_path / "was run"
    folder.mkdir()
    for name in ("server", "graph", "flask", "msgspec"):
        (folder / f"{name}.py").write_text(f"from pathlib import Path; Path({str(marker)!r}).write_text(__name__)")
    shutil.copytree(home.folder, tmp_path / "home")
    server = serve(folder, home=str(tmp_path / "home"), token=TOKEN)
    update = "INSERT DATA { GRAPH <http://example.org/g> { <http://example.org/s> <http://example.org/p> 1 } }"
    words = {"Content_Type": "application/sparql-update", "Authorization": f"Bearer {TOKEN}"}
    assert server.open("/sparql", "POST", update.encode(), **words)[0] == 204
    assert server.ask("ASK { GRAPH <http://example.org/g> { ?s ?p 1 } }")[0] == 200
    assert server.open("/views")[0] == 200
    assert server.stop() == 0
    assert not marker.exists(), marker.read_text()


def test_no_python_is_started_that_looks_for_modules_in_the_folder_at_hand() -> None:
    files = [path for name in ("graph", "server", "benchmarks") for path in (ROOT / name).rglob("*.py")]
    lines = [line for path in (*files, ROOT / "Makefile") for line in path.read_text(encoding="utf-8").splitlines()]
    starting = [line for line in lines if "sys.executable, " in line or "bin/python -" in line]
    assert len(starting) > 5
    assert [line.strip() for line in starting if "-P" not in line and "bin/python -c" not in line] == []
