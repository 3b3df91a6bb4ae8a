"""`convocation dump`: the current version as files."""

from pathlib import Path

import click

from graph.exchange.dump import dump_file, dump_folder
from graph.remote.marker import home_of, open_version
from graph.settings import Settings, home_option
from graph.system.progress import progress


@click.command(name="dump")
@click.argument("path", type=click.Path(path_type=Path), required=False)
@home_option
def command(path: Path | None, home: str | None) -> None:
    """Write the current version to a file or folder.

    If PATH ends in .nq or .nq.gz, it becomes a file of sorted N-Quads; otherwise a folder with compressed N-Quads,
    their checksum and a description in DCAT, which `convocation restore` reads, here or elsewhere. PATH defaults to
    a folder in <home>/dumps/, which the server offers for download.
    """
    settings = Settings.from_environment().changed(home=home)
    keeper = home_of(settings)
    version = keeper.needed()
    if path is None:
        path = settings.folder / "dumps" / f"version-{version.number}"
        path.parent.mkdir(exist_ok=True)
    store = open_version(keeper, version)
    with progress("Writing", version.counts.get("quads", 0)) as step:
        if path.name.endswith((".nq", ".nq.gz")):
            dump_file(store, path, step)
        else:
            dump_folder(store, version, settings.license, path, step)
    size = sum(each.stat().st_size for each in ([path] if path.is_file() else path.iterdir()))
    click.echo(f"Version {version.number} is in {path} ({size / 1e6:,.1f} MB), IRIs under {version.base}")
