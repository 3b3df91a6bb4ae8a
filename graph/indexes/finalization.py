"""Writes what is derived from the store of a draft: its statistics, its search index, its long lists."""

from graph.indexes.list_writer import write_lists
from graph.indexes.search_writer import write_index
from graph.indexes.statistics import Statistics
from graph.store.embedded import EmbeddedStore
from graph.versions.home import Draft

LARGE = 300_000  # quads above which deriving everything takes many seconds


def complete(draft: Draft, in_memory: EmbeddedStore | None = None) -> None:
    """Write the statistics, the search index and the lists of a draft, and count its quads.

    A copy of the store `in_memory` is queried if there is one. The server decides by the count what fits its memory.

    Raises:
        StoreError: the folder cannot be written.
    """
    store = in_memory or EmbeddedStore.open(draft.store)
    numbers = Statistics.of(store)
    numbers.write(draft.folder)
    draft.counts = draft.counts | {"quads": numbers.triples + sum(numbers.graphs.values())}
    write_index(store, draft.folder)
    write_lists(store, draft.folder)


def complete_small(draft: Draft) -> None:
    """Complete a draft that differs little from the version before, unless it is large: then only count its quads.

    A server derives the rest in the background, and until then answers from the files of the version before. That
    takes half a minute at 90,000 papers, for which nobody who changed one paper should wait.

    Raises:
        StoreError: the folder cannot be written.
    """
    store = EmbeddedStore.open(draft.store)
    quads = len(store.engine)
    if quads < LARGE:
        complete(draft, store)
    else:
        draft.counts = draft.counts | {"quads": quads}
