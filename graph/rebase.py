"""Moves a graph to another base: every IRI below the old one is rewritten, in one pass over the N-Quads."""

from collections.abc import Iterator

from graph.ledgers import move
from graph.progress import Step, nothing
from graph.restore import Making, publish
from graph.store import Store
from graph.streams import rebased
from graph.versions import Draft, Home, Version


def rebase(home: Home, store: Store, before: Version, new: str, step: Step = nothing) -> Version:
    """Publish the quads of a version with their IRIs below a new base, and what its sources say; nothing else changes.

    Raises:
        StoreError: the store cannot be read, or the home not be written.
    """
    lines = _told(rebased(store.blocks(), before.base, new), step)

    def more(draft: Draft) -> None:
        move(before.ledgers, draft.ledgers, before.base, new)

    return publish(home, Making(new, f"rebase from {before.base}", more, checked=False), lines)


def _told(blocks: Iterator[bytes], step: Step) -> Iterator[bytes]:
    for block in blocks:
        yield block
        step(block.count(b"\n"))
