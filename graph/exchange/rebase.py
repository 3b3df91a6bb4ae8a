"""Moves a graph to another base: every IRI below the old one is rewritten, in one pass over the N-Quads."""

from collections.abc import Iterator

from graph.curated import texts
from graph.exchange.restore import Making, publish
from graph.store import open_store
from graph.system.progress import Step, nothing
from graph.system.streams import rebased
from graph.versions.home import Draft, Home, Version
from graph.versions.ledgers import move


def rebase(home: Home, before: Version, new: str, *, checked: bool = True, step: Step = nothing) -> Version:
    """Publish a version again with its IRIs below a new base, also those in what its sources say; nothing else changes.

    Raises:
        StoreError: the version cannot be read, or the home not be written.
        ShapeError: the graph breaks a shape.
    """
    store = open_store(before.store)
    lines = _counted(rebased(store.blocks(), before.base, new), step)

    def more(draft: Draft) -> None:
        move(before.ledgers, draft.ledgers, before.base, new)
        texts.take_along(before.folder, draft.folder)

    return publish(home, Making(new, f"rebase from {before.base}", more, checked=checked, of=before.number), lines)


def _counted(blocks: Iterator[bytes], step: Step) -> Iterator[bytes]:
    for block in blocks:
        yield block
        step(block.count(b"\n"))
