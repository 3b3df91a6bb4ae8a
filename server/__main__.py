"""The command line: `convocation build | check | query | serve | ...`."""

import sys

import click

import graph.commands
import server.commands
from graph.errors import ConvocationError
from graph.settings import Group


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="convocation")
def cli() -> None:
    """Convocation: a self-hosted knowledge graph of research conferences with a source for every number."""


for package in (graph.commands, server.commands):
    for each in graph.commands.commands(package):
        cli.add_command(each)


def main() -> None:
    """Run the command line; print an error that the user can fix without a traceback."""
    try:
        cli(standalone_mode=True)
    except ConvocationError as error:
        click.echo(f"convocation: {error}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
