"""Completes a version whose store is written, before it is published: its numbers, its search index, its long lists."""

from dataclasses import dataclass
from pathlib import Path

from graph.indexing import write_index
from graph.listing import renew_lists, write_lists
from graph.reindexing import renew_index
from graph.statistics import Statistics
from graph.store.embedded import EmbeddedStore
from graph.transition import Transition
from graph.versions import Draft


@dataclass(frozen=True)
class Made:
    """The folder of the version that another was made from, and the change."""

    folder: Path
    change: Transition


def complete(draft: Draft, near: EmbeddedStore | None = None, made: Made | None = None) -> None:
    """Write what stands beside the store of a draft, and count its quads, by which the server decides what fits memory.

    A copy of the store in memory that is `near` is asked in its place. Where it is known from which version the draft
    was `made`, by which change, only what that reaches is looked at.

    Raises:
        StoreError: the folder cannot be written.
    """
    known = Statistics.read(made.folder) if made else None
    store = near or EmbeddedStore.open(draft.store)
    numbers = known.after(made.change) if made and known else Statistics.of(store)
    numbers.write(draft.folder)
    draft.counts = draft.counts | {"quads": numbers.triples + sum(numbers.graphs.values())}
    if made is None or not renew_index(made.folder, draft.folder, made.change):
        write_index(store, draft.folder)
    if made is None or not renew_lists(made.folder, draft.folder, made.change):
        write_lists(store, draft.folder)
