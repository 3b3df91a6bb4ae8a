"""Finds the blueprints: every module in a folder of the server that defines a `bp`."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from flask import Blueprint

SERVER = Path(__file__).parent.parent


def blueprints() -> Iterator[Blueprint]:
    """Yield the blueprint of each module that has one, by name; only these modules are imported."""
    for path in sorted(SERVER.glob("[a-z]*/[a-z]*.py")):
        if "\nbp = Blueprint(" in path.read_text(encoding="utf-8"):
            blueprint: Blueprint = import_module(f"server.{path.parent.name}.{path.stem}").bp
            yield blueprint
