"""The order in which a page tells the properties of a thing: that of the fields of its records."""

from collections.abc import Iterable
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from pyoxigraph import NamedNode

import graph.model
from graph.model import Record
from graph.model.record import properties


def places(kinds: Iterable[NamedNode]) -> dict[NamedNode, int]:
    """Return the place of each property that the records of some classes have."""
    listed = (says.property for kind in kinds for record in records(kind) for says in properties(record).values())  # type: ignore[arg-type]
    return {prop: place for place, prop in enumerate(dict.fromkeys(listed))}


@cache
def records(kind: NamedNode) -> tuple[type[Record], ...]:
    """Return the records of a class."""
    found = []
    for each in iter_modules(graph.model.__path__):
        members = vars(import_module(f"graph.model.{each.name}")).values()
        found += [member for member in members if isinstance(member, type) and issubclass(member, Record)]
    return tuple(record for record in dict.fromkeys(found) if getattr(record, "TYPE", None) == kind)
