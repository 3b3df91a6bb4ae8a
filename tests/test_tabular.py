"""A table that is opened in a spreadsheet runs nothing, and is else what it was."""

import ast
import csv
import io
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from graph.files import ROOT
from graph.serialization.tabular import row

LABEL = "<http://www.w3.org/2000/01/rdf-schema#label>"
HARMFUL = "=cmd|' /C calc'!A0"
EDITION = "http://127.0.0.1:5000/id/edition/neurips-2024"


def read(text: str, separator: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "\uff1d"])
@pytest.mark.parametrize("rest", ["cmd|' /C calc'!A0", "1+1", '"', ",x", "1;2", ""])
def test_a_text_that_would_be_run_has_an_apostrophe(sign: str, rest: str) -> None:
    assert read(row(["a", sign + rest])) == [["a", f"'{sign}{rest}"]]


@pytest.mark.parametrize(
    "text", ["-1", "+2.5", "-1e-7", "-.5", "2024-12-10", "a=b", "", "it's", 'say "x"', "a\r\nb", "é"]
)
def test_numbers_and_other_texts_stay_as_they_are(text: str) -> None:
    assert read(row(["a", text])) == [["a", text]]


def test_a_cell_is_one_where_a_semicolon_separates_too() -> None:
    line = row(["a;=1+1", "b\t=1"])
    assert not [each for part in read(line, ";") for each in part if each.startswith("=")]


def test_no_other_module_writes_csv_for_people() -> None:
    files = [path for folder in ("graph", "server") for path in (ROOT / folder).rglob("*.py")]
    writers = [
        str(path.relative_to(ROOT))
        for path in files
        if "node_modules" not in path.parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in ("writer", "DictWriter")
        if isinstance(node.value, ast.Name) and node.value.id == "csv"
    ]
    assert writers == ["graph/linksets/sssom.py"]  # whose files programs read back byte for byte


def test_downloads_run_nothing_and_results_of_sparql_stay_exact(editable: Callable[..., FlaskClient]) -> None:
    client = editable()
    update = f'DELETE {{ <{EDITION}> {LABEL} ?o }} INSERT {{ <{EDITION}> {LABEL} "{HARMFUL}" }}'
    assert client.post("/sparql", data={"update": f"{update} WHERE {{ <{EDITION}> {LABEL} ?o }}"}).status_code == 204
    view = client.get("/view/attendance-by-year.csv").text
    assert f"'{HARMFUL}" in {cell for line in read(view) for cell in line}
    assert HARMFUL not in {cell for line in read(view) for cell in line}
    query = f"SELECT ?x {{ <{EDITION}> {LABEL} ?x }}"
    assert client.get("/sparql.csv", query_string={"query": query}).text == f"x\r\n{HARMFUL}\r\n"
