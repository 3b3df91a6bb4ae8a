"""The transition of a graph by a change: the store before and after it, and what came or went."""

from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import Quad

from graph.store.embedded import EmbeddedStore


@dataclass(frozen=True)
class Transition:
    """Two stores and the quads that differ between them, or more."""

    before: EmbeddedStore
    after: EmbeddedStore
    quads: Sequence[Quad]
