"""Completes a version whose store is written, before it is published: its numbers, its search index, its long lists."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from graph.errors import StoreError
from graph.indexes.list_writer import renew_lists, write_lists
from graph.indexes.search_update import renew_index
from graph.indexes.search_writer import write_index
from graph.indexes.statistics import Statistics
from graph.store.embedded import EmbeddedStore
from graph.versions.derived import DAMAGE
from graph.versions.home import Draft
from graph.versions.transition import Transition


@dataclass(frozen=True)
class PreviousVersion:
    """The folder of the version that another was made from, and the change."""

    folder: Path
    change: Transition


def complete(draft: Draft, near: EmbeddedStore | None = None, made: PreviousVersion | None = None) -> None:
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
    if made is None or not _done(renew_index, draft.folder, made):
        write_index(store, draft.folder)
    if made is None or not _done(renew_lists, draft.folder, made):
        write_lists(store, draft.folder)


def _done(renew: Callable[[Path, Path, Transition], bool], folder: Path, made: PreviousVersion) -> bool:
    """Bring a file up to date; return whether that is done: it is not if the file of the version before is damaged."""
    try:
        return renew(made.folder, folder, made.change)
    except (StoreError, *DAMAGE):
        return False
