"""The graphs that `convocation link` knows: one connector for each; this folder is the registry.

A connector decodes answers into types of msgspec, so that an answer of another form is refused as a whole, and gives
works to `graph.linksets.exchange`, which compares them. `graph.linksets.policy` decides which candidates are
published.
"""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from graph.errors import FetchError
from graph.linksets.connector import Connector


@cache
def connectors() -> dict[str, Connector]:
    """Return the connector of each module of this folder, by its key."""
    modules = (import_module(f"{__name__}.{each.name}") for each in iter_modules(__path__))
    return {module.CONNECTOR.key: module.CONNECTOR for module in modules}


def connector(key: str) -> Connector:
    """Return a connector by its key; raise FetchError if there is none of that name."""
    if key not in connectors():
        raise FetchError(f"There is no connector {key!r}; there are {', '.join(connectors())}.")
    return connectors()[key]
