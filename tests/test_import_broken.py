"""A mistake in a file is reported with its place, and the rest is imported."""

import json
import random
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from graph.errors import ConvocationError, ImportFileError
from graph.importers import importers
from graph.importing.folder import Folder, ImportIndex
from graph.importing.lines import Iris
from graph.importing.reading import Options, Reader
from graph.names import Names
from graph.sources.file import SourceFile
from server.__main__ import cli

BASE = "https://kg.example.org/"
SAMPLES = Path(__file__).parent / "importers"
FILES = sorted(path for key in importers() for path in (SAMPLES / key).iterdir() if path.suffix != ".nq")
PIECES = [b'"', b"{", b"}", b"[", b",", b"<", b">", b"&#0;", b"\\", b"\xff", b"\0", b"null", b"9" * 5000, b"[" * 3000]
PAPER = {"title": "A Paper", "author": "Ada Gear", "status": "Poster", "id": "1"}
ANTHOLOGY = {
    "title": "A Paper",
    "year": "2030",
    "venue": "cogs",
    "authors": [{"given": "Ada", "family": "Gear"}],
    "source_id": "one",
}
NOTE = {
    "id": "aBcd",
    "content": {"title": "A Paper", "authors": ["Ada Gear"], "venueid": "COGS.cc/2031/Conference"},
}
PLACE = {"id": "https://ror.org/05rrcem69", "names": [{"value": "A Paper", "types": ["ror_display"]}]}
RECORDS = {  # the name of a file of each source, its record, what stands around the records and between them
    "paperlists": ("cogs2030.json", PAPER, "[{}]", ",\n"),
    "mlanthology": ("cogs-2030.json", ANTHOLOGY, '{{"papers": [{}]}}', ",\n"),
    "mlanthology lines": ("cogs-legacy.jsonl", ANTHOLOGY, "{}", "\n"),
    "openreview": ("cogs-2031.json", NOTE, '{{"notes": [{}]}}', ",\n"),
    "openreview lines": ("cogs-2031.jsonl", NOTE, "{}", "\n"),
    "ror": ("v1-ror-data.json", PLACE, "[{}]", ",\n"),
    "ror lines": ("ror-some.jsonl", PLACE, "{}", "\n"),
}


def imported(source: str, *paths: Path) -> Result:
    """Return how a look at files ends; a traceback is no end."""
    result = CliRunner().invoke(cli, ["import", source, *map(str, paths), "--dry-run"])
    assert isinstance(result.exception, ConvocationError | None), result.exception
    return result


def written(folder: Path, kind: str, *records: bytes) -> Path:
    """Return a file of a kind that has records."""
    name, _, around, between = RECORDS[kind]
    before, after = (part.encode() for part in around.format("|").split("|"))
    (folder / name).write_bytes(before + between.encode().join(records) + after)
    return folder / name


def of(kind: str) -> bytes:
    return json.dumps(RECORDS[kind][1]).encode()


@pytest.mark.parametrize("kind", RECORDS)
def test_bytes_that_are_not_utf8_in_a_record_do_not_end_the_import_with_a_traceback(tmp_path: Path, kind: str) -> None:
    path = written(tmp_path, kind, of(kind).replace(b"A Paper", b"A P\xff\xfeper"), of(kind))
    result = imported(kind.split(maxsplit=1)[0], path)
    assert result.exit_code == 0, result.output
    assert f"left out: broken record: 1\n    {path.name}, " in result.stderr
    assert "1 organization" in result.stdout if "ror" in kind else "1 paper" in result.stdout


def test_a_file_with_a_field_whose_name_is_not_utf8_is_refused_with_the_line_and_the_others_are_read(
    tmp_path: Path,
) -> None:
    (tmp_path / "cogs-2030.json").write_bytes(b'{"notes": [],\n"a\xff": 1}')
    result = imported("openreview", tmp_path / "cogs-2030.json", written(tmp_path, "openreview", of("openreview")))
    assert (result.exit_code, "cogs-2030.json, line 2: this is no JSON" in str(result.exception)) == (1, True)
    assert "1 paper" in result.stdout


@pytest.mark.parametrize("kind", RECORDS)
def test_brackets_that_stand_deep_in_each_other_do_not_end_the_import_with_a_traceback(
    tmp_path: Path, kind: str
) -> None:
    deep = of(kind)[:-1] + b', "deep": ' + b"[" * 5000 + b"]" * 5000 + b"}"
    (tmp_path / "other").mkdir()
    result = imported(
        kind.split(maxsplit=1)[0],
        written(tmp_path, kind, of(kind), deep),
        written(tmp_path / "other", kind, of(kind).replace(b"A Paper", b"Another Paper")),
    )
    assert (result.exit_code, "broken record: 1" in result.stderr) == (0, True)
    assert "2 organization" in result.stdout if "ror" in kind else "2 paper" in result.stdout


@pytest.mark.parametrize("key", importers())
def test_an_empty_file_is_reported_and_is_no_traceback(tmp_path: Path, key: str) -> None:
    sample = next(path for path in (SAMPLES / key).iterdir() if path.suffix != ".nq")
    (tmp_path / sample.name).write_bytes(b"")
    result = imported(key, tmp_path / sample.name)
    assert sample.name in str(result.exception) or "no records" in result.stdout


def test_an_author_with_too_many_commas_beside_a_field_given_twice_does_not_end_the_import(tmp_path: Path) -> None:
    entry = (
        "@inproceedings{{{key}, title = {{A Title}}, author = {{{author}}}, {more} booktitle = {{ICML}}, year = 2030}}"
    )
    broken = entry.format(key="conf/icml/one", author="A, B, C, D, E", more="title = {Again},")
    whole = entry.format(key="conf/icml/two", author="Gear, Ada", more="")
    (tmp_path / "v998.bib").write_text(f"{broken}\n{whole}\n")
    result = imported("bibtex", tmp_path / "v998.bib")
    assert result.exit_code == 0
    assert "authors parted by commas or semicolons: 1\n    v998.bib, line 1: " in result.stderr
    assert "2 paper" in result.stdout


def test_institutions_that_are_no_list_are_left_aside(tmp_path: Path) -> None:
    authors = [{"fullname": "Ada Gear", "institutions": 7}, {"fullname": "Zoe Cog", "institutions": 1.5}]
    note = {**NOTE, "content": {**NOTE["content"], "authors": authors}}  # type: ignore[dict-item]
    result = imported("openreview", written(tmp_path, "openreview", json.dumps(note).encode()))
    assert (result.exit_code, "1 paper" in result.stdout) == (0, True)


def test_an_encoding_that_nobody_knows_is_reported(tmp_path: Path) -> None:
    (tmp_path / "cogs2031.xml").write_text('<?xml version="1.0" encoding="US-999"?><dblp></dblp>')
    result = imported("dblp", tmp_path / "cogs2031.xml")
    assert "cogs2031.xml, line 1: this is no XML: unknown encoding: US-999" in str(result.exception)


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_change_of_a_file_has_its_importer_meet_what_it_does_not_foresee(path: Path, tmp_path: Path) -> None:
    stirred = random.Random(path.name)  # noqa: S311 - the same in every run
    content, reported = path.read_bytes(), set[str]()
    for number in range(60):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / path.name).write_bytes(changed(content, stirred))
        reader = Reader(Folder(folder), ImportIndex(), importers()[path.parent.name], Iris(Names(BASE)), Options())
        try:
            outcome = reader.read(SourceFile(folder / path.name))
            reported |= {each.kind for each in outcome.notices}
        except ImportFileError as error:
            reported.add(str(error))
    assert reported
    assert [words for words in reported if "does not understand it" in words] == []


def changed(content: bytes, stirred: random.Random) -> bytes:
    """Return a text with a few pieces cut out, doubled, or put in."""
    for _ in range(stirred.randint(1, 4)):
        at = stirred.randrange(len(content) + 1)
        end = at + stirred.randint(0, 40)
        piece = stirred.choice([b"", content[at:end] * 2, *PIECES])
        content = content[:at] + piece + content[stirred.choice([at, end]) :]
    return content if stirred.random() > 0.1 else content[: stirred.randrange(len(content))]
