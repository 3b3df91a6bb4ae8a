"""`convocation query`: query the current version."""

from collections.abc import Iterator
from typing import TextIO

import click
from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, RdfFormat, Triple

from graph.errors import QueryError
from graph.policy import asking
from graph.remote.marker import home_of, open_version
from graph.serialization.wellformed import Xml, written
from graph.settings import Settings, home_option

RESULTS = ("csv", "tsv", "json", "xml")
GRAPHS = ("ttl", "nt", "jsonld", "rdf", "nq", "trig", "n3")


@click.command(name="query")
@click.argument("file", type=click.File(encoding="utf-8-sig"), default="-")
@click.option(
    "--format",
    "form",
    type=click.Choice([*RESULTS, *GRAPHS]),
    metavar="FORMAT",
    help=f"Output format: {', '.join(RESULTS)} for SELECT and ASK (default csv); "
    f"{', '.join(GRAPHS)} for CONSTRUCT and DESCRIBE (default ttl).",
)
@home_option
def command(file: TextIO, form: str | None, home: str | None) -> None:
    """Answer a SPARQL query from the current version.

    The query is read from FILE, or from standard input if FILE is missing or "-".
    """
    settings = Settings.from_environment().changed(home=home)
    keeper = home_of(settings)
    store = open_version(keeper, keeper.needed())
    try:
        with asking(frozenset(settings.services.split())):
            answer = serialized(store.query(file.read()), form)
    except UnicodeDecodeError as error:
        raise QueryError(f"{file.name} is not UTF-8; save the query in that encoding.") from error
    except (RuntimeError, ValueError, OSError) as error:
        raise QueryError(f"The query cannot be answered: {error}.") from error
    click.echo(answer, nl=False)


def serialized(results: QueryBoolean | QuerySolutions | Iterator[Triple], form: str | None) -> bytes:
    """Return results in a format; raise QueryError if it is for another kind, FormError if it cannot hold them."""
    if not isinstance(results, QueryBoolean | QuerySolutions):
        if form in RESULTS:
            hint = f"choose {', '.join(GRAPHS)}"
            raise QueryError(f"--format {form} is for SELECT and ASK, but this query returns a graph; {hint}.")
        graph_format = RdfFormat.from_extension(form or GRAPHS[0])
        assert graph_format is not None  # noqa: S101 - each of GRAPHS is one
        return written(results, graph_format)
    if form in GRAPHS:
        kind = "ASK" if isinstance(results, QueryBoolean) else "SELECT"
        raise QueryError(f"--format {form} is for graphs, but {kind} returns none; choose {', '.join(RESULTS)}.")
    chosen = QueryResultsFormat.from_extension(form or RESULTS[0])
    assert chosen is not None  # noqa: S101 - each of RESULTS is one
    answer = results.serialize(format=chosen) or b""
    return Xml("xml").checked(answer) if form == "xml" else answer
