"""`convocation build`: curated files to a published version."""

from pathlib import Path

import click

from graph.build import Inputs, build
from graph.documents import Document, find_documents
from graph.errors import DocumentError
from graph.settings import Settings
from graph.versions import Home


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
    found = {key: each for given in documents for key, each in _documents(given).items()}
    inputs = Inputs.bundled(found)
    inputs = Inputs((*inputs.files, *files), inputs.curation, found)
    version = build(Home(settings.folder), settings.namespace, inputs, lambda words: click.echo(f"  {words}", err=True))
    counts = version.counts
    click.echo(
        f"Published version {version.number} in {settings.folder}: {counts['sources']} sources, "
        f"{counts['quads']:,} quads, IRIs below {version.base} ({version.seconds} s)"
    )


def _documents(given: str) -> dict[str, Document]:
    """Return the documents of one option: `<source>=<path>`, a path, or a folder."""
    source, _, path = given.rpartition("=")
    place = Path(path).expanduser()
    if not place.exists():
        raise DocumentError(f"There is no file or folder {place}; give --document <source>=<path> or a folder.")
    found = find_documents(place)
    if source:
        _check_source(source, found, place)
    return found


def _check_source(source: str, found: dict[str, Document], place: Path) -> None:
    known = {file.header.key: file.header for file in Inputs.bundled().open()}
    if source not in known:
        raise DocumentError(f"There is no source {source!r}; there are {', '.join(sorted(known))}.")
    if known[source].sha256 not in found:
        raise DocumentError(
            f"{place} is not the document of {source}: it has another checksum; give that text, unchanged."
        )
