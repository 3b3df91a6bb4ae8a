"""`convocation check`: read curated files and run the shapes, without publishing."""

from pathlib import Path

import click

from graph.build import Inputs, check_graph, make_graph
from graph.names import Names
from graph.settings import Settings


@click.command(name="check")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
def command(files: tuple[Path, ...]) -> None:
    """Check curated FILES, or without any the bundled ones, and publish nothing."""
    names = Names(Settings.from_environment().namespace)
    inputs = Inputs(files) if files else Inputs.bundled()
    findings = check_graph(make_graph(names, inputs))
    for finding in findings:
        click.echo(str(finding))
    click.echo(f"Files: {len(inputs.files)}; violations: 0; warnings and notes: {len(findings)}.")
