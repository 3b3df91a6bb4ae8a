"""Real papers next to the repository, of which tests take some at random; the same ones in each run."""

import random
from collections.abc import Iterator
from pathlib import Path

from graph.files import ROOT
from graph.importers import importers
from graph.sources.file import SourceFile
from graph.sources.records import Paper

DATA = ROOT.parent / "shared" / "data"
FOLDERS = {
    "paperlists": "paperlists",
    "mlanthology": "mlanthology",
    "acl_anthology": "acl-anthology/2024-08/xml",
    "bibtex": "pmlr",
}
MISSING = "files of real papers are not next to the repository, in ../shared"


def files(source: str) -> list[Path]:
    """Return the files of a source, by name."""
    importer = importers()[source]
    return sorted(each for each in (DATA / FOLDERS[source]).rglob("*") if each.is_file() and importer.knows(each))


def papers(source: str, count: int, of: int = 20) -> list[Paper]:
    """Return papers of a source, from up to `of` of its files."""
    choose = random.Random(source)  # noqa: S311 - a sample
    every = files(source)
    chosen = choose.sample(every, min(of, len(every)))
    found = [each for path in chosen for each in _papers(source, path)]
    return choose.sample(found, min(count, len(found)))


def _papers(source: str, path: Path) -> Iterator[Paper]:
    return (each for each in importers()[source].read(SourceFile(path)) if isinstance(each, Paper))
