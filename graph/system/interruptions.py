"""Notices Ctrl-C even if Python loses it: in code called by the collector, a KeyboardInterrupt is swallowed."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager


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
