"""`convocation schema`: the JSON Schema of curated files."""

from pathlib import Path

import click

from graph.curated.form import schema_text
from graph.files import save


@click.command(name="schema")
@click.option("--write", type=click.Path(path_type=Path, dir_okay=False), help="Write it to a file instead.")
def command(write: Path | None) -> None:
    """Print the JSON Schema of curated files.

    Editors use it to complete and check them.
    """
    text = schema_text()
    if write:
        save(write, text)
    else:
        click.echo(text, nl=False)
