"""Ends a worker when its client leaves, by a signal of the kernel: nothing else reaches a running query."""

import fcntl
import os
import socket


class DisconnectWatch:
    """Lets SIGIO, whose default ends the process, come when the other side of a connection closes it."""

    def __init__(self, peer: socket.socket) -> None:
        self.peer = peer.fileno()
        fcntl.fcntl(self.peer, fcntl.F_SETOWN, os.getpid())

    def hold(self) -> None:
        """Let the signal come."""
        fcntl.fcntl(self.peer, fcntl.F_SETFL, os.O_RDWR | os.O_ASYNC)

    def release(self) -> None:
        """Let the other side close the connection without harm."""
        fcntl.fcntl(self.peer, fcntl.F_SETFL, os.O_RDWR)
