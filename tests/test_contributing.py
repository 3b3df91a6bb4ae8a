"""Each recipe of CONTRIBUTING.md works as it is written, and touches no file that it does not name.

A recipe is a section with steps: "Write `path`" or "In `path`, below (above) `line`", each with the text in a fence,
and commands in fences of `sh`. They are followed in a copy of the repository; for `make`, its command is run.
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import pytest

from graph.files import ROOT

TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
PARTS = ("graph", "server", "ontology", "shapes", "tests", "docs", ".ci", "pyproject.toml", "README.md", "LICENSE")
FILES = ("CHANGELOG.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "SECURITY.md", "Makefile", "constraints.txt")
LEFT_OUT = shutil.ignore_patterns("__pycache__", "node_modules", ".*_cache")
STEP = re.compile(
    r"^(?:Write `(?P<new>[^`]+)`|In `(?P<old>[^`]+)`, (?P<side>below|above) `(?P<line>[^`]+)`)"
    r"[^\n]*?:\n\n```\w+\n(?P<text>.*?)^```$|^```sh\n(?P<commands>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
SECONDS = 300
MODEST = 2  # queries at once, in the servers of these tests


def recipe(name: str) -> str:
    """Return the text of a recipe."""
    return TEXT.split(f"\n### {name}\n", 1)[1].split("\n### ", 1)[0]


@dataclass
class Scratch:
    """A copy of the repository, in which recipes are followed."""

    folder: Path

    def state(self) -> dict[str, str]:
        """Return the checksum of each file by its path."""
        paths = (path for path in self.folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
        return {str(path.relative_to(self.folder)): sha256(path.read_bytes()).hexdigest() for path in paths}

    def run(self, *words: str, code: int = 0) -> str:
        """Run Python on this copy and return what it prints."""
        environment = {key: value for key, value in os.environ.items() if not key.startswith("CONVOCATION_")}
        environment |= {"PYTHONPATH": str(self.folder), "PYTHONDONTWRITEBYTECODE": "1"}
        environment |= {"PYTEST_ADDOPTS": "-p no:cacheprovider"}
        environment |= {"CONVOCATION_HOME": str(self.home), "CONVOCATION_QUERIES": str(MODEST)}
        done = subprocess.run(
            [sys.executable, *words], cwd=self.folder, env=environment, capture_output=True, text=True,
            timeout=SECONDS, check=False,
        )  # fmt: skip
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    def convocation(self, *words: str, code: int = 0) -> str:
        """Run a command of this copy."""
        return self.run("-m", "server", *words, code=code)

    @property
    def home(self) -> Path:
        """The data folder, next to the copy."""
        return self.folder.parent / "home"

    def follow(self, name: str) -> set[str]:
        """Follow a recipe and return the paths it touched."""
        before = self.state()
        steps = list(STEP.finditer(recipe(name)))
        assert steps, f"CONTRIBUTING.md has no steps for {name!r}"
        for step in steps:
            if step["commands"]:
                for line in step["commands"].splitlines():
                    self.run(*made(line))
            else:
                self.write(step)
        after = self.state()
        touched = {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}
        assert touched <= named(name), f"the recipe does not name {sorted(touched - named(name))}"
        missing = {path for path in named(name) if not (self.folder / path).exists()}
        assert not missing, f"the recipe names {sorted(missing)}, which are not there"
        return touched

    def write(self, step: re.Match[str]) -> None:
        """Write a file or lines of a file."""
        path = self.folder / (step["new"] or step["old"])
        if not step["old"]:
            assert not path.exists(), f"{path.name} exists already"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(step["text"], encoding="utf-8")
            return
        text, line = path.read_text(encoding="utf-8"), f"{step['line']}\n"
        assert f"\n{text}".count(f"\n{line}") == 1, f"{path.name} does not have the line {line!r} once"
        lines = (line, step["text"]) if step["side"] == "below" else (step["text"], line)
        place = f"\n{text}".index(f"\n{line}")
        path.write_text(text[:place] + "".join(lines) + text[place + len(line) :], encoding="utf-8")

    @contextmanager
    def served(self) -> Iterator[str]:
        """Serve the current version, or else the bundled graph, and yield the address."""
        environment = os.environ | {"PYTHONPATH": str(self.folder), "CONVOCATION_HOME": str(self.home)}
        environment |= {"CONVOCATION_ACCESS_LOG": "no", "CONVOCATION_QUERIES": str(MODEST)}
        command = [sys.executable, "-m", "server", "serve", "--port", "0"]
        with subprocess.Popen(
            command, cwd=self.folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as server:
            try:
                assert server.stdout is not None
                found = re.search(r"http://\S+/", server.stdout.readline())
                assert found is not None
                yield found[0]
            finally:
                server.terminate()


def made(line: str) -> list[str]:
    """Return the words behind `python` of a command, which for `make` is the one in the Makefile."""
    words = shlex.split(line)
    if words[0] == "make":
        found = re.search(rf"^{words[1]}: .*\n\t\$\(VENV\)/bin/python (.*)$", MAKEFILE, re.MULTILINE)
        assert found is not None, f"the Makefile has no target {words[1]} that runs Python"
        given = dict(word.split("=", 1) for word in words[2:])
        return shlex.split(re.sub(r"\$\((\w+)\)", lambda each: given[each[1]], found[1]))
    assert words[0] == ".venv/bin/python", line
    return words[1:]


MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def named(name: str) -> set[str]:
    """Return the paths that a recipe says it touches: those of its steps, and those that its text calls written."""
    steps = {each["new"] or each["old"] for each in STEP.finditer(recipe(name)) if not each["commands"]}
    prose = re.sub(r"^```.*?^```$", "", recipe(name), flags=re.MULTILINE | re.DOTALL)
    return {*steps, *re.findall(r"`([\w.-]+/[\w./-]+\.\w+)`", prose)}


@pytest.fixture
def scratch(tmp_path: Path) -> Scratch:
    """Copy the repository."""
    folder = tmp_path / "copy"
    folder.mkdir()
    for name in PARTS + FILES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=LEFT_OUT)
        else:
            shutil.copy(ROOT / name, folder / name)
    return Scratch(folder)


def get(address: str) -> str:
    request = urllib.request.Request(address, headers={"Accept": "text/html, */*;q=0.5"})  # noqa: S310 - loopback
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
        return str(answer.read().decode())


def curated(scratch: Scratch, section: str) -> Path:
    """Return a curated file with a section."""
    path = scratch.folder.parent / "made-up.yaml"
    head = "source: {key: made-up, kind: fact-sheet, title: Made up, lines: 9, describes: [edition:cogs-2031], sha256: "
    rest = "series: [{line: 1, series: cogs, acronym: COGS}]\neditions: [{line: 1, edition: cogs-2031, year: 2031}]\n"
    path.write_text(f"{head}{'0' * 64}}}\n{rest}{section}", encoding="utf-8")
    return path


def test_every_recipe_is_followed_by_a_test() -> None:
    names = re.findall(r"^### (.*)$", TEXT, re.MULTILINE)
    tests = "\n".join(each for each in globals() if each.startswith("test_the_recipe_of_"))
    missing = [name for name in names if f"of_{name.lower().replace(' ', '_')}_" not in f"{tests}_"]
    assert not missing, f"write a test for {missing} here"


@pytest.mark.slow
def test_the_recipe_of_a_view_gives_no_page_that_fails(scratch: Scratch) -> None:
    assert scratch.follow("A view") == {"server/queries/views/editions-by-mode.rq"}
    with scratch.served() as address:
        assert "<h1>Editions by mode</h1>" in get(f"{address}view/editions-by-mode")
        assert "virtual" in get(f"{address}view/editions-by-mode.csv")
        assert "view/editions-by-mode" in get(f"{address}views")


@pytest.mark.slow
def test_the_recipe_of_a_shape_misses_no_violation(scratch: Scratch) -> None:
    mistake = "tests/shapes/topic/with-a-number-as-hidden-label.ttl"
    assert scratch.follow("A shape") == {"shapes/topic.ttl", mistake}
    assert "Topic-hiddenLabel" in scratch.convocation("check", mistake, code=1)


@pytest.mark.slow
def test_the_recipe_of_a_rule_misses_no_finding(scratch: Scratch) -> None:
    name = "edition-names-its-year"
    assert scratch.follow("A rule") == {f"shapes/rules/{name}.rq", f"tests/findings/{name}.trig"}
    assert (scratch.folder / f"tests/findings/{name}.trig").read_text(encoding="utf-8").startswith("#+ finds: 2031\n")
    with scratch.served() as address:
        assert "The name of an edition contains its year" in get(f"{address}checks/")


@pytest.mark.slow
def test_the_recipe_of_an_importer_imports_its_sample_and_nothing_private(scratch: Scratch) -> None:
    sample = "tests/importers/cogslist/2031.cogs.jsonl"
    golden = sample.replace(".jsonl", ".nq")
    assert scratch.follow("An importer") == {"graph/importers/cogslist.py", sample, golden}
    assert "On the Teeth of Gears" in (scratch.folder / golden).read_text(encoding="utf-8")
    scratch.convocation("build")
    done = scratch.convocation("import", "cogslist", sample)
    assert "2 paper" in done
    assert "broken record: 1" in done
    assert "cogslist   " in scratch.convocation("import", "--help")
    with scratch.served() as address:
        assert "Springs in Autumn" in get(f"{address}search?q=springs+in+autumn")


@pytest.mark.slow
def test_the_recipe_of_a_kind_of_thing_gives_it_a_page(scratch: Scratch) -> None:
    assert scratch.follow("A kind of thing") == named("A kind of thing")
    path = curated(scratch, "sponsorships: [{line: 2, sponsorship: Gold sponsors}]\n")
    scratch.convocation("build", str(path))
    with scratch.served() as address:
        assert "<h1>Gold sponsors</h1>" in get(f"{address}page/sponsorship/gold-sponsors")
        assert "sponsorship" in get(f"{address}ontology")


@pytest.mark.slow
def test_the_recipe_of_a_measure_is_not_refused_in_a_curated_file(scratch: Scratch) -> None:
    section = "numbers: [{line: 2, edition: cogs-2031, measure: travel-grants, printed: 40}]\n"
    assert "measure" in scratch.convocation("check", str(curated(scratch, section)), code=1)
    assert scratch.follow("A measure") == {"ontology/codes/measure.ttl"}
    assert "violations: 0; warnings: 0" in scratch.convocation("check", str(curated(scratch, section)))


@pytest.mark.slow
def test_the_recipe_of_a_setting_is_read_and_listed(scratch: Scratch) -> None:
    code = "from graph.settings import Settings; print(Settings.from_environment().motto)"
    assert scratch.follow("A setting") == {"graph/settings.py", "docs/operating.md"}
    assert "CONVOCATION_MOTTO=\n" in scratch.convocation("serve", "--help")
    assert scratch.run("-c", f"import os; os.environ['CONVOCATION_MOTTO'] = 'gears'; {code}") == "gears\n"


@pytest.mark.slow
def test_the_recipe_of_a_panel_is_on_the_page_of_its_kind(scratch: Scratch) -> None:
    assert scratch.follow("A panel") == {"server/queries/panels/topic-organizations.rq"}
    with scratch.served() as address:
        query = "SELECT%20%3Ft%20%7B%20%3Fo%20a%20cvn%3AOrganization%20%3B%20cvn%3Atopic%20%3Ft%20%7D"
        prefix = "PREFIX%20cvn%3A%20%3Chttps%3A%2F%2Fw3id.org%2Fconvocation%2Fontology%23%3E%20"
        rows = json.loads(get(f"{address}sparql.json?query={prefix}{query}"))["results"]["bindings"]
        path = rows[0]["t"]["value"].partition("/id/")[2]
        assert "Active organizations" in get(f"{address}page/{path}")


@pytest.mark.slow
def test_the_recipe_of_a_format_gives_no_empty_file(scratch: Scratch) -> None:
    assert scratch.follow("A format") == {"server/formats/titles.py"}
    with scratch.served() as address:
        assert len(get(f"{address}data/edition/neurips-2024.titles.txt").splitlines()) > 1
        assert ">Titles<" in get(f"{address}page/edition/neurips-2024")


@pytest.mark.slow
def test_the_recipe_of_a_command_is_found_without_a_registry(scratch: Scratch) -> None:
    assert scratch.follow("A command") == {"graph/commands/count.py"}
    scratch.convocation("build")
    assert re.fullmatch(r"[\d,]+ quads\n", scratch.convocation("count"))


@pytest.mark.slow
def test_the_recipe_of_a_question_is_offered_in_the_editor(scratch: Scratch) -> None:
    name = "ontology/questions/35-which-editions-are-in-canada"
    assert scratch.follow("A question") == {f"{name}.rq", f"{name}.csv"}
    with scratch.served() as address:
        assert "Which editions of NeurIPS are known to have been held in Canada?" in get(f"{address}sparql")
