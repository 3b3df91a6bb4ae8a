"""Derives statistics, search index and long lists from the store of a draft, and rebuilds those that a version lacks.

`python -P -m graph.indexes.finalization <folder of a version> [report]` rebuilds in a process of its own, so that no
request waits for it.
"""

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from graph.indexes.list_writer import write_lists
from graph.indexes.search_writer import write_index
from graph.indexes.statistics import Statistics, source_count
from graph.store.embedded import EmbeddedStore
from graph.system.locks import hold, unused
from graph.validate.reports import keep_report
from graph.validate.whole import results
from graph.versions.derived import LISTS, REPORT, SEARCH, STATISTICS, Derived, missing
from graph.versions.home import Draft

LARGE = 300_000  # quads above which deriving everything takes many seconds
MAKERS: Mapping[Derived, Callable[[EmbeddedStore, Path], object]] = {
    STATISTICS: lambda store, folder: Statistics.of(store).write(folder),
    SEARCH: write_index,
    LISTS: write_lists,
    REPORT: lambda store, folder: keep_report(folder, results(store)),
}


def complete(draft: Draft, in_memory: EmbeddedStore | None = None) -> None:
    """Write statistics, search index and lists of a draft and count its quads; raise StoreError if that fails.

    A copy of the store `in_memory` is queried if there is one. The server decides by the count what fits its memory.
    """
    store = in_memory or EmbeddedStore.open(draft.store)
    numbers = Statistics.of(store)
    numbers.write(draft.folder)
    quads = numbers.triples + sum(numbers.graphs.values())
    draft.counts = draft.counts | {"quads": quads, "sources": source_count(store)}
    write_index(store, draft.folder)
    write_lists(store, draft.folder)


def complete_small(draft: Draft) -> None:
    """Complete a draft that changed little, or only count its quads if it is large; raise StoreError if that fails.

    A server derives the rest in the background, and until then answers from the files of the version before. That
    takes half a minute at 90,000 papers, for which nobody who changed one paper should wait.
    """
    store = EmbeddedStore.open(draft.store)
    quads = len(store.engine)
    if quads < LARGE:
        complete(draft, store)
    else:
        draft.counts = draft.counts | {"quads": quads, "sources": source_count(store)}


def rebuild(folder: Path, *, report: bool) -> list[Derived]:
    """Make what a version lacks unless another process does, and return the kinds; raise StoreError if that fails.

    The report of the shapes is made only if it is wanted: a version that was not validated has none.
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
