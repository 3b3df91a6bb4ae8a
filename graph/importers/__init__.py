"""The importers: one module for each source; this folder is the registry. CONTRIBUTING.md shows how to add one.

`read` yields the records of `graph.sources.records` in the order of the file. It opens the file only by `file.whole()`
or `file.lines()`, which guard against cut-off, oversized and unreadable files. A record that cannot be read yields a
`Notice(severity="left out")` with its place, a part of a record that is left out one with `severity="value left out"`,
an unknown field one with `severity="unknown"`, a corrected error of the source one with `severity="corrected"`; none of
them ends the reading. Records pass `graph.sources.admission`, which bounds texts and removes private values and front
matter. If the whole file is unusable, raise `ImportFileError` with the place and a hint. A file has one ledger, whose
key is `unit(file)`; it may hold papers of several editions. IRIs, merging, persons and triples are left to
`graph.importing`.
"""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from graph.errors import ImportFileError
from graph.sources.importer import Importer


@cache
def importers() -> dict[str, Importer]:
    """Return the importer of each module of this folder, by its key."""
    modules = (import_module(f"{__name__}.{each.name}") for each in iter_modules(__path__))
    found = [module.IMPORTER for module in modules if hasattr(module, "IMPORTER")]
    return {each.key: each for each in found}


def importer(key: str) -> Importer:
    """Return an importer by its key; raise ImportFileError if there is none of that name."""
    if key not in importers():
        raise ImportFileError(f"There is no importer {key!r}; there are {', '.join(importers())}.")
    return importers()[key]
