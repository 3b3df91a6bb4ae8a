"""An interruption is noticed also where it was lost."""

import signal
import threading
from collections.abc import Iterator
from contextlib import suppress

import pytest

from graph.system.progress import noticed


@pytest.fixture(autouse=True)
def _handled() -> Iterator[None]:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # another one where tests run in the background
    yield
    signal.signal(signal.SIGINT, before)


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


def test_one_that_is_ignored_stays_so() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with noticed() as check:
        signal.raise_signal(signal.SIGINT)
        check()


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
