"""Progress bars on terminals; silent otherwise."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

STEP = 1 << 14  # items between two looks at the clock

Step = Callable[[int], None]


def nothing(_: int) -> None:
    """Tell nobody."""


@contextmanager
def progress(label: str, total: int) -> Iterator[Step]:
    """Show a bar; call the yielded function with the number of further items that are done."""
    if not sys.stderr.isatty():
        yield nothing
        return
    with click.progressbar(length=max(total, 1), label=label, file=sys.stderr, update_min_steps=STEP) as bar:
        yield bar.update
