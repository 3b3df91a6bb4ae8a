"""`convocation build`: publish a version from curated files."""

from contextlib import suppress
from pathlib import Path

import click

from graph.build import Inputs
from graph.curated.documents import Document, find_documents
from graph.errors import DocumentError, HomeError, StoreError
from graph.remote.marker import RemoteHome, home_of
from graph.remote.publish import build_for
from graph.settings import Settings, base_option, home_option
from graph.versions.home import Home


@click.command(name="build")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--document",
    "documents",
    multiple=True,
    metavar="[SOURCE=]PATH",
    help="The text of a source, or a folder of such texts, to add their abstracts and committee texts.",
)
@base_option
@home_option
def command(files: tuple[Path, ...], documents: tuple[str, ...], base: str | None, home: str | None) -> None:
    """Build a version of the graph and publish it.

    FILES are curated files to read in addition to the bundled ones.
    """
    settings = Settings.from_environment().changed(base=base, home=home)
    bundled = Inputs.bundled()
    own = sorted((settings.folder / "links").glob("*.sssom.tsv"))
    inputs = Inputs((*bundled.files, *files), links=(*bundled.links, *own))
    for given in documents:
        inputs.documents.update(_documents(given, inputs))
    keeper = home_of(settings)
    version = build_for(keeper, _base(settings, keeper), inputs, lambda words: click.echo(f"  {words}", err=True))
    counts = version.counts
    click.echo(
        f"Published version {version.number} in {keeper}: {counts['sources']} sources, "
        f"{counts['quads']:,} quads, IRIs under {version.base} ({version.seconds} s)"
    )


def _base(settings: Settings, home: Home | RemoteHome) -> str:
    """Return the base IRI: that of the settings, else that of the current version."""
    current = None
    if not settings.base:
        with suppress(HomeError, StoreError):  # the build reports the error
            current = home.current()
    return current.base if current else settings.namespace


def _documents(given: str, inputs: Inputs) -> dict[str, Document]:
    source, sign, path = given.partition("=")
    if not sign or Path(given).exists():
        source, path = "", given
    place = Path(path).expanduser()
    if not place.exists():
        raise DocumentError(f"There is no file or folder {place}; give --document <source>=<path> or a folder.")
    found = find_documents(place)
    headers = [file.header for file in inputs.open()] if source or place.is_dir() else []
    if source:
        _check_source(source, found, place, {each.key: each.sha256 for each in headers})
    return _recognized(found, {each.sha256: each.key for each in headers}) if place.is_dir() else found


def _recognized(found: dict[str, Document], keys: dict[str, str]) -> dict[str, Document]:
    """Return the documents of a folder that curated files were written from, and print a line for each."""
    for checksum, document in found.items():
        known = keys.get(checksum)
        hint = "not the text of a curated file, or changed since; ignored"
        click.echo(f"  {document.path.name}: {f'the text of {known}' if known else hint}", err=True)
    return {checksum: document for checksum, document in found.items() if checksum in keys} or found


def _check_source(source: str, found: dict[str, Document], place: Path, known: dict[str, str]) -> None:
    if source not in known:
        raise DocumentError(f"There is no source {source!r}; there are {', '.join(sorted(known))}.")
    if known[source] not in found:
        hint = "it has another checksum; give that text, unchanged"
        raise DocumentError(f"{place} is not the document of {source}: {hint}.")
