"""A process's own copy of the memory that it shares with the one it was forked from.

The engine counts references to what it reads of a store in memory, in that memory; so a forked process copies each page
that it reads, one fault at a time. Taken at once, the copy costs a third, and no query waits for it.
"""

import ctypes
import os
import resource

LIBC = ctypes.CDLL(None)
POPULATE_WRITE = 23  # MADV_POPULATE_WRITE, since Linux 5.14; an older one copies page by page, as it is read


def own_pages() -> None:
    """Copy all memory that this process may write and has from no file."""
    for start, end in _own():
        _advise(start, end, POPULATE_WRITE)


def _advise(start: int, end: int, advice: int) -> bool:
    if madvise := getattr(LIBC, "madvise", None):
        return bool(madvise(ctypes.c_void_p(start), ctypes.c_size_t(end - start), advice) == 0)
    return False


def _own() -> list[tuple[int, int]]:
    """Return where memory begins and ends that may be written and is of no file, but for stacks and the like."""
    found = []
    with open("/proc/self/maps", encoding="ascii", errors="replace") as maps:  # noqa: PTH123
        for line in maps:
            place, rights, _, _, _, name = [*line.split(maxsplit=5), ""][:6]
            if rights == "rw-p" and name.strip() in ("", "[heap]"):
                start, end = place.split("-")
                found.append((int(start, 16), int(end, 16)))
    return found


def give_back() -> None:
    """Give free memory back to the system."""
    if trim := getattr(LIBC, "malloc_trim", None):
        trim(0)


def may_hurry() -> bool:
    """Return whether a process of ours that was given a low priority may take its old one again."""
    return os.geteuid() == 0 or resource.getrlimit(resource.RLIMIT_NICE)[0] >= 20 - os.getpriority(os.PRIO_PROCESS, 0)


def hurry(priority: int) -> bool:
    """Take the old priority again; return whether this process has it."""
    try:
        if os.getpriority(os.PRIO_PROCESS, 0) != priority:
            os.setpriority(os.PRIO_PROCESS, 0, priority)
    except PermissionError:
        return False
    return True
