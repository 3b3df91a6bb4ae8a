"""`convocation check`: report mistakes in curated files, RDF files, a graph, or the current version."""

import sys
from pathlib import Path

import click
from pyoxigraph import NamedNode

from graph.build import Inputs
from graph.errors import ConvocationError, PayloadError
from graph.inspection.curated import inspect_curated
from graph.inspection.data import inspect_file, inspect_graph, inspect_version
from graph.inspection.formats import FORMATS, Inspection
from graph.names import Names
from graph.settings import Settings, home_option
from graph.store.embedded import EmbeddedStore
from graph.versions.home import Home

CURATED = {".yaml", ".yml"}
CONFORMS, BREAKS, UNKNOWN = 0, 1, 2


@click.command(name="check")
@click.argument("things", nargs=-1, metavar="[FILE|GRAPH]...")
@click.option("--format", "form", type=click.Choice([*FORMATS]), default="text", help="Format of the report.")
@home_option
def command(things: tuple[str, ...], form: str, home: str | None) -> None:
    """Check curated files, an RDF file or a named graph.

    Give curated FILES, one RDF file, or one named GRAPH by its IRI or name. Without arguments, the current version is
    checked, or the bundled files if there is no version. The exit code is 0 if no violation is found, 1 if there is
    one, and 2 if something cannot be checked. Nothing is published.
    """
    settings = Settings.from_environment().changed(home=home)
    try:
        inspection = _inspect(things, settings)
    except ConvocationError as error:
        click.echo(f"convocation: {error}", err=True)
        sys.exit(UNKNOWN)
    click.echo(FORMATS[form](inspection))
    sys.exit(CONFORMS if inspection.conforms else BREAKS)


def _inspect(things: tuple[str, ...], settings: Settings) -> Inspection:
    home = Home(settings.folder)
    version = home.current()
    store = EmbeddedStore.open(version.store) if version else None
    curated = [Path(each) for each in things if Path(each).suffix in CURATED]
    if curated or not (things or store):
        if rest := [each for each in things if Path(each) not in curated]:
            raise PayloadError(f"Curated files are checked together and by themselves; check {rest[0]} apart.")
        if missing := [each for each in curated if not each.is_file()]:
            hint = "give the path of a curated file"
            raise PayloadError(f"{missing[0]} cannot be read: No such file or directory; {hint}.")
        return inspect_curated(curated or Inputs.bundled().files, Names(settings.namespace))
    if len(things) > 1:
        raise PayloadError("One RDF file or graph is checked at a time; give one.")
    if things and Path(things[0]).is_file():
        return inspect_file(Path(things[0]), store)
    current = home.needed()  # says what to do if there is none
    store = store or EmbeddedStore.open(current.store)
    if not things:
        return inspect_version(store, current.number)
    is_iri = ":" in things[0]
    name = NamedNode(things[0]) if is_iri else Names(current.base).graph(things[0].removeprefix("graph/"))
    return inspect_graph(store, name)
