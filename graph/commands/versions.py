"""`convocation versions`: list and compare versions, roll back to one, remove old ones."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import IO

import click

from graph.errors import SettingError, StoreError, VersionError
from graph.exchange.difference import ADDED, REMOVED, VersionDifference, changes, patched
from graph.remote.marker import local_home
from graph.settings import Group, Settings, home_option
from graph.store.dumping import dumped
from graph.store.embedded import EmbeddedStore
from graph.system.progress import progress
from graph.versions.checksums import verify
from graph.versions.home import KEEP, Home, Version

HEAD = ("", "version", "built (UTC)", "how", "sources", "quads", "MB")


@click.group(name="versions", cls=Group)
def command() -> None:
    """List, compare, verify and remove versions.

    Every build, import and write publishes a version of the graph; readers see the current one.
    """


@command.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="Write them as JSON.")
@home_option
def listed(*, as_json: bool, home: str | None) -> None:
    """List the versions; a star marks the current one."""
    keeper = _home(home)
    versions, broken = _versions(keeper)
    current = keeper.current_number()
    if as_json:
        facts = [asdict(each) | {"counts": _counts(each), "bytes": sum(each.files.values())} for each in versions]
        shown = [{name: fact for name, fact in each.items() if name != "folder"} for each in facts]
        click.echo(json.dumps([each | {"current": each["number"] == current} for each in shown], indent=1))
        return
    for line in _aligned([HEAD, *(_row(each, current) for each in versions)]):
        click.echo(line)
    for number in broken:
        words = "is not whole; a build that was killed left it"
        click.echo(f"Version {number} {words}. Remove {keeper.versions / number}.")
    files = {key: size for each in versions for key, size in each.files.items()}
    click.echo(f"On disk together, files that versions share counted once: {_size(sum(files.values()))} MB")


@command.command()
@click.argument("old", type=int)
@click.argument("new", type=int, required=False)
@click.option(
    "--patch",
    metavar="[FILE]",
    is_flag=False,
    flag_value="-",
    help="Also write the difference as an RDF Patch, to standard output or to FILE.",
)
@home_option
def diff(old: int, new: int | None, patch: str | None, home: str | None) -> None:
    """Compare two versions (NEW defaults to the current one).

    Counts the quads and things that NEW adds and removes, by graph and class.
    """
    if patch and patch.isdecimal():
        raise SettingError(f"--patch {patch} would write to a file called {patch}; put --patch behind the versions.")
    keeper = _home(home)
    current = keeper.needed()
    versions = keeper.version(old), current if new is None else keeper.version(new)
    old_store, new_store = (each.store for each in versions)
    stores = [EmbeddedStore.open(old_store), EmbeddedStore.open(new_store)]  # which keeps both from being pruned
    bar = progress("Comparing", sum(len(each.engine) for each in stores))
    with _written(patch) as file, dumped(old_store) as before, dumped(new_store) as after, bar as step:
        found = changes(before, after, step)
        difference = VersionDifference.of(patched(found, file, *versions) if file else found)
    for line in _summary(difference, *versions):
        click.echo(line, err=patch == "-")


@command.command()
@click.argument("number", type=int)
@home_option
def rollback(number: int, home: str | None) -> None:
    """Make version NUMBER the current one again.

    A running server switches to it at once.
    """
    keeper = _home(home)
    before = keeper.needed().number
    _kept = EmbeddedStore.open(keeper.version(number).store)  # so that it is not pruned meanwhile
    version = keeper.roll_back(number)
    words = "is the current one already" if number == before else f"is the current one again, and was {before} before"
    click.echo(f"Version {number} {words}: built {version.built}, IRIs under {version.base}.")


@command.command(name="verify")
@click.argument("number", type=int, required=False)
@home_option
def verified(number: int | None, home: str | None) -> None:
    """Compare the files of a version with their checksums.

    NUMBER defaults to the current version.
    """
    keeper = _home(home)
    version = keeper.needed() if number is None else keeper.version(number)
    click.echo(f"Version {version.number} is whole: its {verify(version):,} files are as they were published.")


@command.command()
@click.option("--keep", type=click.IntRange(min=1), default=KEEP, show_default=True, help="Number of versions to keep.")
@home_option
def prune(keep: int, home: str | None) -> None:
    """Remove old versions.

    The last ones, the current one, and those that a server reads are kept.
    """
    keeper = _home(home)
    keeper.needed()
    before = {each.number: each.files for each in _versions(keeper)[0]}
    removed, used = keeper.prune(keep)
    stay = {key for number, files in before.items() if number not in removed for key in files}
    freed = {key: size for number in removed for key, size in before.get(number, {}).items() if key not in stay}
    click.echo(f"Removed {_numbers(removed)}, {_size(sum(freed.values()))} MB; there are {_numbers(keeper.numbers())}.")
    if used:
        click.echo(f"A server still reads {_numbers(used)}; prune again when it has stopped or gone on.")


def _home(folder: str | None) -> Home:
    settings = Settings.from_environment().changed(home=folder)
    return local_home(settings, "unset CONVOCATION_STORE to work on the versions of the data folder")


def _versions(home: Home) -> tuple[list[Version], list[str]]:
    whole, broken = [], []
    for number in home.numbers():
        try:
            whole.append(home.version(number))
        except VersionError:
            broken.append(str(number))
    if not whole:
        home.needed()
    return whole, broken


@contextmanager
def _written(patch: str | None) -> Iterator[IO[bytes] | None]:
    if patch in (None, "-"):
        yield sys.stdout.buffer if patch else None
        return
    path = Path(str(patch))
    try:
        with path.open("wb") as file:
            yield file
    except OSError as error:
        path.unlink(missing_ok=True)
        words = f"{path} cannot be written: {error.strerror}; give another path or free some space."
        raise StoreError(words) from error


def _summary(difference: VersionDifference, old: Version, new: Version) -> Iterator[str]:
    yield f"Version {new.number} has {difference.added:,} quads more and {difference.removed:,} less than {old.number}."
    for title, counts in (("graph", difference.graphs), ("things of class", difference.classes)):
        if counts:
            most = sorted(counts.items(), key=lambda entry: (-entry[1].total(), entry[0]))
            rows = [(name, f"{count[ADDED]:,}", f"{count[REMOVED]:,}") for name, count in most]
            yield from ("", *_aligned([(title, "more", "less"), *rows]))


def _row(version: Version, current: int | None) -> tuple[str, ...]:
    counts, star = _counts(version), "*" if version.number == current else ""
    quads = f"{counts['quads']:,}" if "quads" in counts else "?"
    sources = str(counts.get("sources", ""))
    built = version.built[:16].replace("T", " ")
    return star, str(version.number), built, version.made, sources, quads, _size(sum(version.files.values()))


def _counts(version: Version) -> dict[str, int]:
    """Return the counts of a version; quads of a version made by a write are counted here (0.1 µs each)."""
    counts = {name: count for name, count in version.counts.items() if name != "counted"}
    if "counted" in version.counts:
        try:
            return counts | {"quads": len(EmbeddedStore.open(version.store).engine)}
        except StoreError:
            del counts["quads"]
    return counts


def _aligned(rows: list[tuple[str, ...]]) -> Iterator[str]:
    columns = list(zip(*rows, strict=True))
    widths = [max(map(len, column)) for column in columns]
    right = [all(not each or each[-1].isdigit() for each in column[1:]) for column in columns]
    for row in rows:
        cells = zip(row, widths, right, strict=True)
        yield "  ".join(cell.rjust(width) if flush else cell.ljust(width) for cell, width, flush in cells).rstrip()


def _size(size: int) -> str:
    return f"{size / 1e6:,.1f}"


def _numbers(numbers: list[int]) -> str:
    words = ", ".join(map(str, numbers)) or "none"
    return f"version{'' if len(numbers) == 1 else 's'} {words}"
