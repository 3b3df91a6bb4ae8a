"""Writes the files of the repository that follow from others: `make generated`. Read the difference before a commit.

- `tests/importers/<source>/<file>.nq`, the ledger that an importer makes of a sample;
- the first line of `tests/findings/<rule>.trig`, what a rule finds in an example, if that line is missing;
- the table of settings in `docs/operating.md`.
"""

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from tempfile import TemporaryDirectory

from pyoxigraph import DefaultGraph, Quad, RdfFormat, parse

from graph.files import ROOT
from graph.importers import importers
from graph.importing.folder import Folder, ImportIndex
from graph.importing.lines import Iris
from graph.importing.reading import FileOutcome, Options, Reader
from graph.names import Names
from graph.rules.examination import HOLDS, examine
from graph.rules.rule import rules
from graph.settings import Settings, variable
from graph.sources.file import SourceFile
from graph.store.embedded import EmbeddedStore
from graph.vocabulary import ontology

SAMPLES = ROOT / "tests" / "importers"
FINDINGS = ROOT / "tests" / "findings"
OPERATING = ROOT / "docs" / "operating.md"
HEAD = "| variable | default | effect |\n| --- | --- | --- |\n"
FINDS = "#+ finds: "
COMMAND = "make generated"


def samples() -> list[Path]:
    """Return the sample files of all importers."""
    return sorted(path for key in importers() for path in (SAMPLES / key).glob("*") if path.suffix != ".nq")


def ledger(path: Path, folder: Path) -> tuple[list[str], FileOutcome]:
    """Return the ledger of a sample and the outcome of reading it."""
    iris = Iris(Names("https://kg.example.org/"))
    outcome = Reader(Folder(folder), ImportIndex(), importers()[path.parent.name], iris, Options()).read(
        SourceFile(path)
    )
    return Folder(folder).lines(f"{outcome.unit}.nq"), outcome


def world(path: Path) -> EmbeddedStore:
    """Return a store of an example that violates a rule, with the code lists."""
    quads = parse(path=path, format=RdfFormat.TRIG)
    return EmbeddedStore.memory((*quads, *(Quad(*triple, DefaultGraph()) for triple in ontology.terms())))


def found(path: Path) -> list[str]:
    """Return the values that the rule of an example finds in it."""
    rule = next(each for each in rules() if each.name == path.stem)
    return sorted(each.row["found"].value for each in examine(world(path), [rule]) if each.outcome != HOLDS)


def table() -> str:
    """Return the table of settings."""
    rows = ((variable(each), each.default, each.metadata["effect"]) for each in fields(Settings))
    return HEAD + "".join(f"| `{name}` | {_default(name, str(value))} | {effect} |\n" for name, value, effect in rows)


def _default(name: str, value: str) -> str:
    if name == "CONVOCATION_BASE":
        return "the address served"
    return f"`{value}`" if value else "none"


def generated() -> Iterator[tuple[Path, str]]:
    """Yield the path and the text of each generated file."""
    for path in samples():
        with TemporaryDirectory() as folder:
            yield path.with_suffix(".nq"), "".join(f"{line}\n" for line in ledger(path, Path(folder))[0])
    for path in sorted(FINDINGS.glob("*.trig")):
        text = path.read_text(encoding="utf-8")
        yield path, text if text.startswith(FINDS) else f"{FINDS}{', '.join(found(path))}\n{text}"
    text = OPERATING.read_text(encoding="utf-8")
    yield OPERATING, text[: text.index(HEAD)] + table()


def main() -> None:
    """Write the generated files that are out of date."""
    for path, text in generated():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            print(f"wrote {path.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
