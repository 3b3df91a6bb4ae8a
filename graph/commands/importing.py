"""`convocation import`: files of a source to a published version."""

import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click

from graph.build import Inputs, build
from graph.errors import SettingError, SourceError
from graph.fetching.archives import opened
from graph.importers import importer
from graph.importing.reading import FileOutcome, Options, files_of
from graph.importing.run import ImportResult, ImportRun
from graph.remote.marker import home_of
from graph.settings import Settings
from graph.sources.importer import Importer
from graph.sources.records import Notice
from graph.system.interruptions import noticed
from graph.versions.home import Home

EXAMPLES, WIDTH = 3, 200


@click.command(name="import")
@click.argument("source")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Report what the files contain without importing them.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Read at most N records per file.")
@click.option("--allow-shrink", is_flag=True, help="Accept a file that lost more than 20% of its records.")
@click.option("--base", help="Where the IRIs of things begin (CONVOCATION_BASE), if there is no graph yet.")
@click.option("--home", help="The folder that keeps the versions (CONVOCATION_HOME).")
def command(source: str, paths: tuple[Path, ...], base: str | None, home: str | None, **given: int | None) -> None:
    """Import files of a source, or all of its files in a folder or an archive, and publish a version of the graph.

    SOURCE is one of the importers; a file that was imported before replaces what it said.
    """
    settings = Settings.from_environment().changed(base=base, home=home)
    keeper, chosen = home_of(settings), importer(source)
    if not isinstance(keeper, Home):
        raise SettingError("An import needs a home folder; unset CONVOCATION_STORE.")
    options = Options(given["limit"] or 0, allow_shrink=bool(given["allow_shrink"]))
    with ExitStack() as stack:
        files = _files(chosen, [stack.enter_context(opened(path, chosen.knows)) for path in paths])
        run = stack.enter_context(_progress(len(files)))(ImportRun(keeper, settings.namespace, chosen, options))
        run.check = stack.enter_context(noticed())
        if keeper.current() is None and not given["dry_run"]:
            build(keeper, settings.namespace, Inputs.bundled())
        result = run.dry(files) if given["dry_run"] else run.run(files)
    report(result, dry=bool(given["dry_run"]))
    if result.failures:
        raise SourceError("\n".join(words for _, words in result.failures))


def _files(chosen: Importer, paths: Iterable[Path]) -> list[Path]:
    files = list(files_of(chosen, paths))
    if not files:
        raise SourceError(f"There is no file of {chosen.key} there; its files are called {', '.join(chosen.files)}.")
    return files


@contextmanager
def _progress(files: int) -> Iterator[Callable[[ImportRun], ImportRun]]:
    """Yield a function that shows the progress of a run: a bar for the files, then a line for each stage."""
    with click.progressbar(length=files, label=f"Reading {files:,} files", file=sys.stderr) as bar:

        def showing(run: ImportRun) -> ImportRun:
            run.step = lambda _: bar.update(1)
            run.report = lambda words: click.echo(f"  {words}", err=True)
            return run

        yield showing


def report(result: ImportResult, *, dry: bool) -> None:
    """Print the result of an import: warnings in groups with examples, counts by kind, the difference, the version."""
    _report_notices(result.outcomes)
    counts: Counter[str] = Counter()
    for outcome in result.outcomes:
        counts.update(outcome.counts)
    click.echo(", ".join(f"{count:,} {kind}" for kind, count in sorted(counts.items())) or "no records")
    if dry:
        click.echo("Nothing was written (--dry-run).")
        return
    same = sum(outcome.unchanged for outcome in result.outcomes)
    added, removed, gone = (
        sum(getattr(each, name) for each in result.outcomes) for name in ("added", "removed", "gone")
    )
    click.echo(f"{added:,} statements added, {removed:,} removed; {gone:,} records gone from their source")
    click.echo(f"{same:,} of {len(result.outcomes):,} files as they were")
    if result.version:
        click.echo(f"Published version {result.version.number} ({result.version.seconds} s)")
    else:
        click.echo("Nothing has changed, so there is no new version.")


def _report_notices(outcomes: list[FileOutcome]) -> None:
    groups: dict[tuple[str, str], list[tuple[str, Notice]]] = defaultdict(list)
    for outcome in outcomes:
        for each in outcome.notices:
            groups[each.severity, each.kind].append((outcome.file.name, each))
    for (severity, kind), found in sorted(groups.items()):
        click.echo(f"{severity}: {kind}: {len(found):,}", err=True)
        for name, each in found[:EXAMPLES]:
            click.echo(f"    {name}, {each.place}: {each.detail}"[:WIDTH], err=True)
