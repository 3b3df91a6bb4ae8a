"""Checks a graph that was changed, as a build checks the one it made."""

from graph.check import refuse
from graph.errors import ShapeError
from graph.store.writable import WritableStore
from graph.validate import validate as find
from graph.validate.check import Asked, template
from graph.validate.run import rows


def validate(store: WritableStore, _: str) -> None:
    """Check a changed graph: its resolved view, the statements of its sources, and the decisions.

    Raises:
        ShapeError: it breaks a shape, or has a blank node, which no shape could name.
    """
    reading = store.reading()
    refuse_blank_nodes(reading)
    refuse(find(reading))


def refuse_blank_nodes(store: Asked) -> None:
    """Refuse a graph with a blank node.

    Raises:
        ShapeError: there is one.
    """
    for row in rows(store, template("blank")):
        triple = f"{row['subject']} {row['predicate']} {row['object']}"
        raise ShapeError(f"{triple} has a blank node; name it with an IRI", 1)
