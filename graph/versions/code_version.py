"""Fingerprint of code, queries and shapes, used to detect data derived by another version of them."""

from functools import cache
from hashlib import sha256
from pathlib import Path

from graph.files import ONTOLOGY, ROOT, SHAPES, save

CODE = ROOT / "graph"
FILE = "program.txt"
SUFFIXES = frozenset((".py", ".rq", ".sql", ".tsv", ".yaml", ".ttl"))


@cache
def checksum(*places: Path) -> str:
    """Return the checksum of files, and of the code, queries and data in folders."""
    found = sha256()
    for place in places:
        for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if path.suffix in SUFFIXES:
                found.update(path.read_bytes())
    return found.hexdigest()[:16]


def sign(folder: Path) -> None:
    """Say in the folder of a version that this program made all that is derived in it: its findings, its index.

    Raises:
        StoreError: the file cannot be written.
    """
    save(folder / FILE, _whole())


def is_signed(folder: Path) -> bool:
    """Return whether this very program made all that is derived in a version, and nothing was written since."""
    try:
        return (folder / FILE).read_text(encoding="utf-8") == _whole()
    except (OSError, ValueError):
        return False


def _whole() -> str:
    return checksum(CODE, SHAPES, ONTOLOGY)
