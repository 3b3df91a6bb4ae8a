"""What every reader of RDF does with the bytes and the errors of others: byte order marks, and contexts elsewhere."""

from codecs import BOM_UTF8
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from pyoxigraph import Quad, RdfFormat, parse


def unmarked(data: bytes) -> bytes:
    """Return a document without the byte order mark that some editors write before it (Unicode 16, 23.8)."""
    return data.removeprefix(BOM_UTF8)


def quads_of(path: Path, form: RdfFormat) -> Iterator[Quad]:
    """Yield the quads of a file; raise OSError if it cannot be read, SyntaxError or ValueError if it is malformed."""
    with closing(path.open("rb")) as file:
        if file.read(len(BOM_UTF8)) != BOM_UTF8:
            file.seek(0)
        yield from parse(file, format=form)


def reason(error: Exception) -> str:
    """Return why a document could not be parsed, in words that say what to do."""
    if "LoadDocumentCallback" in str(error):
        return "its @context is at another address, which is not fetched; write the context itself into the document"
    return str(error)
