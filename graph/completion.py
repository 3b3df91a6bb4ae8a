"""Completes a version whose store is written, before it is published: its numbers, its search index."""

from graph.indexing import write_index
from graph.statistics import Statistics
from graph.store.embedded import EmbeddedStore
from graph.versions import Draft


def complete(draft: Draft, near: EmbeddedStore | None = None) -> None:
    """Write what stands beside the store of a draft, and count its quads, by which the server decides what fits memory.

    A copy of the store in memory that is `near` is asked in its place.

    Raises:
        StoreError: the folder cannot be written.
    """
    store = near or EmbeddedStore.open(draft.store)
    numbers = Statistics.of(store)
    numbers.write(draft.folder)
    draft.counts = draft.counts | {"quads": numbers.triples + sum(numbers.graphs.values())}
    write_index(store, draft.folder)
