"""Moves a graph to another base: every IRI below the old one is rewritten, in one pass over the N-Quads."""

from collections.abc import Iterator

from graph.progress import Step, nothing
from graph.restore import publish
from graph.store import Store
from graph.streams import rebased
from graph.versions import Home, Version


def rebase(home: Home, store: Store, old: str, new: str, step: Step = nothing) -> Version:
    """Publish a version that holds the quads of a store with their IRIs below a new base; nothing else changes.

    Raises:
        StoreError: the store cannot be read, or the home not be written.
    """
    return publish(home, new, f"rebase from {old}", _told(rebased(store.blocks(), old, new), step), checked=False)


def _told(blocks: Iterator[bytes], step: Step) -> Iterator[bytes]:
    for block in blocks:
        yield block
        step(block.count(b"\n"))
