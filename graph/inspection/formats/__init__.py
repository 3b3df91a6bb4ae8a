"""The formats of a report, one module each; `written(inspection)` returns its text."""

from importlib import import_module
from pkgutil import iter_modules

from graph.inspection.inspection import Inspection


def names() -> list[str]:
    """Return the names of the formats."""
    return sorted(module.name for module in iter_modules(__path__))


def written(inspection: Inspection, form: str) -> str:
    """Return the report of an inspection in a format."""
    text: str = import_module(f"{__name__}.{form}").written(inspection)
    return text
