"""Finds the blueprints: every module of this folder that has a `bp`."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from flask import Blueprint


def blueprints() -> Iterator[Blueprint]:
    """Yield the blueprint of each module that has one, by name."""
    for path in sorted(Path(__file__).parent.glob("[a-z]*.py")):
        blueprint = getattr(import_module(f"server.{path.stem}"), "bp", None)
        if isinstance(blueprint, Blueprint):
            yield blueprint
