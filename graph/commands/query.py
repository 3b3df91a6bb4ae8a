"""`convocation query`: ask the current version."""

from typing import TextIO

import click
from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, RdfFormat, serialize

from graph.errors import QueryError
from graph.policy import asking
from graph.remote.marker import home_of, open_version
from graph.settings import Settings
from graph.terms import PREFIXES


@click.command(name="query")
@click.argument("file", type=click.File(encoding="utf-8"), default="-")
@click.option("--format", "form", type=click.Choice(["csv", "tsv", "json", "xml"]), default="csv")
@click.option("--home", help="The folder that keeps the versions (CONVOCATION_HOME).")
def command(file: TextIO, form: str, home: str | None) -> None:
    """Answer the SPARQL query in FILE (or standard input) from the current version."""
    settings = Settings.from_environment().changed(home=home)
    keeper = home_of(settings)
    store = open_version(keeper, keeper.needed())
    try:
        with asking(frozenset(settings.services.split())):
            results = store.query(file.read())
        if not isinstance(results, QueryBoolean | QuerySolutions):
            answer = serialize(results, format=RdfFormat.TURTLE, prefixes=PREFIXES)
        else:
            answer = results.serialize(format=QueryResultsFormat.from_extension(form))
    except UnicodeDecodeError as error:
        raise QueryError(f"{file.name} is not UTF-8; save the query in that encoding.") from error
    except (RuntimeError, ValueError, OSError) as error:
        raise QueryError(f"The query cannot be answered: {error}.") from error
    click.echo(answer, nl=False)
