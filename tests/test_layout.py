"""The layout of the house: what stands beside what, which way imports point, how large things are."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.files import ROOT

KINDS = sorted(path.stem for path in (ROOT / "ontology").glob("*.ttl") if path.stem not in {"ontology", "codes"})
PYTHON = sorted(path for name in ("graph", "server") for path in (ROOT / name).rglob("*.py"))
LINES, FUNCTION, ARGUMENTS = 300, 40, 5


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_has_terms_shapes_a_model_and_examples(kind: str) -> None:
    there = [f"ontology/{kind}.ttl", f"shapes/{kind}.ttl", f"graph/model/{kind}.py", f"tests/shapes/{kind}/valid.ttl"]
    missing = [path for path in there if not (ROOT / path).exists()]
    assert not missing, f"the kind {kind!r} lacks {', '.join(missing)}; run: make kind NAME={kind}"


def test_every_model_and_shape_belongs_to_a_kind() -> None:
    models = {path.stem for path in (ROOT / "graph" / "model").glob("*.py")} - {"__init__", "record"}
    shapes = {path.stem for path in (ROOT / "shapes").glob("*.ttl")} - {"ontology"}
    assert (models, shapes) == (set(KINDS), set(KINDS))


@pytest.mark.parametrize("path", PYTHON, ids=named)
def test_imports_point_down(path: Path) -> None:
    outer = {"flask", "werkzeug", "jinja2", "server", "uvicorn"}
    if path.is_relative_to(ROOT / "graph"):
        assert not {name.split(".")[0] for name in imports(path)} & outer


@pytest.mark.parametrize("path", PYTHON, ids=named)
def test_only_the_store_opens_an_engine_and_only_the_validation_knows_rdflib(path: Path) -> None:
    name, used = named(path), {each.split(".")[0] for each in imports(path)}
    assert "pyoxigraph.Store" not in imports(path) or name.startswith("graph/store/")
    assert "pyshacl" not in used
    assert "rdflib" not in used or name == "graph/validate/patterns.py"


@pytest.mark.parametrize("path", PYTHON, ids=named)
def test_queries_are_files_and_not_python(path: Path) -> None:
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    texts = [node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    assert not [text for text in texts if re.search(r"\b(SELECT|CONSTRUCT|DESCRIBE)\b.*\{", text)]


@pytest.mark.parametrize("path", PYTHON, ids=named)
def test_modules_and_functions_are_small(path: Path) -> None:
    assert path.read_text(encoding="utf-8").count("\n") <= LINES
    for function in functions(path):
        assert (function.end_lineno or 0) - function.lineno < FUNCTION, f"{function.name} is long"
        arguments = [each for each in function.args.args if each.arg not in {"self", "cls"}]
        assert len(arguments) <= ARGUMENTS, f"{function.name} takes many arguments"


def test_no_file_names_the_machine_or_a_registry() -> None:
    words = re.compile(r"/(work|farm)/|/tmp/bash_jobs|files\.pythonhosted|registry\.npmjs|deb\.debian\.org")
    left_out = {"assets", "node_modules", "__pycache__"}  # which git does not keep
    places = ("graph", "server", "ontology", "shapes", "docs", ".ci", ".github")
    files = [path for name in places for path in (ROOT / name).rglob("*") if not left_out & set(path.parts)]
    files += [path for path in ROOT.iterdir() if path.name != ".git"]
    texts = {path: path.read_text(encoding="utf-8", errors="ignore") for path in files if path.is_file()}
    assert [named(path) for path, text in texts.items() if words.search(text)] == []


def test_the_gateway_stays_small() -> None:
    lines = [line for path in (ROOT / "server" / "gateway").glob("*.py") for line in path.read_text().splitlines()]
    assert sum(bool(line.strip()) for line in lines) <= 500


def test_the_gateway_uses_no_private_name_of_its_server() -> None:
    names = {name for path in (ROOT / "server" / "gateway").glob("*.py") for name in imports(path)}
    assert not {name for name in names if name.startswith("uvicorn") and "._" in name}
