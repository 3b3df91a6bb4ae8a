"""Validates a graph against `shapes/`: plain SHACL, compiled to SPARQL and asked of the store that holds the graph.

`compile.py` makes checks of the shapes and refuses what it does not understand, so that no constraint is skipped;
`whole.py` runs them on a whole store, `incremental.py` only at the nodes that a change reaches. The results are those
of pyshacl, which the tests compare with. A shape is added by writing it into its file in `shapes/`.
"""

from graph.store import Store
from graph.validate.check import ShapeFinding, findings
from graph.validate.whole import results

__all__ = ["ShapeFinding", "validate"]


def validate(store: Store) -> list[ShapeFinding]:
    """Return what the shapes find in a store, the most severe first; raise UnsupportedShapeError if one is unknown."""
    return findings(results(store))
