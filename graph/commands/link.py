"""`convocation link`: find the things of the graph in other graphs."""

from collections.abc import Iterable
from pathlib import Path

import click

from graph.errors import FetchError
from graph.fetching.fetcher import Fetcher
from graph.files import LINKS, replacing, save
from graph.linking import connector, connectors
from graph.linksets.asking import Asker
from graph.linksets.merging import Place, merged
from graph.linksets.policy import checked
from graph.linksets.reviewing import reviewed, waiting
from graph.linksets.sssom import ENDING, Mapping, MappingSet, read, text
from graph.linksets.subjects import Subjects
from graph.names import Names
from graph.remote.marker import local_home
from graph.settings import Settings, home_option
from graph.store.embedded import EmbeddedStore

SHOWN = 5


class Targets(click.Command):
    """A command whose help lists the connectors, which are loaded only then."""

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write a line for each connector."""
        with formatter.section("Targets"):
            formatter.write_dl([(key, each.title) for key, each in connectors().items()])
        super().format_epilog(ctx, formatter)


@click.command(name="link", cls=Targets)
@click.argument("target")
@click.option("--offline", is_flag=True, help="Use only the answers that earlier runs received.")
@click.option("--review", is_flag=True, help="Decide about links that wait, one by one, instead of looking for more.")
@click.option("--reviewer", metavar="IRI", help="Who reviews, such as https://orcid.org/0000-0002-1825-0097.")
@click.option("--limit", type=click.IntRange(min=1), default=500, show_default=True, help="Send at most N requests.")
@click.option("--address", metavar="URL", help="Another address of the target, such as that of a mirror.")
@home_option
def command(target: str, *, offline: bool, review: bool, home: str | None, **given: str | int | None) -> None:
    """Find the things of the graph in other graphs.

    Looks in TARGET for papers, people, organizations and series, and writes the links it finds into link sets
    (links/<scheme>.sssom.tsv in the data folder). The next build publishes those that are certain or likely.
    """
    settings, found = Settings.from_environment().changed(home=home), connector(target)
    folder = settings.folder / "links"
    if review:
        _review(folder, target, str(given["reviewer"] or ""))
        return
    version = local_home(settings, "unset CONVOCATION_STORE to link the graph of the data folder").needed()
    address = str(given["address"] or found.address).rstrip("/")
    fetcher = Fetcher(
        settings.contact, offline=offline or bool(settings.offline), pause=0 if given["address"] else found.pause
    )
    asker = Asker(address, settings.folder / "fetched" / "links" / target, fetcher, int(given["limit"] or 0))
    subjects = Subjects.of(EmbeddedStore.open(version.store), Names(version.base))
    bundled = [row for path in sorted(LINKS.glob(f"*{ENDING}")) for row in read(path).mappings]
    place = Place(folder, version.base, tool(target))
    result = merged(found.find(subjects, asker), place, bundled, subjects.all())
    _write(result.sets.values())
    rows = sum(len(each.mappings) for each in result.sets.values())
    click.echo(
        f"{found.title}: {result.added} new links in {folder}, {rows} in all; {result.conflicts} contradict others."
    )
    click.echo(f"  {asker.asked} requests, {asker.unanswered} not sent; publish the links with: convocation build")
    if asker.failures:
        more = f" (and {len(asker.failures) - SHOWN} more)" if len(asker.failures) > SHOWN else ""
        raise FetchError("\n".join(asker.failures[:SHOWN]) + more)


def tool(target: str) -> str:
    """Return how link sets name what found a link."""
    return f"convocation link {target}"


def _write(sets: Iterable[MappingSet]) -> None:
    for each in sets:
        each.path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(each.path) as part:
            save(part, text(each))


def _review(folder: Path, target: str, reviewer: str) -> None:
    if not reviewer.startswith("http"):
        raise FetchError("A review names who reviews; give --reviewer, such as https://orcid.org/0000-0002-1825-0097.")
    others = [read(path) for path in sorted(LINKS.glob(f"*{ENDING}"))]
    for mapping_set in [read(path) for path in sorted(folder.glob(f"*{ENDING}"))]:
        for row in (each for each in waiting(mapping_set) if each.mapping_tool == tool(target)):
            _show(row)
            answer = click.prompt("  the same?", type=click.Choice(["y", "n", "skip", "quit"]), default="skip")
            if answer == "quit":
                return
            if answer != "skip":
                mapping_set = reviewed(mapping_set, row, reviewer, same=answer == "y")  # noqa: PLW2901 - goes on with it
                checked([*others, mapping_set])
                _write([mapping_set])


def _show(row: Mapping) -> None:
    click.echo(f"{row.subject_label or row.subject_id} = {row.object_id}? ({row.confidence:g})\n  {row.comment}")
