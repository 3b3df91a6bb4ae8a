"""`convocation build`: curated files to a published version."""

from pathlib import Path

import click

from graph.build import Inputs
from graph.documents import Document, find_documents
from graph.errors import DocumentError
from graph.marker import home_of
from graph.publish import build_for
from graph.settings import Settings


@click.command(name="build")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--document",
    "documents",
    multiple=True,
    metavar="[SOURCE=]PATH",
    help="The text of a source, or a folder of such texts: their abstracts and committee texts come into the graph.",
)
@click.option("--base", help="Where the IRIs of things begin (CONVOCATION_BASE).")
@click.option("--home", help="The folder that keeps the versions (CONVOCATION_HOME).")
def command(files: tuple[Path, ...], documents: tuple[str, ...], base: str | None, home: str | None) -> None:
    """Build a version of the graph and publish it.

    FILES are curated files to build from besides the bundled ones.
    """
    settings = Settings.from_environment().changed(base=base, home=home)
    inputs = Inputs((*Inputs.bundled().files, *files))
    for given in documents:
        inputs.documents.update(_documents(given, inputs))
    keeper = home_of(settings)
    version = build_for(keeper, settings.namespace, inputs, lambda words: click.echo(f"  {words}", err=True))
    counts = version.counts
    click.echo(
        f"Published version {version.number} in {keeper}: {counts['sources']} sources, "
        f"{counts['quads']:,} quads, IRIs below {version.base} ({version.seconds} s)"
    )


def _documents(given: str, inputs: Inputs) -> dict[str, Document]:
    """Return the documents of one option: `<source>=<path>`, a path, or a folder."""
    source, sign, path = given.partition("=")
    if not sign or Path(given).exists():
        source, path = "", given
    place = Path(path).expanduser()
    if not place.exists():
        raise DocumentError(f"There is no file or folder {place}; give --document <source>=<path> or a folder.")
    found = find_documents(place)
    if source:
        _check_source(source, found, place, inputs)
    return found


def _check_source(source: str, found: dict[str, Document], place: Path, inputs: Inputs) -> None:
    known = {file.header.key: file.header for file in inputs.open()}
    if source not in known:
        raise DocumentError(f"There is no source {source!r}; there are {', '.join(sorted(known))}.")
    if known[source].sha256 not in found:
        raise DocumentError(
            f"{place} is not the document of {source}: it has another checksum; give that text, unchanged."
        )
