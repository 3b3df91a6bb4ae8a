"""The use of a process and its children, as the kernel counts it (Linux, /proc)."""

import os
import threading
from collections import defaultdict
from pathlib import Path
from typing import Self

TICKS = os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")


def _stats() -> dict[int, list[str]]:
    found = {}
    for entry in PROC.iterdir():
        if entry.name.isdecimal():
            try:
                text = (entry / "stat").read_text()
            except OSError:
                continue  # it ended meanwhile
            found[int(entry.name)] = text.rpartition(")")[2].split()
    return found


def tree(root: int) -> dict[int, list[str]]:
    """Return the fields of /proc/<pid>/stat behind the name, of a process and all below it."""
    stats, children = _stats(), defaultdict(list)
    for pid, fields in stats.items():
        children[int(fields[1])].append(pid)
    found, left = {}, [root]
    while left:
        pid = left.pop()
        if pid in stats:
            found[pid] = stats[pid]
        left += children[pid]
    return found


def cpu_seconds(root: int) -> float:
    """Return the CPU time that a process and all below it have used, ended and reaped children included.

    A child that is reaped while its parent has been read already is missing from one reading, but not from two.
    """
    readings = [sum(int(field) for fields in tree(root).values() for field in fields[11:15]) for _ in range(3)]
    return max(readings) / TICKS


def private_memory(root: int) -> int:
    """Return the bytes of anonymous memory of the tree; pages shared after a fork count in each process."""
    total = 0
    for pid in tree(root):
        try:
            lines = (PROC / str(pid) / "status").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("RssAnon:"))
    return total


class PeakMemory:
    """Watches how much anonymous memory a tree takes on at most while a block runs."""

    def __init__(self, root: int) -> None:
        self.root, self.growth = root, 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Self:
        self._begin = private_memory(self.root)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(0.05):
            self.growth = max(self.growth, private_memory(self.root) - self._begin)
