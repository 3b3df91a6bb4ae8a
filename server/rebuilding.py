"""Lets another process make again what a version lacks of its derived files."""

import os
import subprocess
import sys
import time
from pathlib import Path
from threading import Lock

import click

from graph.versions.derived import REPORT, missing
from graph.versions.home import Version

AGAIN = 600.0  # seconds after which it is tried again for a version whose files cannot be made, or were damaged again
_making: dict[Path, tuple[subprocess.Popen[bytes], float]] = {}  # by the folder of the version
_lock = Lock()


def begin(version: Version, *, report: bool) -> None:
    """Begin to make what a version lacks, unless that is being done; the report of the shapes only if it is wanted."""
    with _lock:
        running = any(process.poll() is None for process, _ in _making.values())
        begun = _making.get(version.folder)
        if not running and (begun is None or time.monotonic() - begun[1] > AGAIN):
            names = ", ".join(kind.name for kind in missing(version.folder) if report or kind is not REPORT)
            click.echo(f"Version {version.number} has no {names} of this program; made in the background.", err=True)
            command = [sys.executable, "-P", "-m", "graph.indexes.rebuilding", str(version.folder)]
            process = subprocess.Popen([*command, *(["report"] if report else [])], env=os.environ)  # noqa: S603 - ours
            _making[version.folder] = process, time.monotonic()
