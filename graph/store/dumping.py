"""Writes a store as N-Quads to standard output: `python -P -m graph.store.dumping <folder>`.

The engine keeps Python waiting while it writes, so that two stores are read at once only by two processes.
"""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from pyoxigraph import RdfFormat

from graph.errors import ConvocationError, StoreError
from graph.store.embedded import EmbeddedStore

BUFFER = 1 << 20


@contextmanager
def dumped(folder: Path) -> Iterator[IO[bytes]]:
    """Give the N-Quads of a store, written by another process; raise StoreError if it cannot be read to its end."""
    command = [sys.executable, "-P", "-m", "graph.store.dumping", str(folder)]
    with subprocess.Popen(  # noqa: S603 - our own module
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=BUFFER
    ) as process:
        assert process.stdout  # noqa: S101 - a pipe, as is said above
        assert process.stderr  # noqa: S101
        try:
            yield process.stdout
            if process.stdout.read(1) == b"" and process.wait():
                message = process.stderr.read().decode(errors="replace").strip().rpartition("\n")[2]
                raise StoreError(f"{folder} cannot be read to its end ({message}); build the version again.")
        finally:
            process.kill()


def main() -> None:
    """Write the store in the folder that is the first argument."""
    try:
        with open(1, "wb", BUFFER, closefd=False) as out:
            EmbeddedStore.open(Path(sys.argv[1])).engine.dump(out, format=RdfFormat.N_QUADS)
    except (ConvocationError, OSError, ValueError, RuntimeError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
