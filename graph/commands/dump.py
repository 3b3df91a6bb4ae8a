"""`convocation dump`: the current version as a file."""

from pathlib import Path

import click

from graph.marker import home_of, open_version
from graph.settings import Settings


@click.command(name="dump")
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False))
def command(path: Path) -> None:
    """Write the current version to PATH as sorted N-Quads."""
    home = home_of(Settings.from_environment())
    open_version(home, home.needed()).dump(path)
