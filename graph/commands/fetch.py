"""`convocation fetch`: download known public sources into the data folder."""

import json
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import click

from graph.errors import FetchError
from graph.fetching.archives import unpacked
from graph.fetching.catalogue import FileEntry, catalogue, source_of
from graph.fetching.fetcher import Facts, Fetched, Fetcher, beside
from graph.files import CATALOGUE
from graph.settings import Settings, home_option


@click.command(name="fetch")
@click.argument("name", required=False)
@click.argument("parts", nargs=-1)
@click.option(
    "--catalogue", "table", type=click.Path(path_type=Path), default=CATALOGUE, help="Another list of sources."
)
@home_option
def command(name: str | None, parts: tuple[str, ...], table: Path, home: str | None) -> None:
    """Download public sources, or list them.

    Downloads the source NAME, or PARTS of it, into the data folder; without NAME, lists the known sources. Unchanged
    files are skipped; interrupted downloads resume.
    """
    settings = Settings.from_environment().changed(home=home)
    sources = catalogue(table)
    if name is None:
        for key, each in sorted(sources.items()):
            click.echo(f"{key:16} {each.title} [{each.license}]")
        return
    source = source_of(name, sources)
    folder = settings.folder / "fetched" / name
    fetcher = Fetcher(settings.contact, offline=bool(settings.offline), pause=source.pause)
    for file in list(source.wanted(parts)):
        for found in _fetched(file, fetcher, folder):
            facts = found.facts
            sums = f"{facts.size / 1e6:,.1f} MB, SHA-256 {facts.sha256[:12]}…, of {facts.fetched[:10]}"
            click.echo(f"{found.path}: {found.state}, {sums}")
            if file.unpack:
                place, number = unpacked(found.path, file.unpack, found.facts.sha256)
                click.echo(f"  {number:,} files of it in {place}")
    click.echo(f"Import it: convocation import {source.imports} {folder}")


def _fetched(file: FileEntry, fetcher: Fetcher, folder: Path) -> Iterator[Fetched]:
    """Yield a file, or its pages up to the first that is not full; later pages of an earlier fetch are removed."""
    if not file.paged:
        yield fetcher.fetch(_address(file, fetcher, folder), folder / file.called)
        return
    for number in count():
        page = file.page(number)
        found = fetcher.fetch(page.address, folder / page.called)
        yield found
        if records(found.path) < file.paged:
            break
    while (old := folder / file.page(number := number + 1).called).exists():
        old.unlink()
        beside(old).unlink(missing_ok=True)


def records(path: Path) -> int:
    """Return the number of records of a JSON page: members of its first array; raise FetchError if it is not JSON."""
    try:
        page = json.loads(path.read_bytes())
    except ValueError as error:
        path.unlink()
        raise FetchError(f"{path} is not JSON ({error}), and was removed; fetch it again.") from error
    lists = [page] if isinstance(page, list) else [each for each in page.values() if isinstance(each, list)]
    return len(lists[0]) if lists else 0


def _address(file: FileEntry, fetcher: Fetcher, folder: Path) -> str:
    """Return the address of a file, looked up in a list of files if the catalogue names one."""
    if not file.listed:
        return file.address
    if fetcher.offline:
        kept = Facts.read(folder / file.called)
        return kept.address if kept else file.listed
    try:
        listed = json.loads(fetcher.text(file.listed))["files"]
        return str(next(each["links"]["self"] for each in listed if str(each["key"]).endswith(file.address)))
    except (ValueError, KeyError, TypeError, StopIteration) as error:
        raise FetchError(f"{file.listed} lists no file …{file.address}; look whether its form has changed.") from error
