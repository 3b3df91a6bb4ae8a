"""`convocation query`: ask the current version."""

import sys
from typing import TextIO

import click
from pyoxigraph import QueryResultsFormat, QueryTriples, RdfFormat, serialize

from graph.settings import Settings
from graph.store.embedded import EmbeddedStore
from graph.terms import PREFIXES
from graph.versions import Home


@click.command(name="query")
@click.argument("file", type=click.File(), default="-")
@click.option("--format", "form", type=click.Choice(["csv", "tsv", "json", "xml"]), default="csv")
def command(file: TextIO, form: str) -> None:
    """Answer the SPARQL query in FILE (or standard input) from the current version."""
    results = EmbeddedStore.open(Home(Settings.from_environment().folder).needed().store).query(file.read())
    if isinstance(results, QueryTriples):
        serialize(results, sys.stdout.buffer, format=RdfFormat.TURTLE, prefixes=PREFIXES)
    else:
        results.serialize(sys.stdout.buffer, format=QueryResultsFormat.from_extension(form))
