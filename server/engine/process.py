"""The limit of the kernel on the memory of this process, and how much there is."""

import ctypes
import fcntl
import os
import resource
import socket
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

GROUP = Path("/sys/fs/cgroup/memory.max")
LIBC = ctypes.CDLL(None)
POPULATE_WRITE = 23  # MADV_POPULATE_WRITE, since Linux 5.14; an older one copies page by page, as it is read


def limit(memory: int) -> None:
    """Limit this process to `memory` more bytes of data; 0 means no limit."""
    if memory:
        most = used() + memory
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def used() -> int:
    """Return the size of the data segment of this process in bytes."""
    return _status(os.getpid(), "VmData:")


def grown(pid: int) -> int:
    """Return how many bytes of anonymous memory a worker has more than this process, its parent."""
    return max(0, _status(pid, "RssAnon:") - _status(os.getpid(), "RssAnon:"))


def _status(pid: int, name: str) -> int:
    try:
        text = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    except OSError:  # it ended
        return 0
    return next((int(line.split()[1]) for line in text.splitlines() if line.startswith(name)), 0) * 1024


def total(group: Path = GROUP) -> int:
    """Return the memory of the machine, or of the container, in bytes."""
    found = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    with suppress(OSError, ValueError):  # `max` where it has no limit
        found = min(found, int(group.read_text(encoding="ascii")))
    return found


def spawn(module: str, environment: Mapping[str, str]) -> tuple[subprocess.Popen[bytes], socket.socket]:
    """Start a module of ours as a process, with one end of a connection as argument; return it and the other."""
    ours, theirs = socket.socketpair()
    with theirs:
        command = [sys.executable, "-P", "-m", module, str(theirs.fileno())]
        return subprocess.Popen(command, pass_fds=[theirs.fileno()], env=environment), ours  # noqa: S603 - our own


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


def unshare_pages() -> None:
    """Copy all private writable memory of this process."""
    if madvise := getattr(LIBC, "madvise", None):
        for start, end in _own():
            madvise(ctypes.c_void_p(start), ctypes.c_size_t(end - start), POPULATE_WRITE)


def _own() -> list[tuple[int, int]]:
    """Return the address ranges of writable memory without a file, except stacks."""
    found = []
    with open("/proc/self/maps", encoding="ascii", errors="replace") as maps:  # noqa: PTH123
        for line in maps:
            place, rights, _, _, _, name = [*line.split(maxsplit=5), ""][:6]
            if rights == "rw-p" and name.strip() in ("", "[heap]"):
                start, end = place.split("-")
                found.append((int(start, 16), int(end, 16)))
    return found


def give_back() -> None:
    """Return free memory to the system."""
    if trim := getattr(LIBC, "malloc_trim", None):
        trim(0)


def can_raise_priority() -> bool:
    """Return whether a process of ours may raise its priority again after it was lowered."""
    return os.geteuid() == 0 or resource.getrlimit(resource.RLIMIT_NICE)[0] >= 20 - os.getpriority(os.PRIO_PROCESS, 0)


def restore_priority(priority: int) -> bool:
    """Restore the old priority; return whether this process has it."""
    try:
        if os.getpriority(os.PRIO_PROCESS, 0) != priority:
            os.setpriority(os.PRIO_PROCESS, 0, priority)
    except PermissionError:
        return False
    return True
