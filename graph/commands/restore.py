"""`convocation restore`: publish a version from a dump."""

from pathlib import Path

import click

from graph.errors import SourceError
from graph.exchange.restore import Dump, restore
from graph.remote.marker import local_home
from graph.settings import Settings, base_option, home_option
from graph.system.progress import progress


@click.command(name="restore")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--rebase", is_flag=True, help="Move the IRIs of the dump to the base of this installation.")
@base_option
@home_option
def command(path: Path, *, rebase: bool, base: str | None, home: str | None) -> None:
    """Publish a version from a dump.

    PATH is the folder or file that `convocation dump` wrote; it is checked first. The current version is kept if
    anything fails.
    """
    settings = Settings.from_environment().changed(base=base, home=home)
    hint = "unset CONVOCATION_STORE to restore into the data folder, or load the N-Quads there"
    keeper = local_home(settings, hint)
    dump = Dump.open(path, settings.namespace)
    if dump.base != settings.namespace and not rebase:
        hint = f"set CONVOCATION_BASE={dump.base}, or restore with --rebase to move them"
        raise SourceError(
            f"The IRIs of {path} begin with {dump.base}, those of this installation with {settings.namespace}; {hint}."
        )
    with progress("Reading", dump.graph.stat().st_size) as step:
        version = restore(keeper, dump, settings.namespace, checked=settings.validate == "yes", step=step)
    click.echo(
        f"Published version {version.number} in {keeper}: {version.counts['quads']:,} quads, IRIs under {version.base} "
        f"({version.seconds} s)"
    )
