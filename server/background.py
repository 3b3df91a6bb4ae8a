"""Lets another process make again what a version lacks of its derived files."""

import os
import subprocess
import sys
import time
from pathlib import Path
from threading import Lock

import click

from graph.errors import DamageError, VersionError
from graph.system.locks import hold
from graph.versions.checksums import verify
from graph.versions.derived import REPORT, missing
from graph.versions.home import Version

AGAIN = 600.0  # seconds after which it is tried again for a version whose files cannot be made, or were damaged again
_making: dict[Path, tuple[subprocess.Popen[bytes], float]] = {}  # by the folder of the version
_lock = Lock()
PAUSE = 0.02  # seconds left to others after each 4 MB: a version of 1 GB takes about 10 s


def begin(version: Version, *, report: bool) -> None:
    """Begin to make what a version lacks, unless that is being done; the report of the shapes only if it is wanted."""
    with _lock:
        running = any(process.poll() is None for process, _ in _making.values())
        begun = _making.get(version.folder)
        if not running and (begun is None or time.monotonic() - begun[1] > AGAIN):
            names = ", ".join(kind.name for kind in missing(version.folder) if report or kind is not REPORT)
            click.echo(f"Version {version.number} has no {names} of this program; made in the background.", err=True)
            command = [sys.executable, "-P", "-m", "graph.indexes.finalization", str(version.folder)]
            process = subprocess.Popen([*command, *(["report"] if report else [])], env=os.environ)  # noqa: S603 - ours
            _making[version.folder] = process, time.monotonic()


def verified(version: Version) -> None:
    """Compare the files of a version with their checksums, and say how that ended."""
    try:
        held = hold(version.store)  # so that it is not removed meanwhile
    except OSError:
        return  # another engine keeps it, or it is gone
    try:
        count = verify(version, PAUSE)
        click.echo(f"Version {version.number} is whole: its {count:,} files are as they were published.", err=True)
    except DamageError as error:
        click.echo("; ".join(str(error).splitlines()), err=True)
    except VersionError as error:
        click.echo(str(error), err=True)
    finally:
        os.close(held)
