"""The layout of the code: folders, the direction of imports, sizes."""

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from graph.files import ROOT

KINDS = sorted(path.stem for path in (ROOT / "ontology").glob("*.ttl") if path.stem not in {"ontology", "codes"})
PYTHON = sorted(path for name in ("graph", "server") for path in (ROOT / name).rglob("*.py"))
LINES, FUNCTION, ARGUMENTS = 300, 40, 5
FLAT, FOLDER, IMPORTED = 10, 24, 20
BARE = {  # packages that hold a docstring only
    ".".join(path.parent.relative_to(ROOT).parts)
    for path in PYTHON
    if path.stem == "__init__" and len(path.read_text(encoding="utf-8").splitlines()) == 1
}
MODULES = {".".join(path.with_suffix("").relative_to(ROOT).parts).removesuffix(".__init__"): path for path in PYTHON}


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


@cache
def imported(module: str) -> frozenset[str]:
    """The modules of this project that a module imports."""
    return frozenset(imports(MODULES[module]) & MODULES.keys() - {module, *BARE})


def folder(module: str) -> str:
    """The folder of a module below graph or server; a flat module is a folder of its own."""
    return ".".join(module.split(".")[:2])


@pytest.mark.parametrize("top", ["graph", "server"])
def test_a_package_has_few_flat_modules_and_a_folder_few_files(top: str) -> None:
    flat = [path.stem for path in (ROOT / top).glob("*.py") if path.stem != "__init__"]
    assert len(flat) <= FLAT, f"{top}/ has {len(flat)} flat modules; move one into the folder that it belongs to"
    sizes = Counter(path.parent for path in PYTHON if path.is_relative_to(ROOT / top))
    full = [f"{named(each)} ({size})" for each, size in sizes.items() if size - 1 > FOLDER]
    assert not full, f"more than {FOLDER} modules; split: {', '.join(full)}"


def test_folders_import_each_other_in_one_direction() -> None:
    arrows: dict[str, set[str]] = defaultdict(set)
    for module in MODULES:
        arrows[folder(module)] |= {folder(each) for each in imported(module)} - {folder(module), "graph", "server"}
    try:
        TopologicalSorter(arrows).prepare()
    except CycleError as error:
        circle = set(error.args[1])
        lines = [
            f"{module} imports {each}"
            for module in MODULES
            for each in sorted(imported(module))
            if folder(module) != folder(each) and {folder(module), folder(each)} <= circle
        ]
        pytest.fail("Folders import each other; move what both need to a lower one:\n" + "\n".join(sorted(lines)))


FORBIDDEN = {
    "": {"graph.commands", "server.commands"},
    "graph.importers": {"graph.importing", "graph.versions", "graph.validate", "graph.curated"},
    "graph.model": {"graph.curated", "graph.store", "graph.sources"},
    "graph.validate": {"graph.importing", "graph.updates", "graph.rules", "graph.build"},
    "graph.rules": {"graph.importing", "graph.updates", "graph.build"},
    "graph.store": {"graph.importing", "graph.updates", "graph.versions", "graph.settings"},
    "graph.versions": {"graph.importing", "graph.updates", "graph.validate", "graph.rules"},
    "server.engine": {f"server.{path.name}" for path in (ROOT / "server").iterdir()} - {"server.engine"},
    "server.sparql": {"server.gateway", "server.pages"},
    "server.display": {"server.pages", "server.sparql", "server.gateway", "server.views", "server.checks"},
}


@pytest.mark.parametrize("place", FORBIDDEN)
def test_a_folder_knows_nothing_of_what_is_built_on_it(place: str) -> None:
    wrong = [
        f"{module} imports {each}"
        for module in MODULES
        if f"{module}.".startswith(f"{place}." if place else "") and module not in ALLOWED
        for each in imported(module)
        if folder(each) in FORBIDDEN[place] and folder(each) != folder(module)
    ]
    assert not wrong, f"{place or 'everything'} is below these folders: {', '.join(wrong)}"


ALLOWED = {"server.__main__"}  # which puts the commands together


@pytest.mark.parametrize("module", MODULES)
def test_a_module_needs_few_others(module: str) -> None:
    if module not in {"graph.build", "server.pages.entities", "graph.importing.run"}:  # where everything comes together
        assert len(imported(module)) <= IMPORTED


@pytest.mark.parametrize("top", ["graph", "server"])
def test_no_two_public_classes_of_a_package_have_one_name(top: str) -> None:
    found = defaultdict(list)
    for path in PYTHON:
        kind = "model" if path.is_relative_to(ROOT / "graph" / "model") else "sources"
        for node in ast.parse(path.read_text(encoding="utf-8")).body if path.is_relative_to(ROOT / top) else ():
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found[node.name].append((kind, named(path)))
    # a record of a source and the thing made from it may have one name: Paper, Edition
    twice = {name: places for name, places in found.items() if len(places) != len({kind for kind, _ in places})}
    assert not twice, f"rename all but one of each: {twice}"


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
