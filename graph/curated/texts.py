"""The texts that were given to a build, kept in the folder of its version for the pages of their sources alone."""

import re
from collections.abc import Mapping
from pathlib import Path

from graph.curated.documents import Document
from graph.files import link

DOCUMENTS = "documents"
CHECKSUM = re.compile(r"[0-9a-f]{64}")


def keep(folder: Path, documents: Mapping[str, Document]) -> None:
    """Keep texts by the checksums of their documents; what is private is left out."""
    for checksum, document in documents.items():
        path = folder / DOCUMENTS / f"{checksum}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text(document.public, encoding="utf-8", newline="")


def take_along(old: Path, new: Path) -> None:
    """Have the texts of one version in another that is made from it, by hard links."""
    link(old / DOCUMENTS, new / DOCUMENTS)


def text(folder: Path, checksum: str) -> str | None:
    """Return the text of the document with a checksum, if it was given to the build of the version."""
    path = folder / DOCUMENTS / f"{checksum}.txt"
    return path.read_text(encoding="utf-8") if CHECKSUM.fullmatch(checksum) and path.is_file() else None
