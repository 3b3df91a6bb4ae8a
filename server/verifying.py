"""Verifies the served version once, in the background, and says in the log how that ended."""

import os

import click

from graph.errors import DamageError, VersionError
from graph.system.locks import hold
from graph.versions.checksums import verify
from graph.versions.home import Version

PAUSE = 0.02  # seconds left to others after each 4 MB: a version of 1 GB takes about 10 s


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
