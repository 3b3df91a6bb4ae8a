"""`convocation import`: import files of a source and publish a version."""

import sys
from collections import Counter, defaultdict
from contextlib import ExitStack
from pathlib import Path

import click

from graph.build import Inputs, build
from graph.errors import SourceError
from graph.fetching.archives import opened
from graph.importers import importer, importers
from graph.importing.reading import FileOutcome, Options, files_of
from graph.importing.run import ImportResult, ImportRun
from graph.remote.marker import local_home
from graph.settings import Settings, base_option, home_option
from graph.sources.records import Notice
from graph.system.progress import noticed

EXAMPLES, WIDTH = 3, 200


class Sources(click.Command):
    """A command whose help lists the importers, which are loaded only then."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write a line for each importer."""
        with formatter.section("Sources"):
            formatter.write_dl([(key, each.title) for key, each in importers().items()])
        super().format_epilog(ctx, formatter)


@click.command(name="import", cls=Sources)
@click.argument("source")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Report what the files contain without importing them.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Read at most N records per file.")
@click.option("--allow-shrink", is_flag=True, help="Accept a file that lost more than 20% of its records.")
@base_option
@home_option
def command(source: str, paths: tuple[Path, ...], base: str | None, home: str | None, **given: int | None) -> None:
    """Import files of a public source.

    Imports files of SOURCE, one of the sources below, or all of its files in a folder or an archive, and publishes a
    version. Re-importing a file replaces its previous contents. --base is used only if there is no version yet.
    """
    settings = Settings.from_environment().changed(base=base, home=home)
    keeper, chosen = local_home(settings, "unset CONVOCATION_STORE to import into the data folder"), importer(source)
    options = Options(given["limit"] or 0, allow_shrink=bool(given["allow_shrink"]))
    with ExitStack() as stack:
        files = [*files_of(chosen, [stack.enter_context(opened(path, chosen.knows)) for path in paths])]
        if not files:
            raise SourceError(f"There is no file of {source} there; its files are called {', '.join(chosen.files)}.")
        label = f"Reading {len(files):,} files"
        bar = stack.enter_context(click.progressbar(length=len(files), label=label, file=sys.stderr))
        run = ImportRun(keeper, settings.namespace, chosen, options, check=stack.enter_context(noticed()))
        run.step = lambda _: bar.update(1)
        run.report = lambda words: click.echo(f"  {words}", err=True)
        if keeper.current() is None and not given["dry_run"]:
            build(keeper, settings.namespace, Inputs.bundled())
        result = run.dry(files) if given["dry_run"] else run.run(files)
    summarize(result, dry=bool(given["dry_run"]))
    if result.failures:
        raise SourceError("\n".join(words for _, words in result.failures))


def summarize(result: ImportResult, *, dry: bool) -> None:
    """Print a summary of an import: warnings in groups with examples, counts by kind, the difference, the version."""
    _print_notices(result.outcomes)
    counts: Counter[str] = Counter()
    for outcome in result.outcomes:
        counts.update(outcome.counts)
    click.echo(", ".join(f"{count:,} {kind}" for kind, count in sorted(counts.items())) or "no records")
    if dry:
        click.echo("Nothing was written (--dry-run).")
        return
    names = ("unchanged", "added", "removed", "gone")
    same, added, removed, gone = (sum(getattr(each, name) for each in result.outcomes) for name in names)
    click.echo(f"{added:,} statements added, {removed:,} removed; {gone:,} records gone from their source")
    click.echo(f"unchanged: {same:,} of {len(result.outcomes):,} files")
    if result.version:
        click.echo(f"Published version {result.version.number} ({result.version.seconds} s)")
    else:
        click.echo("Nothing has changed, so there is no new version.")


def _print_notices(outcomes: list[FileOutcome]) -> None:
    groups: dict[tuple[str, str], list[tuple[str, Notice]]] = defaultdict(list)
    for outcome in outcomes:
        for each in outcome.notices:
            groups[each.severity, each.kind].append((outcome.file.name, each))
    for (severity, kind), found in sorted(groups.items()):
        click.echo(f"{severity}: {kind}: {len(found):,}", err=True)
        for name, each in found[:EXAMPLES]:
            click.echo(f"    {name}, {each.place}: {each.detail}"[:WIDTH], err=True)
