"""`convocation dump`: the current version as files."""

from pathlib import Path

import click

from graph.exchange.dump import dump_file, dump_folder
from graph.remote.marker import home_of, open_version
from graph.settings import Settings
from graph.system.progress import progress


@click.command(name="dump")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--home", "folder", help="The folder that keeps the versions (CONVOCATION_HOME).")
def command(path: Path, folder: str | None) -> None:
    """Write the current version to PATH: sorted N-Quads where it ends in .nq or .nq.gz, else a folder.

    The folder holds the compressed N-Quads with their checksum and a description in DCAT; `convocation restore` makes a
    version of it, here or elsewhere.
    """
    settings = Settings.from_environment().changed(home=folder)
    home = home_of(settings)
    version = home.needed()
    store = open_version(home, version)
    with progress("Writing", version.counts.get("quads", 0)) as step:
        if path.name.endswith((".nq", ".nq.gz")):
            dump_file(store, path, step)
        else:
            dump_folder(store, version, settings.license, path, step)
    size = sum(each.stat().st_size for each in ([path] if path.is_file() else path.iterdir()))
    click.echo(f"Version {version.number} is in {path} ({size / 1e6:,.1f} MB), IRIs below {version.base}")
