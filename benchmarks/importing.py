"""The import of paper lists: the time of each stage beside the native load of the same quads, and its growth."""

import gzip
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.report import Table
from benchmarks.rivals import Run
from benchmarks.servers import native_program
from graph.importers import importer
from graph.importing.folder import NAME, Folder
from graph.importing.reading import files_of
from graph.versions.home import Home

SIZES = (10_000, 30_000)  # papers, beside all
WHOLE_SECONDS, WHOLE_MEMORY, AGAIN_SECONDS = 240, 3_000, 20
STAGE = re.compile(r"^  (?P<stage>[^:]+): (?P<seconds>[\d.]+) s$", re.MULTILINE)


@dataclass(frozen=True)
class Measured:
    """The use of a process: seconds, seconds of CPU, MB at most, and the seconds of its stages."""

    wall: float
    cpu: float
    memory: float
    stages: dict[str, float] = field(default_factory=dict)


def measured(*command: str) -> Measured:
    """Run a command and return what it took.

    Raises:
        RuntimeError: it failed.
    """
    environment = {key: value for key, value in os.environ.items() if not key.startswith("CONVOCATION_")}
    begun = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=environment)
    reported = process.stderr.read() if process.stderr else ""
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} failed: {reported}")
    stages = {found["stage"]: float(found["seconds"]) for found in STAGE.finditer(reported)}
    return Measured(time.perf_counter() - begun, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024 / 1e6, stages)


def imported(home: Path, *paths: Path) -> Measured:
    """Import paper lists into a home."""
    return measured(sys.executable, "-P", "-m", "server", "import", "paperlists", *map(str, paths), "--home", str(home))


def importing(run: Run) -> list[Table]:
    """Measure the import of all lists, the same again, one changed, and the growth with the number of papers."""
    with TemporaryDirectory(dir=run.options.place.folder) as scratch:
        home = Path(scratch) / "home"
        measured(sys.executable, "-P", "-m", "server", "build", "--home", str(home))
        whole = imported(home, run.options.lists)
        papers = Home(home).needed().counts["papers"]
        again = imported(home, run.options.lists)
        changed = imported(home, _changed(run.options.lists, Path(scratch)))
        table = _stages(papers, whole, {"the same again": again, "one paper changed": changed})
        table.add("native: oxigraph load, the same quads", *_native(home, Path(scratch)))
        growth = _growth(run, Path(scratch), {papers: whole})
    return [table, growth]


def _stages(papers: int, whole: Measured, others: dict[str, Measured]) -> Table:
    table = Table(
        "importing", f"`convocation import paperlists` of {papers:,} papers", ("", "s", "CPU s", "MB at most")
    )
    table.add("all lists", whole.wall, whole.cpu, whole.memory)
    for stage, seconds in whole.stages.items():
        table.add(f"of which {stage}", seconds, "", "")
    for name, each in others.items():
        table.add(name, each.wall, each.cpu, each.memory)
    table.goal("all lists, s", whole.wall, WHOLE_SECONDS)
    table.goal("all lists, MB", whole.memory, WHOLE_MEMORY)
    for name, each in others.items():
        table.goal(f"{name}, s", each.wall, AGAIN_SECONDS)
    return table


def _native(home: Path, scratch: Path) -> tuple[float, float, float]:
    """Load the quads of the view with the native program."""
    file, folder = scratch / "view.nq", Folder(Home(home).needed().folder / NAME)
    with file.open("wb") as whole:
        for name in folder.shards():
            whole.write(folder.read(name))
    taken = measured(native_program(), "load", "--location", str(scratch / "native"), "--file", str(file))
    return taken.wall, taken.cpu, taken.memory


def _changed(lists: Path, scratch: Path) -> Path:
    """Write the largest list with another title in its middle, and return it."""
    largest = max(files_of(importer("paperlists"), [lists]), key=lambda path: path.stat().st_size)
    records = json.loads(gzip.decompress(largest.read_bytes()))
    records[len(records) // 2]["title"] += ", Revised"
    path = scratch / largest.name
    path.write_bytes(gzip.compress(json.dumps(records).encode()))
    return path


def _growth(run: Run, scratch: Path, known: dict[int, Measured]) -> Table:
    table = Table(
        "import-growth", "Growth of an import", ("papers", "s", "CPU s", "CPU ms a paper", "MB", "kB a paper")
    )
    for size in SIZES:
        home = scratch / f"home-{size}"
        measured(sys.executable, "-P", "-m", "server", "build", "--home", str(home))
        taken = imported(home, *_some(run.options.lists, size))
        known = known | {Home(home).needed().counts["papers"]: taken}
        shutil.rmtree(home)
    for papers, each in sorted(known.items()):
        table.add(papers, each.wall, each.cpu, each.cpu / papers * 1000, each.memory, each.memory / papers * 1000)
    return table


def _some(lists: Path, papers: int) -> Iterator[Path]:
    """Yield lists of all years, until they have that many papers or a little more."""
    files = list(files_of(importer("paperlists"), [lists]))
    step = 7
    for path in (path for start in range(step) for path in files[start::step]):
        if papers <= 0:
            return
        papers -= len(json.loads(gzip.decompress(path.read_bytes())))
        yield path
