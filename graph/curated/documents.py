"""The source documents themselves, which are given to a build and never kept in the repository."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from graph.errors import DocumentError
from graph.files import link
from graph.sources.privacy import PRIVATE

DOCUMENTS = "documents"
CHECKSUM = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Document:
    """The text of a document, by lines counted from 1."""

    path: Path
    text: str

    @property
    def lines(self) -> list[str]:
        """The lines of the document, without their ends."""
        return self.text.split("\n")

    @property
    def sha256(self) -> str:
        """The checksum of the document."""
        return sha256(self.text.encode()).hexdigest()

    @property
    def public(self) -> str:
        """The text without e-mail addresses and telephone numbers."""
        return PRIVATE.sub("[withheld]", self.text)

    def passage(self, lines: tuple[str, ...], start: str | None = None, end: str | None = None) -> str:
        """Return lines as one line of text, from `start` to `end`; raise DocumentError if they lack these words."""
        chosen = [line.strip() for span in lines for line in self._span(span) if line.strip()]
        text = re.sub(r"\s+", " ", " ".join(chosen))
        first = text.find(start) if start else 0
        last = text.find(end, max(first, 0)) + len(end) if end else len(text)
        if first < 0 or (end and last < len(end)):
            missing = start if first < 0 else end
            where = f"{self.path.name}: lines {', '.join(lines)}"
            raise DocumentError(f"{where} do not hold the words {missing!r}; check both.")
        return text[first:last]

    def _span(self, span: str) -> list[str]:
        first, _, last = span.partition("-")
        return self.lines[int(first) - 1 : int(last or first)]


def open_document(path: Path) -> Document:
    """Return the document in a file; raise DocumentError if the file cannot be read as UTF-8 text."""
    try:
        return Document(path, path.read_bytes().decode())
    except OSError as error:
        raise DocumentError(f"{path}: {error.strerror}; give the path of a text file.") from error
    except UnicodeDecodeError as error:
        hint = "give the document as the curated file knows it"
        raise DocumentError(f"{path}: this is not UTF-8 text; {hint}.") from error


def find_documents(path: Path) -> dict[str, Document]:
    """Return the `.txt` and `.md` files at a path by checksum; raise DocumentError if one is not UTF-8, or none."""
    files = sorted(each for each in path.iterdir() if each.suffix in {".txt", ".md"}) if path.is_dir() else [path]
    if not files:
        raise DocumentError(f"{path} holds no .txt or .md file; give the folder of the documents.")
    documents = [open_document(each) for each in files]
    return {document.sha256: document for document in documents}


def keep_texts(folder: Path, documents: Mapping[str, Document]) -> None:
    """Keep texts by the checksums of their documents; what is private is left out."""
    for checksum, document in documents.items():
        path = folder / DOCUMENTS / f"{checksum}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text(document.public, encoding="utf-8", newline="")


def take_texts_along(old: Path, new: Path) -> None:
    """Have the texts of one version in another that is made from it, by hard links."""
    link(old / DOCUMENTS, new / DOCUMENTS)


def kept_text(folder: Path, checksum: str) -> str | None:
    """Return the text of the document with a checksum, if it was given to the build of the version."""
    path = folder / DOCUMENTS / f"{checksum}.txt"
    return path.read_text(encoding="utf-8") if CHECKSUM.fullmatch(checksum) and path.is_file() else None
