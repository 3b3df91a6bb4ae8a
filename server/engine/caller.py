"""The client of a query: the key of its share of the slots, and whether it is still connected."""

from collections.abc import Callable
from dataclasses import dataclass, field

CALLER = "convocation.caller"  # the name of a caller in the environ of a request and in the extensions of a scope


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
