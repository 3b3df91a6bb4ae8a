"""The limit of the kernel on the memory of this process, and how much there is."""

import os
import resource
from contextlib import suppress
from pathlib import Path

GROUP = Path("/sys/fs/cgroup/memory.max")


def limit(memory: int) -> None:
    """Limit this process to `memory` more bytes of data; 0 means no limit."""
    if memory:
        most = used() + memory
        resource.setrlimit(resource.RLIMIT_DATA, (most, most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def used() -> int:
    """Return the size of the data segment of this process in bytes."""
    with open("/proc/self/status", encoding="ascii") as status:  # noqa: PTH123
        return next(int(line.split()[1]) for line in status if line.startswith("VmData:")) * 1024


def grown(pid: int) -> int:
    """Return how many bytes of anonymous memory a worker has more than this process, its parent."""
    return max(0, _anonymous(pid) - _anonymous(os.getpid()))


def _anonymous(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    except OSError:  # it ended
        return 0
    return next((int(line.split()[1]) for line in text.splitlines() if line.startswith("RssAnon:")), 0) * 1024


def total(group: Path = GROUP) -> int:
    """Return the memory of the machine, or of the container, in bytes."""
    found = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    with suppress(OSError, ValueError):  # `max` where it has no limit
        found = min(found, int(group.read_text(encoding="ascii")))
    return found
