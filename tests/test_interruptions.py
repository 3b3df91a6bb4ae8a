"""An interruption that comes while the collector runs is not lost."""

import gc
import os
import signal
import threading

import pytest

from graph.interruptions import uninterrupted


class Caller:
    """Something whose end sends a signal to this process, from within the collector."""

    def __init__(self) -> None:
        self.itself = self

    def __del__(self) -> None:
        os.kill(os.getpid(), signal.SIGINT)


def test_an_interruption_within_the_collector_comes_after_it() -> None:
    Caller()
    done = []

    def collect() -> None:
        with uninterrupted():
            gc.collect()
            done.append(True)

    with pytest.raises(KeyboardInterrupt):
        collect()
    assert done == [True]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_nothing_is_held_in_another_thread() -> None:
    seen = []

    def work() -> None:
        with uninterrupted():
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [signal.default_int_handler]
