"""`convocation rebase`: the current version with its IRIs below another base."""

import click

from graph.errors import StoreError
from graph.exchange.rebase import rebase
from graph.remote.marker import RemoteHome, home_of
from graph.settings import Settings
from graph.system.progress import progress


@click.command(name="rebase")
@click.argument("base")
def command(base: str) -> None:
    """Publish the current version again with all its IRIs below BASE, such as https://kg.example.org/."""
    settings = Settings.from_environment()
    home, new = home_of(settings), settings.changed(base=base).namespace
    if isinstance(home, RemoteHome):
        hint = "build there with the new CONVOCATION_BASE"
        raise StoreError(f"The engine at {home} keeps the graph; {hint}.")
    before = home.needed()
    if before.base == new:
        click.echo(f"The IRIs of version {before.number} begin with {new} already.")
        return
    with progress("Moving", before.counts.get("quads", 0)) as step:
        version = rebase(home, before, new, checked=settings.validate == "yes", step=step)
    click.echo(f"Published version {version.number} in {home}: {version.counts['quads']:,} quads, IRIs below {new}")
    if settings.namespace != new:
        click.echo(f"Serve and build it with CONVOCATION_BASE={new}")
