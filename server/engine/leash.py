"""Ends a worker when its client leaves, by a signal of the kernel: nothing else reaches a running query."""

import fcntl
import os
import socket


def leashed(peer: socket.socket) -> None:
    """Let SIGIO, which ends the process, come once the other side closes the connection."""
    fcntl.fcntl(peer, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(peer, fcntl.F_SETFL, os.O_RDWR | os.O_ASYNC)


def released(peer: socket.socket) -> None:
    """Let the other side close the connection without harm."""
    fcntl.fcntl(peer, fcntl.F_SETFL, os.O_RDWR)
