"""Progress bars on terminals; silent otherwise."""

import signal
import sys
import threading
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


@contextmanager
def noticed() -> Iterator[Callable[[], None]]:
    """Give a function that raises KeyboardInterrupt if there was one since the block began."""
    came: list[int] = []

    def note(number: int, _: object) -> None:
        came.append(number)
        raise KeyboardInterrupt

    def check() -> None:
        if came:
            raise KeyboardInterrupt

    ignored = signal.getsignal(signal.SIGINT) is signal.SIG_IGN  # as a shell says to what runs in the background
    if ignored or threading.current_thread() is not threading.main_thread():
        yield check  # no signal is handled here
        return
    before = signal.signal(signal.SIGINT, note)
    try:
        yield check
    finally:
        signal.signal(signal.SIGINT, before or signal.default_int_handler)
