"""Moving a graph: dump, restore, rebase and the difference of two versions, beside the native dump and load."""

import os
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.processes import PeakMemory
from benchmarks.report import Table
from benchmarks.rivals import Run
from graph.versions.home import Home

ELSEWHERE = "https://kg.example.org/"
RESTORE_TO_LOAD = 1.5
Cost = tuple[float, float, float]  # wall s, CPU s, peak MB


def moving(run: Run) -> Table:
    """Measure the commands and their native peers on the graph, each as a process."""
    graph = run.graph
    native = Path(sys.executable).with_name("oxigraph")
    table = Table("moving", f"Moving a graph of {graph.facts['quads']:,} quads", ("", "wall s", "CPU s", "memory MB"))
    with TemporaryDirectory(dir=run.options.scratch) as scratch:
        folder = Path(scratch)
        ours = _environment(graph.home.folder, graph.base)
        there = _environment(folder / "home", graph.base)
        peer = [str(native), "load", "--location", str(folder / "native"), "--file", str(graph.quads)]
        dumped = [str(native), "dump", "--location", str(graph.copy), "--file", str(folder / "native.nq")]
        steps = {
            "`convocation dump`: sorted, compressed": _cost(_command("dump", str(folder / "dump")), ours),
            "native `oxigraph dump`": _cost(dumped, ours),
            "`convocation restore`: loaded, ordered, counted, indexed": _cost(
                _command("restore", str(folder / "dump")), there
            ),
            "native `oxigraph load`": _cost(peer, ours),
            "`convocation rebase`": _cost(_command("rebase", ELSEWHERE), there),
            "`versions diff` of equal versions": _cost(_command("versions", "diff", "1", "1"), there),
            "`versions diff` of a version and the one that moved": _cost(_command("versions", "diff", "1", "2"), there),
        }
        sizes = {each.number: sum(each.files.values()) / 1e6 for each in map(Home(folder / "home").version, (1, 2))}
        size = (folder / "dump" / "graph.nq.gz").stat().st_size / 1e6
    for name, cost in steps.items():
        table.add(name, *cost)
    table.notes.append(
        f"The dump has {size:,.0f} MB, a version {sizes[1]:,.0f} MB. Nothing is checked against the shapes."
    )
    ratio = steps["`convocation restore`: loaded, ordered, counted, indexed"][1] / steps["native `oxigraph load`"][1]
    table.goal("restore to native load, CPU", ratio, RESTORE_TO_LOAD)
    return table


def _environment(home: Path, base: str) -> dict[str, str]:
    return {"CONVOCATION_HOME": str(home), "CONVOCATION_BASE": base, "CONVOCATION_VALIDATE": "no"}


def _command(*arguments: str) -> list[str]:
    return [sys.executable, "-P", "-m", "server", *arguments]


def _cost(command: list[str], environment: dict[str, str]) -> Cost:
    """Return what a command costs.

    Raises:
        CalledProcessError: it fails.
    """
    begun = time.perf_counter()
    with subprocess.Popen(command, env=os.environ | environment, stdout=subprocess.DEVNULL) as process:
        with PeakMemory(process.pid) as memory:  # the kernel's own figure begins with that of the parent
            _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return time.perf_counter() - begun, usage.ru_utime + usage.ru_stime, memory.growth / 1e6
