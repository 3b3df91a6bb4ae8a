"""The files of sources, read with care: they come from strangers."""

import gzip
import lzma
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from hashlib import file_digest
from io import BufferedIOBase
from pathlib import Path
from typing import Any, cast

from lxml import etree

from graph.errors import ImportFileError
from graph.vocabulary.venues import Venue

WHOLE = 1 << 30  # bytes that a file may have when it is read whole
LINE = 64 << 20  # bytes that one line may have
BLOCK = 1 << 20
OPENERS = {".gz": gzip.open, ".xz": lzma.open}


@dataclass
class SourceFile:
    """A file of a source, decompressed if it ends in .gz or .xz; `line_count` is the number of lines read so far.

    `series` is that of the records that do not say theirs, if one is given.
    """

    path: Path
    line_count: int = 0
    series: Venue | None = None

    @property
    def name(self) -> str:
        """The name without the suffix of its compression: iclr2021.json."""
        return self.path.stem if self.path.suffix in OPENERS else self.path.name

    @property
    def stem(self) -> str:
        """The name without any end: iclr2021."""
        return Path(self.name).stem

    @cached_property
    def sha256(self) -> str:
        """The checksum of the file as it lies there; raise ImportFileError if it cannot be read."""
        with self._reading(plain=True) as stream:
            return file_digest(stream, "sha256").hexdigest()

    def whole(self) -> bytes:
        """Return the whole content; raise ImportFileError if it is unreadable, cut off, or larger than WHOLE."""
        parts, size = [], 0
        with self._reading() as stream:
            while block := stream.read(BLOCK):  # as much as WHOLE at once would be allocated whatever there is
                parts.append(block)
                size += len(block)
                if size > WHOLE:
                    raise ImportFileError(f"{self.path} holds more than {WHOLE >> 20} MB; split it.")
        content = b"".join(parts)
        self.line_count = content.count(b"\n") + (content[-1:] not in (b"", b"\n"))
        return content

    def lines(self) -> Iterator[tuple[int, bytes]]:
        """Yield lines that are not blank, numbered from 1; raise ImportFileError as `whole` does, or beyond LINE."""
        with self._reading() as stream:
            number = 0
            while line := stream.readline(LINE + 1):
                self.line_count = number = number + 1
                if len(line) > LINE:
                    raise ImportFileError(f"{self.path}, line {number}: it has more than {LINE >> 20} MB; break it up.")
                if line.strip():
                    yield number, line

    @contextmanager
    def _reading(self, *, plain: bool = False) -> Iterator[BufferedIOBase]:
        opener = open if plain else OPENERS.get(self.path.suffix, open)
        try:
            with cast("BufferedIOBase", opener(self.path, "rb")) as stream:  # type: ignore[operator]
                yield stream
        except EOFError as error:
            raise ImportFileError(f"{self.path} is cut off ({error}); fetch it again.") from error
        except (gzip.BadGzipFile, lzma.LZMAError, zlib.error) as error:
            hint = f"fetch it again, or give it a name without {self.path.suffix}"
            raise ImportFileError(f"{self.path} is not compressed as its name says ({error}); {hint}.") from error
        except OSError as error:
            raise ImportFileError(f"{self.path} cannot be read: {error.strerror}; give a file you may read.") from error


def tree(file: SourceFile, root: str) -> Any:
    """Return the root element of a file; raise ImportFileError if it is not well-formed, is hostile, or another one."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        found = etree.fromstring(file.whole(), parser)
    except etree.XMLSyntaxError as error:
        line, _ = error.position
        raise ImportFileError(f"{file.path}, line {line}: this is no XML: {error.msg}; fetch it again.") from error
    types = found.getroottree().docinfo.internalDTD
    if types is not None and any(types.iterentities()):
        raise ImportFileError(f"{file.path} declares entities, which may be a bomb; remove them.")
    if found.tag != root:
        raise ImportFileError(f"{file.path} has <{found.tag}> where <{root}> is expected; is it of another source?")
    return found


def text(element: Any) -> str:
    """Return the text in an element and those in it; of one that is not there, nothing."""
    return "" if element is None else "".join(element.itertext())
