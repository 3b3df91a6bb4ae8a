"""The commands of `convocation`; to add one, write a module here with a click command called `command`."""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

import click


def commands(package: ModuleType) -> Iterator[click.Command]:
    """Yield the command of each module of a package, by name."""
    for module in sorted(iter_modules(package.__path__), key=lambda each: each.name):
        command = getattr(import_module(f"{package.__name__}.{module.name}"), "command", None)
        if isinstance(command, click.Command):
            yield command
