"""Makes a home as an earlier commit of this repository builds it: `python tests/homes/make.py <commit> <file>.tar.xz`.

The archive has the files of its one version, those derived from the store as they were then, and the store as sorted
N-Quads, from which a test makes a store again. Two documents are enough to have every kind of page.
"""

import io
import subprocess
import sys
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory

from pyoxigraph import Store

ROOT = Path(__file__).parent.parent.parent
BUILD = """
import sys
sys.path.insert(0, sys.argv[1])
from server.__main__ import main
sys.argv = ["convocation", "build", "--home", sys.argv[2], "--base", "http://127.0.0.1:5000/"]
main()
"""


def make(commit: str, archive: Path) -> None:
    """Write the home that a commit builds into an archive."""
    with TemporaryDirectory() as folder:
        tree, home = Path(folder) / "tree", Path(folder) / "home"
        git = ["git", "-C", str(ROOT), "worktree"]
        subprocess.run([*git, "add", "--quiet", "--detach", str(tree), commit], check=True)
        try:
            for each in (tree / "graph" / "data" / "curated").glob("*.yaml"):
                if not each.name.startswith("neurips-2024-"):
                    each.unlink()
            subprocess.run([sys.executable, "-P", "-c", BUILD, str(tree), str(home)], check=True)
        finally:
            subprocess.run([*git, "remove", "--force", str(tree)], check=True)
        pack(home / "versions" / "1", archive)


def pack(version: Path, archive: Path) -> None:
    """Write the files of a version into an archive, and its store as lines; the same files give the same bytes."""
    lines = sorted(f"{quad} .\n" for quad in Store.read_only(str(version / "store")))
    files = {path.name: path.read_bytes() for path in sorted(version.iterdir()) if path.is_file()}
    with tarfile.open(archive, "w:xz", preset=9) as made:
        for name, content in {**files, "graph.nq": "".join(lines).encode()}.items():
            facts = tarfile.TarInfo(name)
            facts.size = len(content)
            made.addfile(facts, io.BytesIO(content))


if __name__ == "__main__":
    make(sys.argv[1], Path(sys.argv[2]))
