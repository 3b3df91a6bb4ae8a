"""Validation of real papers against pyshacl on the same data: the ratio, the memory, the cost of one changed paper."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.data import Data, made
from benchmarks.report import Table
from benchmarks.rivals import Run

FEW, SOME, MANY = 1_000, 10_000, 90_000
GATE_SECONDS, GATE_GIGABYTES, RATIO, CHANGE_SECONDS = 90, 2.5, 50, 0.1


def validate(run: Run) -> Table:
    """Measure the shapes on three graphs; pyshacl itself only on the smallest, from which its time is extrapolated."""
    graphs = {papers: _graph(run, papers) for papers in (FEW, SOME, MANY)}
    title = (
        f"Validation of {', '.join(f'{count:,}' for count in graphs)} papers with all shapes, each in its own process"
    )
    table = Table("validate", title, ("what", "CPU s", "wall s", "peak GiB", "results"))
    reference = _row(table, f"pyshacl as shipped, {FEW:,} papers, from N-Quads", "pyshacl", graphs[FEW].quads)
    same = _row(table, f"ours, {FEW:,} papers, from N-Quads", "ours", graphs[FEW].quads)
    gates = {
        papers: _row(table, f"ours, {papers:,} papers, from disk, with report", "store", data.home.needed().store)
        for papers, data in graphs.items()
    }
    _goals(table, reference, gates)
    alike = "the same" if reference["found"] == same["found"] else "**not the same**"
    table.notes.append(
        f"On {FEW:,} papers the results (node, path, value, constraint, shape) are {alike} as pyshacl's."
    )
    return table


def _goals(table: Table, reference: dict[str, Any], gates: dict[int, dict[str, Any]]) -> None:
    expected = reference["validation"] * SOME / FEW
    table.notes.append(
        f"pyshacl's own time, without reading, is {reference['validation']:,.0f} s of CPU for {FEW:,} papers; it grows"
        f" at least with the papers, so that {SOME:,} take {expected:,.0f} s or more."
    )
    for papers in (SOME, MANY):
        change = gates[papers]["change"]
        table.notes.append(
            f"After a change of one of {papers:,} papers on disk, min, median, max of {change['changes']}:"
            f" {', '.join(f'{change[each] * 1000:.0f}' for each in ('least', 'median', 'most'))} ms."
        )
    table.goal(f"pyshacl to ours at {SOME:,} papers, CPU", expected / gates[SOME]["cpu"], RATIO, least=True)
    table.goal(f"the gate with report at {MANY:,} papers, wall s", gates[MANY]["wall"], GATE_SECONDS)
    table.goal(f"its memory, GiB (2.5 GB are {GATE_GIGABYTES * 1e9 / 2**30:.2f})", gates[MANY]["memory"], 2.33)
    table.goal("one changed paper, median s", gates[MANY]["change"]["median"], CHANGE_SECONDS)


def _graph(run: Run, papers: int) -> Data:
    return made(run.options.scratch, run.options.lists, run.options.base, papers)


def _row(table: Table, name: str, what: str, place: Path) -> dict[str, Any]:
    facts = _measured(what, place)
    table.add(name, facts["cpu"], facts["wall"], facts["memory"], facts["results"])
    if what == "store":
        facts["change"] = _measured("change", place)
    return facts


def _measured(what: str, place: Path) -> dict[str, Any]:
    command = [sys.executable, "-P", "-m", "benchmarks.validating", what, str(place)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    facts: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return facts
