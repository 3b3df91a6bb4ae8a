"""Who asks: the client that its share of the slots is counted for, and whether it is still there."""

from collections.abc import Callable
from dataclasses import dataclass, field

CALLER = "convocation.caller"  # the name of a caller in the environ of a request and in the extensions of a scope


@dataclass(eq=False)
class Caller:
    """A client at the other end of a connection, by what its share is counted by; used by one event loop."""

    share: str = ""
    is_gone: bool = False
    callbacks: list[Callable[[], None]] = field(default_factory=list)

    def leave(self) -> None:
        """Note that the client closed its connection, and end what is done for it."""
        self.is_gone = True
        for callback in tuple(self.callbacks):
            callback()


NOBODY = Caller()  # the server itself
