"""What strangers may have broken in a file is told with its place, and the rest is imported."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from graph.errors import ConvocationError
from server.__main__ import cli

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
