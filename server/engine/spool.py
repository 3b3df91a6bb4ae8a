"""Buffers the part of an answer that is not sent yet, so that a slow reader occupies no worker and no thread."""

import errno
import os
import tempfile
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import IO

IN_MEMORY = 1 << 20  # bytes of an answer that wait in memory; the rest goes into a file without a name


@dataclass
class Room:
    """The disk space for the files of all answers of this process, in bytes."""

    most: int
    used: int = 0


@dataclass
class Spool:
    """The blocks of one answer in order: the first in memory, the others in a temporary file."""

    room: Room
    memory: deque[bytes] = field(default_factory=deque)
    held: int = 0
    file: IO[bytes] | None = None
    sizes: deque[int] = field(default_factory=deque)
    start: int = 0
    end: int = 0
    is_broken: bool = False

    def __bool__(self) -> bool:
        return bool(self.memory or self.sizes)

    @property
    def is_full(self) -> bool:
        """Whether the producer should wait."""
        return self.held >= IN_MEMORY and (self.is_broken or self.room.used >= self.room.most)

    def put(self, block: bytes) -> None:
        """Add a block; raise OSError if the disk is full, and this block may not overtake one in the file."""
        if not self.sizes and (self.held < IN_MEMORY or self.is_broken):
            self._remember(block)
        elif self._write(block):
            self.sizes.append(len(block))
            self.end += len(block)
            self.room.used += len(block)
        elif self.sizes:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        else:
            self._remember(block)

    def _remember(self, block: bytes) -> None:
        self.memory.append(block)
        self.held += len(block)

    def _write(self, block: bytes) -> bool:
        try:
            self.file = self.file or tempfile.TemporaryFile()  # noqa: SIM115 - closed by `close`
            self.is_broken = os.pwrite(self.file.fileno(), block, self.end) < len(block)
        except OSError:
            self.is_broken = True
        return not self.is_broken

    def get(self) -> bytes:
        """Return the next block; empty if none waits."""
        if self.memory:
            block = self.memory.popleft()
            self.held -= len(block)
            return block
        if not self.sizes or self.file is None:
            return b""
        size = self.sizes.popleft()
        block = os.pread(self.file.fileno(), size, self.start)
        self.start += size
        if not self.sizes:  # all is read: begin at the front again
            self.room.used -= self.end
            self.start = self.end = 0
            os.ftruncate(self.file.fileno(), 0)
        return block

    def close(self) -> None:
        """Discard the blocks."""
        self.room.used -= self.end
        self.start = self.end = self.held = 0
        self.memory.clear()
        self.sizes.clear()
        if self.file:
            self.file.close()
            self.file = None


async def spooled(blocks: AsyncIterator[bytes], room: Room) -> tuple[int, AsyncIterator[bytes]]:
    """Take all blocks; return their size, and the blocks again; raise OSError if there is no room for them."""
    spool, size = Spool(room), 0
    async for block in blocks:
        spool.put(block)
        size += len(block)
        if spool.is_full:
            spool.close()
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    return size, drained(spool)


async def drained(spool: Spool) -> AsyncIterator[bytes]:
    """Yield all blocks of a spool that gets no more, and close it."""
    while block := spool.get():
        yield block
    spool.close()
