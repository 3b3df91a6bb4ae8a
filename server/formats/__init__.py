"""Formats in which things go to other programs: references, calendars, feeds; each module has its `FORMAT`.

To add a format, add a module.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from pyoxigraph import NamedNode

from server.display.things import Thing
from server.http.media import Media


@dataclass(frozen=True)
class Format:
    """A format: its serialization, its name for readers, the classes of things it is for, and what writes a thing.

    `has` says whether there is anything to write of a thing.
    """

    media: Media
    name: str
    of: frozenset[NamedNode]
    write: Callable[[NamedNode], Iterator[str]]
    has: Callable[[Thing], bool] = lambda _: True


@cache
def formats() -> tuple[Format, ...]:
    """Return the formats, by the names of their modules."""
    found = (import_module(f"{__name__}.{each.name}") for each in iter_modules(__path__))
    return tuple(module.FORMAT for module in found if hasattr(module, "FORMAT"))


def formats_of(thing: Thing) -> list[Format]:
    """Return the formats in which there is something of a thing."""
    return [each for each in formats() if each.of & {*thing.kinds} and each.has(thing)]


def named(suffix: str) -> Format | None:
    """Return the format with a suffix, if there is one."""
    return next((each for each in formats() if each.media.suffix == suffix), None)
