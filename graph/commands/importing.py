"""`convocation import`: import files of a source and publish a version."""

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click

from graph.build import Inputs, build
from graph.errors import SettingError, SourceError
from graph.fetching.archives import opened
from graph.importers import importer, importers
from graph.importing.reading import Options, files_of
from graph.importing.run import ImportResult, ImportRun
from graph.importing.summary import as_json, notice_lines, result_lines
from graph.remote.marker import local_home
from graph.settings import Settings, base_option, home_option
from graph.system.progress import noticed
from graph.vocabulary.venues import venue_given


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
@click.option(
    "--series",
    metavar="SLUG",
    help='Series of records that name none (BibTeX): a known slug, or a new "slug=Full Name (ACRONYM)".',
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="Format of the summary.")
@base_option
@home_option
def command(source: str, paths: tuple[Path, ...], form: str, home: str | None, **given: Any) -> None:
    """Import files of a public source.

    Imports files of SOURCE, one of the sources below, or all of its files in a folder or an archive, and publishes a
    version. Re-importing a file replaces its previous contents. --base is used only if there is no version yet. The
    summary counts each record that was read as published, merged with another one of its file, or left out.
    """
    settings = Settings.from_environment().changed(base=given["base"], home=home)
    keeper, chosen = local_home(settings, "unset CONVOCATION_STORE to import into the data folder"), importer(source)
    series = venue_given(given["series"]) if given["series"] else None
    if series and not chosen.lacks_series:
        raise SettingError(f"--series is for files that name no series, such as BibTeX; those of {source} name theirs.")
    options = Options(given["limit"] or 0, allow_shrink=bool(given["allow_shrink"]), series=series)
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
    summarize(result, dry=bool(given["dry_run"]), form=form)
    if result.failures:
        raise SourceError("\n".join(words for _, words in result.failures))


def summarize(result: ImportResult, *, dry: bool, form: str) -> None:
    """Print the summary of an import: as JSON, or as text with the notices in standard error."""
    if form == "json":
        click.echo(as_json(result))
        return
    for line in notice_lines(result.outcomes):
        click.echo(line, err=True)
    for line in result_lines(result, dry=dry):
        click.echo(line)
