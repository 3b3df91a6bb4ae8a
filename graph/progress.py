"""How far a long work is, for people who look at a terminal; a log gets nothing."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import click

STEP = 1 << 14  # items between two looks at the clock

T = TypeVar("T")
Step = Callable[[int], None]


def nothing(_: int) -> None:
    """Tell nobody."""


@contextmanager
def progress(label: str, total: int) -> Iterator[Step]:
    """Show a bar; what is given tells that so many more of the total are done."""
    if not sys.stderr.isatty():
        yield nothing
        return
    with click.progressbar(length=max(total, 1), label=label, file=sys.stderr, update_min_steps=STEP) as bar:
        yield bar.update


def counted(items: Iterable[T], step: Step) -> Iterator[T]:
    """Yield items, and tell in steps how many."""
    waiting = 0
    for item in items:
        yield item
        waiting += 1
        if waiting == STEP:
            step(waiting)
            waiting = 0
    step(waiting)
