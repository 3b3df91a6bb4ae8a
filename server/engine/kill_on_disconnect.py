"""Ends a worker when its client disconnects, by a signal from the kernel: nothing else interrupts a running query."""

import fcntl
import os
import socket


class DisconnectWatch:
    """Has the kernel send SIGIO, which ends the process by default, when the peer closes a connection."""

    def __init__(self, peer: socket.socket) -> None:
        self.peer = peer.fileno()
        fcntl.fcntl(self.peer, fcntl.F_SETOWN, os.getpid())

    def enable(self) -> None:
        """Kill this process if the peer disconnects."""
        fcntl.fcntl(self.peer, fcntl.F_SETFL, os.O_RDWR | os.O_ASYNC)

    def disable(self) -> None:
        """Ignore a disconnection."""
        fcntl.fcntl(self.peer, fcntl.F_SETFL, os.O_RDWR)
