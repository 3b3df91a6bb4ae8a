"""`convocation dump`: the current version as a file."""

from pathlib import Path

import click

from graph.settings import Settings
from graph.store.embedded import EmbeddedStore
from graph.versions import Home


@click.command(name="dump")
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False))
def command(path: Path) -> None:
    """Write the current version to PATH as sorted N-Quads."""
    EmbeddedStore.open(Home(Settings.from_environment().folder).needed().store).dump(path)
