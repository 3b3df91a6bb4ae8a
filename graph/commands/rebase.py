"""`convocation rebase`: publish the current version with its IRIs under another base."""

import click

from graph.exchange.restore import rebase
from graph.remote.marker import local_home
from graph.settings import Settings, home_option
from graph.system.progress import progress


@click.command(name="rebase")
@click.argument("base")
@home_option
def command(base: str, home: str | None) -> None:
    """Move the graph to another base IRI.

    Publishes the current version again with all its IRIs under BASE, such as https://kg.example.org/.
    """
    settings = Settings.from_environment().changed(home=home)
    keeper, new = (
        local_home(settings, "build there with the new CONVOCATION_BASE"),
        settings.changed(base=base).namespace,
    )
    before = keeper.needed()
    if before.base == new:
        click.echo(f"The IRIs of version {before.number} begin with {new} already.")
        return
    with progress("Moving", before.counts.get("quads", 0)) as step:
        version = rebase(keeper, before, new, checked=settings.validate == "yes", step=step)
    click.echo(f"Published version {version.number} in {keeper}: {version.counts['quads']:,} quads, IRIs under {new}")
    if settings.namespace != new:
        click.echo(f"Serve and build it with CONVOCATION_BASE={new}")
