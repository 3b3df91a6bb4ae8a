"""`convocation assets`: build the scripts and fonts of the pages again."""

import click

from graph.errors import ConvocationError
from server.frontend import assets


class BuildError(ConvocationError):
    """The assets cannot be built."""


@click.command(name="assets")
def command() -> None:
    """Build the scripts and fonts of the pages.

    Uses npm, as the installation does; pages are plain without them.
    """
    try:
        assets.build()
    except assets.AssetsError as error:
        raise BuildError(f"{error}.") from error
    click.echo(f"Built {assets.OUT}; a running server needs a restart.")
