"""The wheel is an application: it holds all it needs, names itself well, and its dependencies stay small."""

import os
import subprocess
import sys
import tomllib
import zipfile
from email.message import Message
from email.parser import Parser
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from test_pins import required

from graph.files import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
MOST = 240  # MB of the libraries; with pip and setuptools in a fresh environment less than 300


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the unpacked wheel, in a folder outside of the repository."""
    folder = tmp_path_factory.mktemp("wheel")
    options = ["--no-build-isolation", "--no-deps", "--no-index", "--quiet", "--wheel-dir", str(folder)]
    subprocess.run([sys.executable, "-m", "pip", "wheel", *options, str(ROOT)], check=True, timeout=300)
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as archive:
        archive.extractall(folder / "installed")
    return folder / "installed"


def convocation(wheel: Path, home: Path, *words: str) -> str:
    """Run the command of the unpacked wheel in an empty folder and return what it prints."""
    code = "import sys, server; print(server.__file__, file=sys.stderr); from server.__main__ import main; main()"
    environment = {k: v for k, v in os.environ.items() if not k.startswith("CONVOCATION_")}
    environment |= {"PYTHONPATH": str(wheel), "CONVOCATION_HOME": str(home)}
    home.mkdir(exist_ok=True)
    command = [sys.executable, "-P", "-c", code, *words]
    done = subprocess.run(command, cwd=home, env=environment, capture_output=True, text=True, check=True, timeout=120)
    assert done.stderr.startswith(str(wheel))
    return done.stdout


def metadata(wheel: Path) -> Message:
    return Parser().parsestr(next(wheel.glob("*.dist-info/METADATA")).read_text(encoding="utf-8"))


@pytest.mark.slow
def test_the_wheel_does_not_need_the_repository_to_build_and_ask_a_graph(wheel: Path, tmp_path: Path) -> None:
    assert "CONVOCATION_PORT" in convocation(wheel, tmp_path, "serve", "--help")
    assert "Published version 1" in convocation(wheel, tmp_path, "build")
    query = tmp_path / "count.rq"
    query.write_text("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", encoding="utf-8")
    assert int(convocation(wheel, tmp_path, "query", str(query)).split()[1]) > 1000


@pytest.mark.slow
def test_the_wheel_is_not_without_its_types_scripts_and_facts(wheel: Path) -> None:
    facts = metadata(wheel)
    assert (facts["Version"], facts["Summary"]) == (PROJECT["version"], PROJECT["description"])
    assert "Typing :: Typed" in facts.get_all("Classifier", [])
    assert all((wheel / name / "py.typed").exists() for name in ("graph", "server"))
    assert "convocation = server.__main__:main" in next(wheel.glob("*/entry_points.txt")).read_text(encoding="utf-8")


def test_the_changelog_does_not_begin_with_another_version() -> None:
    lines = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").splitlines()
    assert next(line for line in lines if line.startswith("## ")).startswith(f"## [{PROJECT['version']}] - ")


def test_the_libraries_that_are_installed_do_not_grow_large() -> None:
    seen: set[str] = set()
    names = {name for each in PROJECT["dependencies"] for name in required(Requirement(each), seen)}
    sizes = {name: size(name) for name in names}
    largest = sorted(sizes.items(), key=lambda each: -each[1])[:5]
    assert sum(sizes.values()) < MOST, f"{sum(sizes.values()):.0f} MB, of which the largest are {largest}"


def size(name: str) -> float:
    """Return how many MB the files of an installed library take."""
    found = distribution(name)
    paths = [Path(str(found.locate_file(each))) for each in found.files or ()]
    return sum(path.stat().st_size for path in paths if path.exists()) / 1e6
