"""The files around the code agree with it: citation, workflow, hooks and templates."""

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from graph.files import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
TEMPLATES = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))
FORMS = [path for path in TEMPLATES if path.stem != "config"]
FIELDS = {"markdown", "textarea", "input", "dropdown", "checkboxes"}


def read(*path: str) -> Any:
    return yaml.safe_load(ROOT.joinpath(*path).read_text(encoding="utf-8"))


def test_the_citation_names_no_other_version_than_the_package() -> None:
    facts = read("CITATION.cff")
    assert (facts["version"], facts["license"]) == (PROJECT["version"], PROJECT["license"])
    assert facts["title"].lower().endswith(PROJECT["description"][2:].lower())
    assert [each["name"] for each in facts["authors"]] == [each["name"] for each in PROJECT["authors"]]
    assert {"cff-version", "message", "title", "authors"} <= facts.keys()


def test_the_citation_is_not_of_another_day_than_the_version() -> None:
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    [day] = re.findall(rf"^## \[{re.escape(PROJECT['version'])}\] - (\S+)$", changes, re.MULTILINE)
    assert read("CITATION.cff")["date-released"] == date.fromisoformat(day)


def test_the_workflow_runs_nothing_less_than_the_local_check() -> None:
    workflow = read(".github", "workflows", "ci.yml")
    [job] = workflow["jobs"].values()
    assert job["steps"][-1]["run"] == ".ci/run"
    assert workflow["permissions"] == {"contents": "read"}
    oldest = PROJECT["requires-python"].removeprefix(">=")
    assert oldest in job["strategy"]["matrix"]["python"]
    named = {f"Programming Language :: Python :: {each}" for each in job["strategy"]["matrix"]["python"]}
    assert named <= set(PROJECT["classifiers"])


def test_the_hooks_need_no_network_and_leave_out_no_check() -> None:
    [repository] = read(".pre-commit-config.yaml")["repos"]
    assert repository["repo"] == "local"
    assert all(each["language"] == "system" for each in repository["hooks"])
    run = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    for each in repository["hooks"]:
        tool, *words = each["entry"].removeprefix(".venv/bin/").split()
        assert f".venv/bin/{' '.join([tool, *words[:1]]).strip()}" in run


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_an_issue_template_is_a_form_that_can_be_filled_in(path: Path) -> None:
    form = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert {"name", "description", "body"} <= form.keys()
    assert {each["type"] for each in form["body"]} <= FIELDS
    asked = [each["id"] for each in form["body"] if each["type"] != "markdown"]
    assert len(asked) == len(set(asked)) > 1
    assert all(each["attributes"].get("label") for each in form["body"] if each["type"] != "markdown")


def test_the_workflow_installs_each_package_that_the_local_check_installs() -> None:
    packages = re.findall(r"^need \S+ (\S+)", (ROOT / ".ci" / "run").read_text(encoding="utf-8"), re.MULTILINE)
    text = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    assert len(packages) > 1
    assert [each for each in packages if not re.search(rf"\s{re.escape(each)}\s", text)] == []


def test_the_templates_are_those_that_readers_need() -> None:
    names = {yaml.safe_load(path.read_text(encoding="utf-8"))["name"] for path in FORMS}
    assert {"A number is wrong", "Add a conference"} <= names
