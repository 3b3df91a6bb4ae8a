"""Finds the blueprints: every module of the server, in whatever folder, that defines a `bp`."""

from collections.abc import Iterator
from importlib import import_module

from flask import Blueprint

from graph.files import ROOT


def blueprints() -> Iterator[Blueprint]:
    """Yield the blueprint of each module that has one, by name; only these modules are imported."""
    for pattern in ("*.py", "[a-z]*/*.py"):
        for path in sorted((ROOT / "server").glob(pattern)):
            if "\nbp = Blueprint(" in path.read_text(encoding="utf-8"):
                name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
                blueprint: Blueprint = import_module(name).bp
                yield blueprint
