"""Holds back what would interrupt a process, where it would be lost."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

NUMBERS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Hold interruptions back while the block runs; they come at its end.

    The collector of Python calls functions in which an exception is told and lost, KeyboardInterrupt too.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # no signal is handled here
        return
    came: list[int] = []
    old = {number: signal.getsignal(number) for number in NUMBERS}
    held = {number: handler for number, handler in old.items() if handler is not None}  # else no handler of Python
    for number in held:
        signal.signal(number, lambda number, _: came.append(number))
    try:
        yield
    finally:
        for number, handler in held.items():
            signal.signal(number, handler)
        for each in came:
            signal.raise_signal(each)
