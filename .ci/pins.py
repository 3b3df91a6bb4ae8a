"""Writes constraints.txt: the newest versions that pyproject.toml allows of all that is installed for work on it.

`make pins` calls it, with the oldest Python that is supported: what it resolves, newer ones have too.
"""

import json
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "constraints.txt"
BUILDING = ["editables"]  # which hatchling asks for by itself, to make an editable install
HEAD = """\
# The versions that `make` and .ci/run install, for every Python. Written by `make pins`, which takes the newest that
# pyproject.toml allows; do not edit it. `make test PINS=` tests with the newest ones without this file.
"""


def wanted() -> list[str]:
    """Return the requirements of this project with all of its extras, and those of its build."""
    facts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = ",".join(facts["project"]["optional-dependencies"])
    node = re.search(r'^NODE = "(.*)"$', (ROOT / "server/frontend/assets.py").read_text(encoding="utf-8"), re.MULTILINE)
    assert node is not None  # noqa: S101 - assets.py names the node that it may need
    return [f"{ROOT}[{extras}]", *facts["build-system"]["requires"], *BUILDING, node[1]]


def resolved() -> dict[str, str]:
    """Return the newest versions that can be installed together, by name."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        command = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--quiet"]
        command += ["--dry-run", "--ignore-installed", "--report", str(report), *wanted()]
        subprocess.run(command, check=True)  # noqa: S603 - pip, of the Python that runs this
        found = [each["metadata"] for each in json.loads(report.read_bytes())["install"]]
    return {re.sub(r"[-_.]+", "-", each["name"]).lower(): each["version"] for each in found}


if __name__ == "__main__":
    versions = resolved()
    del versions["convocation"]
    FILE.write_text(HEAD + "".join(f"{name}=={version}\n" for name, version in sorted(versions.items())))
    print(f"{FILE.name}: {len(versions)} versions")  # noqa: T201 - a command
