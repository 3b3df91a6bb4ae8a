"""`python -m benchmarks [name ...]`: runs benchmarks and prints their tables; --write keeps them in the README."""

import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import gettempdir

import click

from benchmarks import (
    bundled,
    cheap,
    identity,
    importing,
    kinds,
    large,
    limits,
    linking,
    moving,
    questions,
    rdflib,
    report,
    search,
    validation,
)
from benchmarks.options import Options
from benchmarks.report import Table
from benchmarks.rivals import Run
from graph.files import ROOT

LISTS = ROOT.parent / "shared" / "data" / "paperlists"
RUNS: dict[str, Callable[[Run], Table | Sequence[Table]]] = {
    "build": bundled.build,
    "importing": importing.importing,
    "pages": bundled.pages,
    "kinds": kinds.kinds,
    "startup": bundled.startup,
    "queries": questions.queries,
    "cheap": cheap.cheap,
    "rdflib": rdflib.rdflib,
    "rows": large.rows,
    "limits": limits.limits,
    "validate": validation.validate,
    "search": search.search,
    "moving": moving.moving,
    "identity": identity.identity,
    "links": linking.links,
}


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(list(RUNS)))
@click.option("--papers", default=0, help="How many papers the servers are compared on; 0 is all, 5000 is quick.")
@click.option("--rounds", default=3, help="How often each measurement is made; the median counts.")
@click.option("--port", default=5110, help="The first of ten ports in use; the IRIs of the graph begin there.")
@click.option("--lists", default=LISTS, type=click.Path(path_type=Path), help="The folder of the paper lists.")
@click.option(
    "--scratch",
    default=Path(gettempdir()) / "convocation-benchmarks",
    type=click.Path(path_type=Path),
    help="The folder that keeps the graph between runs.",
)
@click.option("--write", is_flag=True, help="Put the tables into benchmarks/README.md, in place of the last ones.")
def main(names: tuple[str, ...], *, write: bool, **given: object) -> None:
    """Measure Convocation; without NAMES, all there is, with all papers."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the servers are ended too
    options = Options(**given)  # type: ignore[arg-type]
    run = Run(options)
    with run.stack:
        for name in names or RUNS:
            result = RUNS[name](run)
            for table in [result] if isinstance(result, Table) else result:
                text = f"{table.markdown()}\n{report.circumstances()}\n"
                print(text, flush=True)
                if write:
                    report.write(table.name, text)


if __name__ == "__main__":
    main()
