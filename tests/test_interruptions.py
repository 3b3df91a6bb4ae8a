"""An interruption is noticed also where it was lost."""

import signal
import threading
from contextlib import suppress

import pytest

from graph.interruptions import noticed


def test_an_interruption_that_was_lost_is_noticed_later() -> None:
    with noticed() as check:
        check()
        with suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            check()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_an_interruption_comes_at_once_as_ever() -> None:
    with pytest.raises(KeyboardInterrupt), noticed():
        signal.raise_signal(signal.SIGINT)


def test_nothing_changes_in_another_thread() -> None:
    seen = []

    def work() -> None:
        with noticed() as check:
            check()
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [signal.default_int_handler]
