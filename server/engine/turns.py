"""Shares slots fairly among clients."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

CALLER = "convocation.caller"  # the name of a caller in the environ of a request and in the extensions of a scope


class NoPlaceError(Exception):
    """No place is left to wait for a slot."""


def fair(own: int, free: int, weight: int = 1) -> bool:
    """Return whether a client that holds `own` of some places may take one more of the `free` ones.

    A client may hold `weight` times as many as it leaves free: with 1 a client alone gets half, the next one half of
    the rest, and so on (dynamic thresholds: Choudhury and Hahne, IEEE/ACM Transactions on Networking 6(2), 1998). The
    last place is for a client that has none.
    """
    return free > 0 if own == 0 else free > 1 and own < weight * free


@dataclass(eq=False)
class Waiter:
    """A client that waits for a slot."""

    client: str
    turn: asyncio.Future[None]


@dataclass
class Turns:
    """Slots, of which a client may hold a fair share, and places to wait for one; used by one event loop."""

    slots: int
    places: int
    weight: int = 1
    running: Counter[str] = field(default_factory=Counter)
    queue: list[Waiter] = field(default_factory=list)
    busy: int = 0

    async def take(self, client: str, seconds: float) -> None:
        """Take a slot within some seconds; raise TimeoutError if none came free, NoPlaceError if too many wait."""
        if self._may_run(client):
            self._give(client)
            return
        own = sum(waiter.client == client for waiter in self.queue)
        if not fair(own, self.places - len(self.queue)):
            raise NoPlaceError
        waiter = Waiter(client, asyncio.get_running_loop().create_future())
        self.queue.append(waiter)
        try:
            async with asyncio.timeout(seconds):
                await waiter.turn
        except BaseException:
            if waiter in self.queue:
                self.queue.remove(waiter)
            elif waiter.turn.done() and not waiter.turn.cancelled():
                self.leave(client)  # the slot came at the moment of giving up
            raise

    def leave(self, client: str) -> None:
        """Give a slot back; the waiting client that holds the fewest gets it, of several the first that came."""
        self.busy -= 1
        self.running[client] -= 1
        if not self.running[client]:
            del self.running[client]
        ready = [waiter for waiter in self.queue if self._may_run(waiter.client)]
        if ready:
            waiter = min(ready, key=lambda each: self.running[each.client])
            self.queue.remove(waiter)
            self._give(waiter.client)
            waiter.turn.set_result(None)

    def _may_run(self, client: str) -> bool:
        return fair(self.running[client], self.slots - self.busy, self.weight)

    def _give(self, client: str) -> None:
        self.busy += 1
        self.running[client] += 1


@dataclass(eq=False)
class Caller:
    """The client of a connection; `share` is the key by which its slots are counted. Used by one event loop."""

    share: str = ""
    is_gone: bool = False
    callbacks: list[Callable[[], None]] = field(default_factory=list)

    def leave(self) -> None:
        """Mark the client as disconnected and run the callbacks."""
        self.is_gone = True
        for callback in tuple(self.callbacks):
            callback()


NOBODY = Caller()  # the server itself
