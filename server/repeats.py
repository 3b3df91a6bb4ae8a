"""Answers a request that came before, byte for byte, from memory, before it is even read as HTTP.

What the application answers to a head depends on its bytes and the version alone, where it says so (`repeatable`). So a
second client that sends the same bytes gets the same answer, for a tenth of the time: programs and pages ask the same
questions again and again. It is logged and counted as any other; where clients are held to a rate, none is given so.
"""

import socket
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from server.caching import SHARE
from server.heads import date, send, waiting
from server.logs import Log, Record

HEAD = "convocation.head"
COST = 2000  # bytes that an answer takes beside its own


@dataclass(frozen=True)
class Repeat:
    """The head of a request, its answer before and after the date, and what the log says of it."""

    head: bytes
    before: bytes
    after: bytes
    record: Record

    @property
    def cost(self) -> int:
        """About how many bytes it takes in memory."""
        return len(self.head) + len(self.after) + COST


class Repeats:
    """The answers to the heads used last, at most `size` bytes of them, all of one version."""

    def __init__(self, log: Log, current: Callable[[], object], size: int) -> None:
        self.log, self.current, self.size = log, current, size
        self.used, self.version = 0, current()
        self._kept: OrderedDict[bytes, Repeat] = OrderedDict()
        self._lock = Lock()

    def answered(self, client: socket.socket, address: str, seconds: float) -> bool:
        """Answer the request that waits at a blocking socket within some seconds; return whether it was a known one.

        Raises:
            OSError: the client left.
        """
        found = self._found(waiting(client)) if self._kept else None
        if found is None:
            return False
        begun = time.monotonic()
        client.recv(len(found.head))
        send(client, found.before + date(int(time.time())) + found.after, seconds)
        self.log.write(found.record.again(begun, address))
        return True

    def _found(self, head: bytes | None) -> Repeat | None:
        with self._lock:
            self._follow(self.current())
            found = self._kept.get(head) if head else None
            if head and found:
                self._kept.move_to_end(head)
            return found

    def _follow(self, version: object) -> None:
        """Drop what was made from another version."""
        if version != self.version:
            self._kept.clear()
            self.version, self.used = version, 0

    def keep(self, repeat: Repeat, version: object) -> None:
        """Keep an answer whose request began with a version, and drop those not used for the longest time."""
        with self._lock:
            if self.current() != version or repeat.cost > self.size // SHARE or repeat.head in self._kept:
                return
            self._follow(version)
            self._kept[repeat.head] = repeat
            self.used += repeat.cost
            while self.used > self.size:
                self.used -= self._kept.popitem(last=False)[1].cost
