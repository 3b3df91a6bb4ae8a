"""Many things in lists of some of them, which a query or a statement can name."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def batches(things: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield things in batches of at most `size`, in order (itertools.batched of Python 3.12)."""
    rest = iter(things)
    while some := list(islice(rest, size)):
        yield some
