"""Rebuilds missing derived files of a version in a process of its own, so that no request waits for it.

`python -P -m graph.rebuilding <folder of a version> [report]`
"""

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from graph.indexes.list_writer import write_lists
from graph.indexes.search_writer import write_index
from graph.indexes.statistics import Statistics
from graph.store.embedded import EmbeddedStore
from graph.system.locks import hold, unused
from graph.validate.reports import keep_report
from graph.validate.whole import results
from graph.versions.derived import LISTS, REPORT, SEARCH, STATISTICS, Derived, missing

MAKERS: Mapping[Derived, Callable[[EmbeddedStore, Path], object]] = {
    STATISTICS: lambda store, folder: Statistics.of(store).write(folder),
    SEARCH: write_index,
    LISTS: write_lists,
    REPORT: lambda store, folder: keep_report(folder, results(store)),
}


def rebuild(folder: Path, *, report: bool) -> list[Derived]:
    """Make the derived files that a version lacks, unless another process does so; return their kinds.

    The report of the shapes is made only if it is wanted: a version that was not validated has none.

    Raises:
        StoreError: a file cannot be written, or the store cannot be read.
    """
    with unused(folder) as free:
        wanted = [kind for kind in missing(folder) if report or kind is not REPORT] if free else []
        if wanted:
            store = EmbeddedStore.open(folder / "store")
            for kind in wanted:
                for part in folder.glob(f".{kind.name}-*"):  # of a process that was ended
                    part.unlink(missing_ok=True)
                MAKERS[kind](store, folder)
    return wanted


def main() -> None:
    """Make what the version in the folder that is the first argument lacks; it gives way to all else."""
    folder = Path(sys.argv[1])
    os.nice(19)
    hold(folder / "store")  # until the process ends, so that the version is not removed
    rebuild(folder, report="report" in sys.argv[2:])


if __name__ == "__main__":
    main()
