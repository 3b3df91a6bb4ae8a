"""All that is installed has a pinned version, so that a fresh clone works the day after a library breaks something."""

import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import distribution
from itertools import chain

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from graph.files import ROOT

FACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LINES = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
PINS = dict(line.split("==") for line in LINES if not line.startswith("#"))
EXTRAS = FACTS["project"]["optional-dependencies"]
DECLARED = [*FACTS["build-system"]["requires"], *FACTS["project"]["dependencies"], *chain(*EXTRAS.values())]


def required(requirement: Requirement, seen: set[str]) -> Iterator[str]:
    """Yield the names of what a requirement brings into this environment."""
    if requirement.name in seen or (requirement.marker and not requirement.marker.evaluate({"extra": ""})):
        return
    seen.add(requirement.name)
    yield canonicalize_name(requirement.name)
    for each in map(Requirement, distribution(requirement.name).requires or ()):
        yield from required(each, seen)


def test_a_pin_is_a_name_and_a_version_and_never_an_address() -> None:
    pins = [line for line in LINES if not line.startswith("#")]
    assert [line for line in pins if not re.fullmatch(r"[a-z0-9-]+==[a-z0-9.]+", line)] == []
    assert pins == sorted(pins, key=lambda line: line.split("==")[0])


@pytest.mark.parametrize("declared", sorted(set(DECLARED)))
def test_a_declared_requirement_is_not_without_a_pin_that_it_allows(declared: str) -> None:
    requirement = Requirement(declared)
    assert PINS[canonicalize_name(requirement.name)] in requirement.specifier, "run: make pins"


def test_nothing_that_is_installed_is_without_a_pin() -> None:
    seen: set[str] = set()
    names = {name for each in DECLARED if each in EXTRAS["dev"] or each in FACTS["project"]["dependencies"]
             for name in required(Requirement(each), seen)}  # fmt: skip
    assert names - PINS.keys() == set(), "run: make pins"


def test_nothing_is_installed_without_the_pins() -> None:
    commands = [*(ROOT / "Makefile").read_text(encoding="utf-8").splitlines()]
    commands += (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert [line for line in commands if "pip install" in line and "PIP_CONSTRAINT=$(PINS)" not in line] == []
