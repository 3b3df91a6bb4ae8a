"""Copies the pages that a worker shares with its parent process, before queries need them.

Reading an in-memory store updates reference counts in its pages, so a forked process copies every page it reads
(copy-on-write), one fault at a time. Copying all at once takes a third of the time, and no query waits for it.
"""

import ctypes
import os
import resource

LIBC = ctypes.CDLL(None)
POPULATE_WRITE = 23  # MADV_POPULATE_WRITE, since Linux 5.14; an older one copies page by page, as it is read


def unshare_pages() -> None:
    """Copy all private writable memory of this process."""
    for start, end in _own():
        _advise(start, end, POPULATE_WRITE)


def _advise(start: int, end: int, advice: int) -> bool:
    if madvise := getattr(LIBC, "madvise", None):
        return bool(madvise(ctypes.c_void_p(start), ctypes.c_size_t(end - start), advice) == 0)
    return False


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
