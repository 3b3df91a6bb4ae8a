"""Results as Markdown: tables with the date, the commit and the machine, and where they are kept."""

import os
import platform
import re
import statistics
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from graph.files import ROOT

README = Path(__file__).parent / "README.md"
Cell = str | int | float


@dataclass
class Table:
    """A table of results, under the name of the benchmark that made it."""

    name: str
    title: str
    head: Sequence[str]
    rows: list[Sequence[Cell]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, *cells: Cell) -> None:
        """Append a row."""
        self.rows.append(cells)

    def goal(self, what: str, measured: float, limit: float, *, least: bool = False) -> None:
        """Note whether a goal is met; `least` where more is better."""
        met = measured >= limit if least else measured <= limit
        sign = ">=" if least else "<="
        self.notes.append(
            f"Goal: {what} {sign} {limit:g}; measured {shown(measured)}: {'met' if met else '**missed**'}."
        )

    def markdown(self) -> str:
        """Return the table and its notes."""
        lines = [self.head, ["---"] + ["---:"] * (len(self.head) - 1), *self.rows]
        table = "\n".join(f"| {' | '.join(map(shown, line))} |" for line in lines)
        return f"### {self.title}\n\n{table}\n" + "".join(f"\n{note}\n" for note in self.notes)


def shown(cell: Cell) -> str:
    """Return a cell as text, numbers with three significant digits."""
    if not isinstance(cell, float):
        return f"{cell:,}" if isinstance(cell, int) else cell
    return f"{cell:,.0f}" if abs(cell) >= 100 else f"{cell:.3g}"  # noqa: PLR2004


def spread(values: Sequence[float]) -> tuple[float, float, float]:
    """Return the least, the median and the greatest."""
    return min(values), statistics.median(values), max(values)


def geometric_mean(values: Iterable[float]) -> float:
    """Return the geometric mean."""
    return statistics.geometric_mean(list(values))


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that this share of the values does not exceed."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def circumstances() -> str:
    """Return when, at which commit and on what machine the measurements were made."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    commit = _git("rev-parse", "--short", "HEAD") + (" with changes" if _git("status", "--porcelain") else "")
    date = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    machine = f"{os.cpu_count()} cores, {memory:.0f} GiB, load {os.getloadavg()[0]:.1f}"
    return (
        f"{date}, commit {commit}; {machine}; Python {platform.python_version()}, pyoxigraph {version('pyoxigraph')}."
    )


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", "-C", str(ROOT), *arguments], capture_output=True, text=True, check=False)
    return done.stdout.strip()


def write(name: str, text: str) -> None:
    """Put the results of a benchmark into the README, in place of its last ones."""
    block = f"<!-- begin {name} -->\n\n{text}\n<!-- end {name} -->"
    kept = README.read_text(encoding="utf-8")
    old = re.compile(rf"<!-- begin {name} -->.*<!-- end {name} -->", re.DOTALL)
    new = old.sub(lambda _: block, kept) if old.search(kept) else f"{kept.rstrip()}\n\n{block}\n"
    README.write_text(new, encoding="utf-8")
